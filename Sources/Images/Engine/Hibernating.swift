package import Checkpoint
import Lifecycle
import Linux
import Memory
import Server

/// Freezes the server of a running container into a checkpoint that continues it.
///
/// All that can fail is done while the server stands still and before it is ended: if anything does, it goes on.
package struct Hibernating: Sendable {
  /// The container's name or id.
  package var container: String
  /// The checkpoint's name; nil: the container's.
  package var name: String?
  /// Whether the server goes on afterwards.
  package var leavesRunning = false

  package init(container: String) {
    self.container = container
  }

  /// The parts of the work.
  package enum Step: String, Sendable {
    case dump = "Dump"
    case files = "Files"
    case end = "End"
  }

  /// What came of it.
  package struct Hibernated: Sendable {
    /// The new checkpoint.
    package var checkpoint: Checkpoint
    /// Its name.
    package var name: String
    /// The container that it was made of.
    package var record: ContainerRecord
    /// Milliseconds until the checkpoint was whole and had its name.
    package var milliseconds: Double
    /// Whether the container has ended.
    package var hasEnded: Bool
  }

  /// Does it.
  ///
  /// - Parameters:
  ///   - engine: the engine that runs the container.
  ///   - cancel: a descriptor that becomes readable when it shall end, and the server go on.
  ///   - report: called when a part of the work begins.
  /// - Returns: the checkpoint, and whether the container has ended.
  /// - Throws: why the server could not be frozen; it then goes on.
  package func run(
    _ engine: Engine, cancel: Int32, report: (Step) -> Void
  ) throws(EngineFailure) -> Hibernated {
    let began = Clock.monotonic()
    let subject = try Subject(container, engine)
    let name = try chosenName(subject, engine)
    let checkpoint = try freeze(subject, name, engine, cancel: cancel, report)
    let store = engine.checkpoints
    let replaced = try stored { () throws(CheckpointError) in
      try store.rename(checkpoint.id, name)
    }
    let milliseconds = (Clock.monotonic() - began).milliseconds
    var hasEnded = false
    if !leavesRunning {
      report(.end)
      // Longer than its monitor may take; what is then still there, `thaw ps` shows.
      hasEnded = engine.containers.waitForEnd(
        of: subject.record.id, deadline: .after(.seconds(40)), pause: .milliseconds(4))
    }
    if let replaced { store.removeIfNameless(replaced) }
    // Held until here, so that the monitor knows that this was no crash.
    let record = subject.record
    subject.release()
    return Hibernated(
      checkpoint: checkpoint, name: name, record: record, milliseconds: milliseconds,
      hasEnded: hasEnded)
  }

  /// The container's own name, so that `thaw run NAME` goes on where NAME stopped; a checkpoint that `thaw freeze` made
  /// is not replaced unasked.
  private func chosenName(
    _ subject: borrowing Subject, _ engine: Engine
  ) throws(EngineFailure) -> String {
    if let name {
      guard CheckpointStore.isValidName(name) else {
        throw .checkpoint(
          CheckpointError(
            .badName, name, "not a name", fix: "use letters, digits, '.', '_' and '-'"))
      }
      return name
    }
    let name = subject.record.name
    // None of that name, or a damaged one: nothing is lost.
    if let other = try? engine.checkpoints.named(name), other.manifest.history.container == nil {
      throw .engine(
        EngineError(
          .nameTaken, name, "a frozen checkpoint has the name, and would be replaced",
          fix: "choose another with --name"))
    }
    return name
  }

  private func freeze(
    _ subject: borrowing Subject, _ name: String, _ engine: Engine, cancel: Int32,
    _ report: (Step) -> Void
  ) throws(EngineFailure) -> Checkpoint {
    let making = Making(
      try stored { () throws(CheckpointError) in try Draft(in: engine.checkpoints) })
    let folder = subject.folder
    do throws(EngineFailure) {
      try subject.freeze(
        into: making.path, { $0.leavesRunning = leavesRunning }, cancel: cancel, report
      ) { manifest in
        let checkpoint = try making.place(manifest)
        if !leavesRunning {
          try folder.note(HibernationNote(checkpoint: checkpoint.id, name: name))
        }
      }
      guard let checkpoint = making.checkpoint else {
        throw .engine(EngineError(.failed, container, "nothing was placed"))
      }
      return checkpoint
    } catch {
      making.undo(engine.checkpoints)
      folder.forgetHibernation()
      throw error
    }
  }
}

/// The checkpoint in the making, used from the closure that is called when the server stands still.
private final class Making {
  let path: Path
  private var draft: Draft?
  private(set) var checkpoint: Checkpoint?

  init(_ draft: consuming Draft) {
    path = draft.path
    self.draft = consume draft
  }

  func place(_ manifest: Manifest) throws(CheckpointError) -> Checkpoint {
    guard let draft = draft.take() else {
      throw CheckpointError(.failed, path.string, "it was placed already", fix: "")
    }
    let placed = try draft.place(manifest)
    checkpoint = placed
    return placed
  }

  /// Removes what there is of it.
  func undo(_ store: CheckpointStore) {
    if let draft = draft.take() { draft.discard() }
    // One that stays is shown by `thaw ls` and removed by `thaw rm`; a draft is swept.
    if let checkpoint { try? store.remove(checkpoint.id) }
    try? FileSystem.removeTree(path)
  }
}
