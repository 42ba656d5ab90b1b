package import Checkpoint
import Linux
import Server

/// `thaw init`: what PID 1 of a container does.
package enum Init {
  /// The statuses that PID 1 ends with when it is not the server's that it passes on.
  package enum Status {
    /// The server could not be frozen.
    package static let notFrozen: Int32 = 125
    /// Only a thaw was wanted, and it was refused for what was asked for, for rights, the machine, files, or the
    /// checkpoint itself.
    package static func notThawed(over subject: Verdict.Subject) -> Int32 {
      switch subject {
      case .request: 120
      case .rights: 121
      case .machine: 122
      case .files: 123
      case .checkpoint: 124
      }
    }
    /// Only a thaw was wanted, and it failed.
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
      case .rehearse:
        let rehearsal = Rehearsal(plan, control: control, events: channel)
        try rehearsal.run()
        return 0
      case .measure:
        let measured = MeasuredThaw(plan, control: control, events: channel)
        try measured.run()
        return 0
      case .explain:
        channel.tell(.explained(Explanation.of(plan, cancel: control.cancel)))
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
    var plan = plan
    let hibernation = FencedStart.begin(&plan)
    let pipes = try ServerPipes.open()
    let server = try thawOrStart(plan, pipes, cancel: control.cancel, events: events)
    for candidate in plan.candidates where candidate.isHibernated {
      // Thawed or not, it is of no more use: the volume is dirty. What stays of it, the next start removes.
      try? FileSystem.removeTree(candidate.path)
    }
    do throws(Errno) {
      var supervisor = try Supervisor(
        plan, server: server, pipes: pipes, leash: leash, events: events)
      supervisor.hibernation = hibernation
      return try supervisor.run()
    } catch {
      throw InitFailure(.system, "supervising the server: \(error)", fix: "")
    }
  }

  private static func thawOrStart(
    _ plan: InitPlan, _ pipes: borrowing ServerPipes, cancel: Int32, events: EventChannel
  ) throws(InitFailure) -> Child {
    let outcome = thaw(plan, pipes, cancel: cancel)
    try dropSysAdmin()
    let reasons: [String]
    switch outcome {
    case .thawed(let thawed):
      let child = try system("taking over the thawed server") { () throws(Errno) in
        try Child(adopting: thawed.pid)
      }
      let took = sinceStart().milliseconds
      let why = thawed.refusals.isEmpty ? nil : thawed.refusals.joined(separator: "; ")
      events.tell(
        .thawed(
          milliseconds: took, phases: thawed.phases.all, tier: thawed.tier, because: why))
      log(
        "\(thawed.tier.rawValue): thawed in \(Int64(took.rounded())) ms"
          + (thawed.variant.map { ", variant \($0)" } ?? "")
          + (thawed.isHibernated ? ", where it was hibernated" : "") + (why.map { "; \($0)" } ?? "")
      )
      return child
    case .cancelled:
      throw InitFailure(.cancelled, "stopped while the server was thawed", fix: "")
    case .refused(let all, let subject):
      guard plan.mayStartCold else {
        var failure = InitFailure(
          .notThawed, "not thawed: \(all.joined(separator: "; "))", fix: "")
        failure.obstacle = subject
        throw failure
      }
      reasons = all
    }
    let reason = reasons.joined(separator: "; ")
    events.tell(.cold(reason: reason))
    log("cold: \(reason)")
    let child = try ColdStart(plan: plan).start(pipes)
    events.tell(.started(pid: child.pid))
    return child
  }

  /// Gives up the right that only makes the pid namespace of an imported PID 1.
  private static func dropSysAdmin() throws(InitFailure) {
    var sets = CapabilitySets.current()
    guard sets.permitted.contains(.sysAdmin) else { return }
    sets.effective.remove(.sysAdmin)
    sets.permitted.remove(.sysAdmin)
    sets.inheritable.remove(.sysAdmin)
    // What is no longer permitted is no longer ambient either.
    try system("giving up CAP_SYS_ADMIN") { () throws(Errno) in try sets.apply() }
  }

  /// One line in the server's log.
  static func log(_ text: String) {
    // A log that nobody takes is no reason to end.
    try? BorrowedDescriptor.standardError.writeAll(Array("thaw: \(text)\n".utf8))
  }

  private static func status(of failure: InitFailure) -> Int32 {
    switch failure.code {
    case .notStarted: Status.notStarted
    case .cancelled: Status.cancelled
    case .notThawed: failure.obstacle.map { Status.notThawed(over: $0) } ?? Status.notThawed
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
