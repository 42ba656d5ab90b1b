import Linux
import Server

/// Runs a server from its start to its end: what it makes on the way is what this is done for.
///
/// Runs as PID 1 of a container of its own.
struct Rehearsal: ~Copyable {
  private let plan: InitPlan
  private let preparation: Preparation

  /// How long a JVM may take to write the archive of its classes when it ends, besides the time that the recipe gives it.
  private static let patience = Duration.seconds(60)

  init(_ plan: InitPlan, control: consuming Control, events: EventChannel) {
    self.plan = plan
    preparation = Preparation(plan: plan, control: control, events: events)
  }

  /// Does it all; when it returns, no process of the server is left.
  func run() throws(InitFailure) {
    let pipes = try ServerPipes.open()
    let pump = try LogPump.start(pipes)
    do throws(InitFailure) {
      try rehearse(pipes)
      pump.finish()
    } catch {
      pump.finish()
      throw error
    }
  }

  private func rehearse(_ pipes: borrowing ServerPipes) throws(InitFailure) {
    let server = try ColdStart(plan: plan).start(pipes)
    preparation.events.tell(.started(pid: server.pid))
    do throws(InitFailure) {
      if plan.endsByItself {
        try waitForSuccess(server)
      } else {
        try preparation.waitUntilReady(server)
        var done = Preparation.Warmed()
        try preparation.warmUp(plan.recipe.warmUp, server, &done)
        try stop(server)
      }
    } catch {
      // The tree is killed whatever happened; that it is gone already is as good.
      _ = try? server.killTree()
      throw error
    }
  }

  private func waitForSuccess(_ program: borrowing Child) throws(InitFailure) {
    let status = try end(of: program, within: plan.recipe.ready.within.duration)
    guard status.isSuccess else {
      throw InitFailure(.serverDied, "it ended with \(status)", fix: "its log is above")
    }
  }

  private func stop(_ server: borrowing Child) throws(InitFailure) {
    let stop = plan.recipe.stop
    try system("ending the server") { () throws(Errno) in try server.signal(stop.signal) }
    _ = try end(of: server, within: stop.within.duration + Self.patience)
  }

  private func end(
    of server: borrowing Child, within: Duration
  ) throws(InitFailure) -> ExitStatus {
    let ended = try system("waiting for the end") { () throws(Errno) in
      let epoll = try Epoll()
      try epoll.add(server.pidfd, .readable, token: 0)
      try epoll.add(preparation.control.cancel, .readable, token: 1)
      return try epoll.wait(deadline: .after(within)).map(\.token).min()
    }
    if ended == 1 { throw preparation.cancelled("while it ended") }
    let status = try system("waiting for the end") { () throws(Errno) in
      // Its pidfd told that it has ended, or the deadline has passed.
      try server.wait(deadline: .after(.zero))
    }
    guard let status else {
      throw InitFailure(.serverDied, "it did not end within \(TimeSpan(within))", fix: "")
    }
    return status
  }
}
