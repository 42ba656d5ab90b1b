package import Checkpoint
import Lifecycle
import Linux

/// Makes another checkpoint of a server, and gives it the old one's name only if its first answers come sooner.
///
/// Whatever fails, the old one keeps its name, and nothing is left of the new one.
package struct Refreshing: Sendable {
  /// Where the new one comes from.
  package enum Source: Sendable {
    /// A container that was thawed from the old one: it is frozen as it is, and goes on.
    case running(String)
    /// The recipe, with a longer warm-up: the server is started anew, and nobody's data is in it.
    case warmer(Freezing)
  }

  /// The name.
  package var name: String
  package var source: Source

  package init(_ name: String, _ source: Source) {
    self.name = name
    self.source = source
  }

  /// What came of it.
  package struct Outcome: Sendable {
    /// What has the name now.
    package var checkpoint: Checkpoint
    /// Whether that is the new one.
    package var isKept: Bool
    package var race: Race.Result
    /// How many milliseconds a running server stood still; nil: none was frozen.
    package var pause: Double?
  }

  /// Does it.
  ///
  /// - Parameters:
  ///   - engine: the engine of both.
  ///   - cancel: a descriptor that becomes readable when a dump of a running server shall end.
  ///   - report: what is told while it goes on.
  /// - Returns: which of both is the better one, and by how much.
  /// - Throws: why there is no new one. A running server goes on in any case.
  package func run(
    _ engine: Engine, cancel: Int32, report: @escaping (Freezing.Report) -> Void
  ) throws(EngineFailure) -> Outcome {
    guard let old = try stored({ () throws(CheckpointError) in try engine.checkpoints.named(name) })
    else {
      throw .checkpoint(
        CheckpointError(.notFound, name, "no checkpoint has this name", fix: "see `thaw ls`"))
    }
    let lock = try stored { () throws(CheckpointError) in try old.use() }
    guard lock != nil else {
      throw .checkpoint(
        CheckpointError(.notFound, name, "is being removed", fix: "freeze it again"))
    }
    let outcome: Outcome
    do throws(EngineFailure) {
      outcome =
        switch source {
        case .running(let container): try copy(container, old, engine, cancel: cancel, report)
        case .warmer(let freezing): try freeze(freezing, old, engine, report)
        }
    } catch {
      guard case .slower(let race) = error else { throw error }
      return Outcome(checkpoint: old, isKept: false, race: race)
    }
    _ = consume lock
    // A server that was thawed from it may still run.
    if outcome.isKept { engine.checkpoints.removeIfNameless(old.id) }
    return outcome
  }

  /// Freezes anew; that in its trial it is compared with the old one as well, and gets its name only if it is faster.
  private func freeze(
    _ freezing: Freezing, _ old: Checkpoint, _ engine: Engine,
    _ report: @escaping (Freezing.Report) -> Void
  ) throws(EngineFailure) -> Outcome {
    var freezing = freezing
    freezing.rival = old
    let new = try freezing.run(engine, report: report)
    guard let refresh = new.manifest.history.refresh else {
      throw .engine(EngineError(.failed, name, "there was nothing to compare with"))
    }
    return Outcome(
      checkpoint: new, isKept: true,
      race: .init(before: refresh.before, after: refresh.after, isFaster: true))
  }

  /// Freezes a running container, which goes on.
  private func copy(
    _ container: String, _ old: Checkpoint, _ engine: Engine, cancel: Int32,
    _ report: @escaping (Freezing.Report) -> Void
  ) throws(EngineFailure) -> Outcome {
    let running = RunningCopy(container: container, old: old, name: name)
    try running.check(engine)
    let draft = try stored { () throws(CheckpointError) in try Draft(in: engine.checkpoints) }
    let path = draft.path
    do throws(EngineFailure) {
      report(.step(.copying))
      let (frozen, pause) = try running.freeze(into: path, engine, cancel: cancel)
      report(.note("\(container) stood still for \(Int64(pause.rounded())) ms, and goes on"))
      var manifest = try running.complete(frozen, in: path, engine, report)
      let race = try Race(
        name: name, recipe: try old.readRecipe(), old: .init(path: old.path, old.manifest),
        new: .init(path: path, manifest)
      ).run(engine, report)
      guard race.isFaster else {
        draft.discard()
        return Outcome(checkpoint: old, isKept: false, race: race, pause: pause)
      }
      manifest.history.refresh?.before = race.before
      manifest.history.refresh?.after = race.after
      return Outcome(
        checkpoint: try place(draft, manifest, old, engine), isKept: true, race: race, pause: pause)
    } catch {
      // The draft is given up whatever happened; what cannot be removed is swept.
      try? FileSystem.removeTree(path)
      throw error
    }
  }

  private func place(
    _ draft: consuming Draft, _ manifest: Manifest, _ old: Checkpoint, _ engine: Engine
  ) throws(EngineFailure) -> Checkpoint {
    let store = engine.checkpoints
    do throws(CheckpointError) {
      guard try store.named(name)?.id == old.id else {
        draft.discard()
        throw CheckpointError(
          .inUse, name, "meanwhile it is the name of another checkpoint", fix: "try again")
      }
      return try draft.commit(manifest, name: name)
    } catch {
      throw .checkpoint(error)
    }
  }
}

extension Refreshing {
  /// What became of one checkpoint, as `thaw refresh --json` prints it.
  package struct Told: Sendable, Codable {
    /// What has the name now.
    package var id: String
    package var name: String
    /// Why it was frozen again; nil: it was not.
    package var reason: String?
    /// Whether the new one was kept; nil: it was not compared.
    package var isKept: Bool?
    /// How long a running server stood still.
    package var pauseMilliseconds: Double?
    /// The first answers of the old checkpoint, and of the new one, in milliseconds.
    package var before: MeasuredAnswers?
    package var after: MeasuredAnswers?

    package init(id: String, name: String, reason: String?) {
      self.id = id
      self.name = name
      self.reason = reason
    }

    package init(_ outcome: Outcome, name: String, reason: String) {
      self.init(id: outcome.checkpoint.id, name: name, reason: reason)
      isKept = outcome.isKept
      pauseMilliseconds = outcome.pause
      before = outcome.race.before
      after = outcome.race.after
    }
  }
}
