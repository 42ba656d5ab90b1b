import Checkpoint
import Lifecycle
package import Linux
import Server

/// Has PID 1 of a running container freeze its server onto its volume, as it does when it is told to end, but so that the
/// server goes on if that cannot be done.
package struct HibernatingOnVolume: Sendable {
  /// The container's name or id.
  package var container: String

  package init(container: String) {
    self.container = container
  }

  /// What came of it.
  package struct Hibernated: Sendable {
    /// The container that ran.
    package var record: ContainerRecord
    /// Milliseconds until its server was frozen, and its volume marked so.
    package var milliseconds: Double
  }

  /// Whether a container that runs has volumes that hold its server's data.
  ///
  /// - Throws: if it does not run.
  package static func applies(to text: String, _ engine: Engine) throws(EngineFailure) -> Bool {
    let record = try Images.engine { () throws(EngineError) in try engine.containers.find(text) }
    return record.hibernatesWithin != nil
  }

  /// Does it.
  ///
  /// - Parameters:
  ///   - engine: the engine that runs the container.
  ///   - signals: those upon which it is no longer waited for.
  /// - Returns: the container, and how long it took.
  /// - Throws: why the server could not be frozen; it then goes on.
  package func run(
    _ engine: Engine, signals: borrowing SignalDescriptor
  ) throws(EngineFailure) -> Hibernated {
    do throws(EngineError) {
      let record = try engine.containers.find(container)
      guard engine.containers.isRunning(record.id), let patience = record.hibernatesWithin else {
        throw EngineError(
          .notRunning, record.name, "it does not run: there is nothing to freeze",
          fix: "`thaw ps` shows what runs")
      }
      // Neither a second one nor `thaw stop` comes in between.
      let lock = try engine.containers.folder(record.id).lockForHibernation(record.name)
      let began = Clock.monotonic()
      try engine.runc.kill(record.id, .power)
      try wait(record, engine, deadline: .after(patience.duration + .seconds(10)), signals)
      let milliseconds = (Clock.monotonic() - began).milliseconds
      _ = consume lock
      return Hibernated(record: record, milliseconds: milliseconds)
    } catch {
      throw .engine(error)
    }
  }

  /// Waits until the container has ended.
  private func wait(
    _ record: ContainerRecord, _ engine: Engine, deadline: Deadline,
    _ signals: borrowing SignalDescriptor
  ) throws(EngineError) {
    while !engine.containers.waitForEnd(
      of: record.id, deadline: .after(.milliseconds(20)), pause: .milliseconds(4))
    {
      // Gone meanwhile: it has ended.
      let now = try? engine.containers.find(record.id)
      if let why = now?.notHibernated, why != record.notHibernated {
        throw EngineError(
          .failed, record.name, "not hibernated: \(why.reason)", fix: "it goes on running")
      }
      let isCancelled = try attempt("listening to signals", on: record.name) { () throws(Errno) in
        try signals.next(deadline: .after(.zero)) != nil
      }
      guard !deadline.hasPassed, !isCancelled else {
        throw EngineError(
          .timedOut, record.name, "its hibernation was not waited for",
          fix: "`thaw ps --all` and its log show what became of it")
      }
    }
    guard record.isHibernatedOnVolumes else {
      throw EngineError(
        .failed, record.name, "its server ended before it was frozen", fix: "see its log")
    }
  }
}

extension ContainerRecord {
  /// Whether a server was hibernated onto its volumes, and none was started there since.
  package var isHibernatedOnVolumes: Bool {
    hibernatesWithin != nil && volumes.contains { Fence($0.source).mark()?.state == .clean }
  }
}
