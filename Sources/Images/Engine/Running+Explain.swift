import Checkpoint
package import Lifecycle
import Linux

extension Running {
  /// Says which start the server would get, and why; nothing is started, and no volume is changed.
  package func explain(
    _ engine: Engine, report: @escaping (Report) -> Void
  ) throws(EngineFailure) -> Explanation {
    let ready = try PreparedRun(self, engine, fillsVolumes: false, report)
    var parts = ready.parts
    parts.plan.task = .explain
    var session = ready.session(engine, self)
    session.ports = []
    session.isTransient = true
    var explanation: Explanation?
    var failure: InitFailure?
    let asked = parts
    let status = try session.run(
      prepare: { folder in container(engine, asked, folder) },
      log: { report(.log($0, $1)) },
      event: { event in
        switch event {
        case .explained(let found): explanation = found
        case .failed(let why): failure = why
        default: break
        }
        return nil
      }, finish: { _ in asked.locks.release() })
    _ = consume ready
    if let explanation { return explanation }
    throw .server(
      failure
        ?? InitFailure(.system, "the container that looks ended with \(status)", fix: "see its log")
    )
  }
}
