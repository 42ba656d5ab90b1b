import Checkpoint
import Linux
import Server

/// Thaws a checkpoint as a run does, and asks it: what checkpoints of one server are compared by.
///
/// Runs as PID 1 of a container like those of later runs. The server is killed at the end.
struct MeasuredThaw: ~Copyable {
  /// How often a server that has no other questions is asked its first one again.
  private static let repetitions = 50

  private let plan: InitPlan
  private let control: Control
  private let events: EventChannel

  init(_ plan: InitPlan, control: consuming Control, events: EventChannel) {
    self.plan = plan
    self.control = control
    self.events = events
  }

  func run() throws(InitFailure) {
    let pipes = try ServerPipes.open()
    let server: Child
    switch Init.thaw(plan, pipes, cancel: control.cancel) {
    case .thawed(let thawed):
      server = try system("taking over the thawed server") { () throws(Errno) in
        try Child(adopting: thawed.pid)
      }
    case .cancelled: throw InitFailure(.cancelled, "stopped in the thaw", fix: "")
    case .refused(let reasons, _):
      throw InitFailure(.notThawed, "not thawed: \(reasons.joined(separator: "; "))", fix: "")
    }
    let pump = try LogPump.start(pipes)
    do throws(InitFailure) {
      events.tell(.measured(try ask(server)))
    } catch {
      // It is killed whatever happened; that it is gone already is as good.
      _ = try? server.killTree()
      pump.finish()
      throw error
    }
    _ = try? server.killTree()
    pump.finish()
  }

  private func ask(_ server: borrowing Child) throws(InitFailure) -> MeasuredAnswers {
    let guardian = Watch(server: server.pidfd, cancel: control.cancel)
    let commands = ColdStart.commands(plan, server: server.pid)
    try plan.waitForAnswer(guardian, commands)
    let first = Init.sinceStart().milliseconds
    if let questions = plan.questions, !questions.steps.isEmpty {
      switch questions.run(watch: guardian, commands: commands).ending {
      case .finished: break
      case .failed(let why): throw InitFailure(.warmUpFailed, why, fix: "")
      case .died: throw InitFailure(.serverDied, "the thawed server ended when asked", fix: "")
      case .cancelled: throw InitFailure(.cancelled, "stopped while the server was asked", fix: "")
      }
    } else {
      for _ in 0..<Self.repetitions { try plan.waitForAnswer(guardian, commands) }
    }
    return MeasuredAnswers(first: first, all: Init.sinceStart().milliseconds)
  }
}
