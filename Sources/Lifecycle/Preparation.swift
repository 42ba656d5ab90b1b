import Linux
import Server

/// Brings a server that was started to where it can be frozen, or ended again: ready, and warmed up.
struct Preparation: ~Copyable {
  let plan: InitPlan
  let control: Control
  let events: EventChannel

  /// What has been done to warm a server up.
  struct Warmed {
    let began = Clock.monotonic()
    var steps: [String] = []
  }

  func waitUntilReady(_ server: borrowing Child) throws(InitFailure) {
    let outcome = Readiness(plan.recipe.ready).wait(
      deadline: .after(plan.recipe.ready.within.duration),
      watch: Watch(server: server.pidfd, cancel: control.cancel),
      commands: ColdStart.commands(plan, server: server.pid)
    ) { probe, reason in
      events.tell(.waiting(probe: "\(probe)", reason: reason))
    }
    let log = "its log is above"
    switch outcome {
    case .ready(let after):
      events.tell(.ready(milliseconds: after.milliseconds))
    case .died:
      throw InitFailure(
        .serverDied, "the server ended before it was ready: \(Self.ending(of: server))",
        fix: "\(log); start it by hand with the same command to see why")
    case .cancelled:
      throw cancelled("while the server started")
    case .timedOut(let pending):
      let waiting = pending.map { "\($0)" }.joined(separator: "; ")
      throw InitFailure(
        .neverReady,
        "the server was not ready within \(plan.recipe.ready.within): waiting for \(waiting)",
        fix: "\(log); mend the probe under `ready`, or give it more time with `within`")
    case .refused(let pending):
      throw InitFailure(
        .neverReady, "a probe can never succeed: \(pending)", fix: "mend the probe under `ready`")
    }
  }

  func warmUp(
    _ warmUp: WarmUp, _ server: borrowing Child, _ done: inout Warmed
  ) throws(InitFailure) {
    let result = warmUp.run(
      watch: Watch(server: server.pidfd, cancel: control.cancel),
      commands: ColdStart.commands(plan, server: server.pid)
    ) { now in
      events.tell(
        .warming(
          step: now.step, steps: now.steps, title: now.title, repetition: now.repetition,
          repetitions: now.repetitions))
    }
    done.steps += result.record.steps.map(\.summary)
    switch result.ending {
    case .finished: return
    case .failed(let why):
      throw InitFailure(
        .warmUpFailed, "the warm-up failed: \(why)", fix: "mend the recipe's step")
    case .died:
      throw InitFailure(
        .serverDied, "the server ended in the warm-up: \(Self.ending(of: server))",
        fix: "its log is above; look at the step that was under way")
    case .cancelled: throw cancelled("in the warm-up")
    }
  }

  static func ending(of server: borrowing Child) -> String {
    guard let status = try? server.wait(deadline: .after(.seconds(1))) else {
      return "it is not known how"
    }
    return "\(status)"
  }

  func cancelled(_ when: String) -> InitFailure {
    // Somebody's signal is the usual reason; if none can be read, it was one all the same.
    let why = (try? control.ended()) ?? nil
    return InitFailure(.cancelled, "\(why ?? "stopped") \(when)", fix: "")
  }
}
