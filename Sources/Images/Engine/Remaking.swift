package import Checkpoint
import Lifecycle
import Linux
import Memory
package import Server

/// Makes a new checkpoint out of one that is there: the same server in the same moment, its memory laid out anew.
package struct Remaking: Sendable {
  /// What is done to the memory.
  package enum Work: Sendable {
    /// Thawed under watch and asked what `training` says, or else the recipe: what is written until then is copied, the
    /// rest mapped.
    case train(WarmUp?)
    /// The memory of a hibernated server, of which a part lies in its parent's file, becomes a file of its own.
    case compact
  }

  /// The checkpoint's name or id.
  package var checkpoint: String
  package var work: Work
  /// The new checkpoint's name; nil: it takes the old one's over.
  package var name: String?

  package init(_ checkpoint: String, _ work: Work, name: String? = nil) {
    self.checkpoint = checkpoint
    self.work = work
    self.name = name
  }

  /// Does it; the old checkpoint stays as it is until the new one has its name.
  package func run(
    _ engine: Engine, report: @escaping (Freezing.Report) -> Void
  ) throws(EngineFailure) -> Checkpoint {
    let old = try stored { () throws(CheckpointError) in try engine.checkpoints.find(checkpoint) }
    let lock = try stored { () throws(CheckpointError) in try old.use() }
    guard lock != nil else {
      throw .checkpoint(
        CheckpointError(.notFound, checkpoint, "is being removed", fix: "freeze it again"))
    }
    let names = try stored { () throws(CheckpointError) in try engine.checkpoints.names(of: old.id)
    }
    let draft = try stored { () throws(CheckpointError) in try Draft(in: engine.checkpoints) }
    let path = draft.path
    let manifest: Manifest
    do throws(EngineFailure) {
      manifest = try remake(old, in: path, engine, report)
    } catch {
      draft.discard()
      throw error
    }
    _ = consume lock
    do throws(CheckpointError) {
      let new = try draft.place(manifest)
      // Under all names that the old one had; one without a name takes nobody's.
      for name in name.map({ [$0] }) ?? names {
        if let replaced = try engine.checkpoints.rename(new.id, name) {
          engine.checkpoints.removeIfNameless(replaced)
        }
      }
      if name == nil, names.isEmpty { engine.checkpoints.removeIfNameless(old.id) }
      return new
    } catch {
      throw .checkpoint(error)
    }
  }

  private func remake(
    _ old: Checkpoint, in folder: Path, _ engine: Engine,
    _ report: @escaping (Freezing.Report) -> Void
  ) throws(EngineFailure) -> Manifest {
    var manifest = old.manifest
    guard manifest.memory.file != nil else {
      throw .checkpoint(
        CheckpointError(
          .failed, checkpoint, "none of its memory is mapped: there is nothing to lay out",
          fix: "freeze it again with `memory: map`"))
    }
    try copy(old, to: folder, manifest.program)
    // Until it has a file of its own, its memory is mapped from where the old one has it.
    if manifest.memory.file?.checkpoint == nil { manifest.memory.file?.checkpoint = old.id }
    manifest.contents = []
    manifest.created = Clock.wall()
    let memory = ServerContainer.memory(of: folder, manifest).first?.source
    switch work {
    case .compact:
      let relayout = Relayout(folder: folder, manifest, memory: memory)
      manifest.memory = try compacted(relayout, manifest.memory)
      let trial = Trial(
        name: manifest.server, recipe: try old.readRecipe(), base: try base(manifest.base, engine),
        checkpoint: folder, manifest: manifest)
      report(.step(.trial))
      manifest.history.trialThaw = try trial.run(engine, report)
    case .train(let training):
      var recipe = try old.readRecipe()
      if let training {
        recipe.training = training
        try write(recipe, folder)
      }
      var trial = Trial(
        name: manifest.server, recipe: recipe, base: try base(manifest.base, engine),
        checkpoint: folder, manifest: manifest)
      report(.step(.training))
      manifest.memory = try Training(trial: trial, memory: memory).run(engine, report)
      trial.manifest = manifest
      report(.step(.trial))
      manifest.history.trialThaw = try trial.run(engine, report)
    }
    report(.step(.contents))
    manifest.contents = try stored { () throws(CheckpointError) in
      try Checkpoint.contents(of: folder)
    }
    return manifest
  }

  /// Copies all but the memory file.
  private func copy(
    _ old: Checkpoint, to folder: Path, _ program: Manifest.Program
  ) throws(EngineFailure) {
    try Images.engine { () throws(EngineError) in
      try attempt("copying the checkpoint", on: folder) { () throws(Errno) in
        try FileSystem.changeOwner(folder, user: program.user, group: program.group)
        let others = ["lock", "manifest.json", MemoryFile.name, WorkingSet.name, "verified"]
        for name in try FileSystem.list(old.path) where !others.contains(name) {
          try FileSystem.copyTree(from: old.path / name, to: folder / name)
        }
      }
    }
  }

  private func compacted(
    _ relayout: Relayout, _ memory: Manifest.MemoryFacts
  ) throws(EngineFailure) -> Manifest.MemoryFacts {
    var memory = memory
    let laid = try laidOut { () throws(MemoryError) in
      var report = try relayout.report()
      // What was known of the memory may be out of date where the server mapped anew since: only what is still mapped from
      // the file is still the same owner's.
      report.narrow(
        to: try Snapshot(path: relayout.folder / "images", memory: relayout.memory))
      try relayout.write(report)
      return try relayout.run(written: report.written).result
    }
    memory.note(laid)
    return memory
  }

  private func write(_ recipe: Recipe, _ folder: Path) throws(EngineFailure) {
    do {
      try FileSystem.writeFile(folder / "recipe.json", try JSONText.encode(recipe), mode: 0o644)
    } catch {
      throw .checkpoint(
        CheckpointError(
          .failed, folder.string, "writing the recipe: \(error)", fix: "look at the folder"))
    }
  }

  private func base(
    _ base: Manifest.Base, _ engine: Engine
  ) throws(EngineFailure) -> ServerContainer.BaseFolder {
    try Images.engine { () throws(EngineError) in try Running.base(base, engine) }
  }
}
