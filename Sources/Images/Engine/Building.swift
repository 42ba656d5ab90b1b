package import Checkpoint
import CRIU
import Lifecycle
package import Linux
import Memory
import Server

/// Makes an image of a checkpoint: its base with Thaw, the server's files and the checkpoint as layers on top.
package struct Building: Sendable {
  /// The checkpoint, by name or id.
  package var checkpoint: String
  /// What the image calls it where there are others; nil: as its recipe.
  package var checkpointName: String?
  /// Others of running servers, for other requests or processors.
  package var variants: [Variant] = []
  /// The image's name and tag.
  package var name: String
  package var destination: ImageDestination
  /// How hard the layers are compressed.
  package var level = 3

  package init(checkpoint: String, name: String, destination: ImageDestination) {
    self.checkpoint = checkpoint
    self.name = name
    self.destination = destination
  }

  /// The names or ids of all of them.
  package var all: [String] { [checkpoint] + variants.map(\.checkpoint) }

  /// A checkpoint besides the main one.
  package struct Variant: Sendable {
    /// What the image calls it.
    package var name: String
    /// Its name or id in the store.
    package var checkpoint: String

    package init(name: String, checkpoint: String) {
      self.name = name
      self.checkpoint = checkpoint
    }
  }

  /// What is told while it goes on.
  package enum Step: Sendable {
    /// The base is fetched.
    case base
    /// The layers are written; of all their bytes, so many are done.
    case layers(done: Int64, of: Int64)
    /// The image is brought where it goes.
    case delivery
  }

  /// A finished image.
  package struct Made: Sendable {
    /// The digest of its manifest.
    package var digest: Digest
    /// What its layers add to the base, compressed.
    package var added: ByteCount
    /// Of that, the layers with the checkpoints.
    package var checkpoint: ByteCount
  }

  /// Does it; nothing is left of an image that cannot be finished.
  package func run(
    _ engine: Engine, report: @escaping (Step) -> Void
  ) throws(EngineFailure) -> Made {
    let found = try stored { () throws(CheckpointError) in
      let found = try engine.checkpoints.find(checkpoint)
      return try Checkpoint.open(found.path)
    }
    let recipe = try found.readRecipe()
    let others = try variants.map { (one) throws(EngineFailure) in
      try ImageVariant(one, engine)
    }
    return try Images.engine { () throws(EngineError) in
      guard let reference = found.manifest.base.reference else {
        throw EngineError(
          .imageNotFound, checkpoint, "was frozen on this machine's own files, not on an image",
          fix: "freeze it with --image")
      }
      let scratch = try Scratch.make(engine)
      defer {
        // What cannot be removed is swept by the next build.
        try? FileSystem.removeTree(scratch.path)
      }
      do {
        return try make(found, others, recipe, reference, engine, scratch.path, report)
      } catch let error as EngineError {
        throw error
      } catch let error as Errno {
        throw EngineError(error, trying: "writing the image", on: scratch.path.string)
      } catch {
        throw EngineError(.failed, name, "\(error)")
      }
    }
  }

  private func make(
    _ found: Checkpoint, _ others: [ImageVariant], _ recipe: Recipe, _ reference: String,
    _ engine: Engine, _ scratch: Path, _ report: @escaping (Step) -> Void
  ) throws -> Made {
    let signals = try SignalDescriptor([.terminate, .interrupt, .quit, .hangup])
    report(.base)
    guard let rootfs = try Running.base(found.manifest.base, engine).path else {
      throw EngineError(.imageNotFound, reference, "has no files")
    }
    let set = try set(found, others, recipe, rootfs, engine)
    // Before much work: whether all of them can be in one image.
    try set.check()
    let new = try others.map { try set.newFiles(of: $0) }
    let layout = scratch / "layout"
    try engine.images.copy(
      reference, digest: found.manifest.base.digest, to: layout, scratch: scratch,
      cancel: signals.rawValue)
    let folders = try set.folders(of: found)
    let record = try set.record(set.table)
    var image = try ImageDraft(layout: layout)
    // What the base itself has there no layer above it can take away without hiding it from who wants it. Where there are
    // several checkpoints all data comes from the one that is thawed.
    let emptied = recipe.data.filter { folder in
      (!others.isEmpty || image.volumes.contains(folder))
        && ((try? FileSystem.list(rootfs / folder.string))?.isEmpty ?? true)
    }
    let layers = CheckpointLayers(
      checkpoint: found, fallback: set.fallback, variants: others, record: record,
      rootfs: rootfs, folders: folders, emptied: emptied, level: level)
    let total = layers.size(engine.program, engine.bundle.criu)
    var done: Int64 = 0
    let progress: CheckpointLayers.Progress = { count throws(Errno) in
      done += count
      report(.layers(done: min(done, total), of: total))
      if try signals.next(deadline: .after(.zero)) != nil { throw .cancelled }
    }
    let created = LogTime.text(of: found.manifest.created)
    let file = scratch / "layer"
    let thaw = try layers.writeThaw(
      at: file, thaw: engine.program, criu: engine.bundle.criu, progress)
    try image.add(thaw, at: file, madeBy: "thaw build: Thaw and CRIU", created: created)
    var (added, checkpoints) = (thaw.size, Int64(0))
    // What the server wrote before its main lies below what it wrote when it ran.
    for one in [set.fallback, found].compactMap(\.self) {
      let files = try layers.writeFiles(of: one, at: file, progress)
      try image.add(
        files, at: file, madeBy: "thaw build: files of \(recipe.name)", created: created)
      added += files.size
    }
    for (one, files) in zip(others, new) {
      let layer = try layers.writeVariant(
        one, files: files, try set.folders(of: one.checkpoint), at: file, progress)
      try image.add(
        layer, at: file, madeBy: "thaw build: checkpoint \(one.name)", created: created)
      checkpoints += layer.size
    }
    let checkpoint = try layers.writeCheckpoint(at: file, progress)
    try image.add(checkpoint, at: file, madeBy: "thaw build: checkpoint", created: created)
    checkpoints += checkpoint.size
    ImageSettings(
      manifest: found.manifest, recipe: recipe, name: name, variants: others.map(\.name)
    ).apply(to: &image, entryPoint: layers.entryPoint)
    let digest = try image.finish(created: created)
    report(.delivery)
    try destination.deliver(
      layout, as: name, engine.bundle, scratch: scratch, cancel: signals.rawValue)
    return Made(
      digest: digest, added: ByteCount(UInt64(added + checkpoints)),
      checkpoint: ByteCount(UInt64(checkpoints)))
  }

  /// All that comes into the image; there is one checkpoint from before `main` in it, the main one's if that has one.
  private func set(
    _ found: Checkpoint, _ others: [ImageVariant], _ recipe: Recipe, _ rootfs: Path,
    _ engine: Engine
  ) throws -> VariantSet {
    let manifests = [found.manifest] + others.map(\.checkpoint.manifest)
    let fallback = try manifests.lazy.compactMap(\.fallback).first.map { id in
      try Checkpoint.open(try engine.checkpoints.find(id).path)
    }
    return VariantSet(
      main: found, name: checkpointName ?? recipe.name, recipe: recipe, fallback: fallback,
      variants: others, rootfs: rootfs)
  }
}
