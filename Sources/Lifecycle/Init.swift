import Checkpoint
import Linux

/// `thaw init`: what PID 1 of a container does.
package enum Init {
  /// The statuses that PID 1 ends with when it is not the server's that it passes on.
  package enum Status {
    /// The server could not be frozen.
    package static let notFrozen: Int32 = 125
    /// Only a thaw was wanted, and it was refused or failed.
    package static let notThawed: Int32 = 125
    /// The server's program could not be started.
    package static let notStarted: Int32 = 126
    /// Stopped by a signal before there was a server.
    package static let cancelled: Int32 = 143
  }

  private static let began = Clock.monotonic()

  /// How long this process has run, all but its first milliseconds.
  static func sinceStart() -> Duration { Clock.monotonic() - began }

  /// Does what the plan says and returns the status to end with.
  ///
  /// All signals must be blocked. `events` and `leash` are descriptors that the engine gave, if it gave any.
  package static func run(_ plan: InitPlan, events: Int32?, leash: Int32?) -> Int32 {
    _ = began
    let channel = EventChannel(events)
    do throws(InitFailure) {
      let control = try system("listening to signals") { () throws(Errno) in
        try Control(leash: leash)
      }
      channel.tell(.begun)
      switch plan.task {
      case .freeze:
        let freeze = try Freeze(plan, control: control, events: channel)
        try freeze.run()
        return 0
      case .trial:
        let trial = try TrialRun(plan, control: control, events: channel)
        try trial.run()
        return 0
      case .start:
        return try start(plan, control: control, leash: leash, events: channel)
      }
    } catch {
      channel.tell(.failed(error))
      log("\(error)")
      return status(of: error)
    }
  }

  private static func start(
    _ plan: InitPlan, control: consuming Control, leash: Int32?, events: EventChannel
  ) throws(InitFailure) -> Int32 {
    let pipes = try ServerPipes.open()
    let server = try thawOrStart(plan, pipes, cancel: control.cancel, events: events)
    do throws(Errno) {
      var supervisor = try Supervisor(
        plan, server: server, pipes: pipes, leash: leash, events: events)
      return try supervisor.run()
    } catch {
      throw InitFailure(.system, "supervising the server: \(error)", fix: "")
    }
  }

  private static func thawOrStart(
    _ plan: InitPlan, _ pipes: borrowing ServerPipes, cancel: Int32, events: EventChannel
  ) throws(InitFailure) -> Child {
    let reason: String
    switch thaw(plan, pipes, cancel: cancel) {
    case .thawed(let pid, let phases):
      let child = try system("taking over the thawed server") { () throws(Errno) in
        try Child(adopting: pid)
      }
      let took = sinceStart().milliseconds
      events.tell(.thawed(milliseconds: took, phases: phases.all))
      log("hot: thawed in \(Int64(took.rounded())) ms")
      return child
    case .cancelled:
      throw InitFailure(.cancelled, "stopped while the server was thawed", fix: "")
    case .refused(let why, let lines):
      for line in lines { log("CRIU: \(line)") }
      guard plan.mayStartCold else {
        throw InitFailure(.notThawed, "not thawed: \(why)", fix: "")
      }
      reason = why
    }
    events.tell(.cold(reason: reason))
    log("cold: \(reason)")
    let child = try ColdStart(plan: plan).start(pipes)
    events.tell(.started(pid: child.pid))
    return child
  }

  private static func thaw(
    _ plan: InitPlan, _ pipes: borrowing ServerPipes, cancel: Int32
  ) -> Thaw.Outcome {
    if let reason = plan.coldBecause { return .refused(reason) }
    guard let path = plan.checkpoint else { return .refused("there is no checkpoint") }
    do throws(CheckpointError) {
      var phases = ThawPhases()
      let checkpoint = try Checkpoint.open(path)
      phases.end("checkpoint opened")
      return Thaw(plan: plan, checkpoint: checkpoint).run(pipes, cancel: cancel, phases)
    } catch {
      return .refused("\(error)")
    }
  }

  /// One line in the server's log.
  private static func log(_ text: String) {
    // A log that nobody takes is no reason to end.
    try? BorrowedDescriptor.standardError.writeAll(Array("thaw: \(text)\n".utf8))
  }

  private static func status(of failure: InitFailure) -> Int32 {
    switch failure.code {
    case .notStarted: Status.notStarted
    case .cancelled: Status.cancelled
    case .notThawed: Status.notThawed
    default: Status.notFrozen
    }
  }
}

extension ServerPipes {
  static func open() throws(InitFailure) -> ServerPipes {
    try system("making pipes for the server's output") { () throws(Errno) in try ServerPipes() }
  }
}

extension LogPump {
  static func start(_ pipes: borrowing ServerPipes) throws(InitFailure) -> LogPump {
    do throws(Errno) {
      return try LogPump(pipes)
    } catch {
      throw InitFailure(.system, "starting a thread for the server's log: \(error)", fix: "")
    }
  }
}
