import Checkpoint
import Linux
import Server

/// PID 1 while a server runs: passes its log through, forwards signals, reaps, and ends with the server's status.
struct Supervisor: ~Copyable {
  private let plan: InitPlan
  private let server: Child
  private let pipes: ServerPipes
  private let events: EventChannel
  private let signals: SignalDescriptor
  private let epoll: Epoll
  private let leash: Int32?
  private var kill = Deadline.never
  /// Freezes the server when this process is told to end; nil: it is stopped.
  var hibernation: StopHibernation?

  private enum Token: UInt64 {
    case signal
    case leash
    case output
    case errors
    case server
    case prober
  }

  init(
    _ plan: InitPlan, server: consuming Child, pipes: consuming ServerPipes, leash: Int32?,
    events: EventChannel
  ) throws(Errno) {
    let signals = try SignalDescriptor(.forwardable)
    let epoll = try Epoll()
    try epoll.add(signals.rawValue, .readable, token: Token.signal.rawValue)
    try epoll.add(pipes.output.reader.rawValue, .readable, token: Token.output.rawValue)
    try epoll.add(pipes.errors.reader.rawValue, .readable, token: Token.errors.rawValue)
    try epoll.add(server.pidfd, .readable, token: Token.server.rawValue)
    if let leash {
      try epoll.add(leash, [.readable, .hangUp], token: Token.leash.rawValue)
    }
    self.plan = plan
    self.events = events
    self.leash = leash
    self.signals = signals
    self.epoll = epoll
    self.server = server
    self.pipes = pipes
  }

  /// Runs until the server has ended; the result is the status that PID 1 ends with.
  mutating func run() throws(Errno) -> Int32 {
    let prober = try FirstAnswer(plan, server: server.pid, pidfd: server.pidfd, events: events)
    try epoll.add(prober.ended, .readable, token: Token.prober.rawValue)
    var isProbing = true
    while true {
      for event in try epoll.wait(deadline: kill) {
        switch Token(rawValue: event.token) {
        case .signal:
          if let status = try forward(reaping: !isProbing) {
            prober.finish()
            pipes.copy()
            return status
          }
        case .prober:
          try epoll.remove(prober.ended)
          isProbing = false
          reapOrphans()
        case .leash: try letGo()
        case .server:
          if let status = try server.poll() {
            prober.finish()
            pipes.copy()
            return status.shellCode
          }
        case .output, .errors, nil: pipes.copy()
        }
      }
      if kill.hasPassed {
        kill = .never
        try signal(.kill)
      }
    }
  }

  /// Hands signals on; `reaping` is false while a probe's command is a child that its thread waits for.
  ///
  /// The result is the status to end with, if the server was frozen instead.
  private mutating func forward(reaping: Bool) throws(Errno) -> Int32? {
    while let arrival = try signals.next(deadline: .after(.zero)) {
      switch arrival.signal {
      case .child: if reaping { reapOrphans() }
      // What ends a container is SIGTERM; what ends this server, the recipe says.
      case .terminate:
        // Tried once: who asks again is in a hurry.
        if let hibernation = hibernation.take(), let status = try hibernate(hibernation) {
          return status
        }
        try signal(plan.recipe.stop.signal)
      case .power where plan.stop != nil:
        if let hibernation {
          if let status = try hibernate(hibernation) { return status }
        } else {
          events.tell(.notHibernated(reason: plan.stop?.obstacle ?? "it is being stopped"))
        }
      default: try signal(arrival.signal)
      }
    }
    return nil
  }

  /// Freezes the server; nil: it goes on.
  private mutating func hibernate(_ hibernation: StopHibernation) throws(Errno) -> Int32? {
    do throws(InitFailure) {
      let done = try hibernation.run(server, pipes: pipes)
      events.tell(.hibernated(milliseconds: done.milliseconds))
      Init.log(done.line)
    } catch {
      events.tell(.notHibernated(reason: "\(error)"))
      Init.log("not hibernated: \(error)")
      return nil
    }
    _ = try server.wait(deadline: .after(.seconds(2)))
    return 0
  }

  private func signal(_ signal: Signal) throws(Errno) {
    do throws(Errno) {
      try server.signal(signal)
    } catch .noSuchProcess {
      // It has just ended: its pidfd tells.
    } catch {
      throw error
    }
  }

  /// The monitor is gone: the server is stopped as its recipe says, and killed if it takes too long.
  private mutating func letGo() throws(Errno) {
    if let leash { try epoll.remove(leash) }
    hibernation = nil
    try signal(plan.recipe.stop.signal)
    kill = .after(plan.recipe.stop.within.duration)
  }

  /// Takes note of processes that lost their parent and ended, and of the server if it is among them.
  private func reapOrphans() {
    for (pid, status) in Processes.reap() where pid == server.pid { server.noteReaped(status) }
  }
}

/// A thread that waits for a server's first answer, and tells when it came.
struct FirstAnswer: ~Copyable {
  private let thread: NamedThread?
  private let end: EventDescriptor

  /// Readable when the thread has no more to do.
  var ended: Int32 { end.rawValue }

  init(_ plan: InitPlan, server: Int32, pidfd: Int32, events: EventChannel) throws(Errno) {
    let end = try EventDescriptor()
    guard plan.asksFirstAnswer, let probe = plan.recipe.firstAnswer else {
      // Nothing can be asked: a server that runs is all that there is to wait for.
      if plan.asksFirstAnswer {
        events.tell(.answered(milliseconds: Init.sinceStart().milliseconds))
      }
      try end.signal()
      self.end = end
      thread = nil
      return
    }
    let ready = plan.recipe.ready
    let commands = ColdStart.commands(plan, server: server)
    let raw = end.rawValue
    let thread: NamedThread? = try NamedThread("first answer") {
      let outcome = Readiness(probes: [probe]).wait(
        deadline: .after(ready.within.duration), watch: Watch(server: pidfd, cancel: nil),
        commands: commands)
      if case .ready = outcome {
        events.tell(.answered(milliseconds: Init.sinceStart().milliseconds))
      }
      // The counter is this value's, which outlives the thread.
      try? BorrowedDescriptor(raw).writeAll([1, 0, 0, 0, 0, 0, 0, 0])
    }
    self.end = end
    self.thread = thread
  }

  /// Waits until the thread has noticed that the server ended.
  consuming func finish() {
    thread?.join()
  }
}
