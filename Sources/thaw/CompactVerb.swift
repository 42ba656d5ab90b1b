import Arguments
import Checkpoint
import Images
import Linux
import Terminal

/// `thaw compact`: gives a hibernated server a memory file of its own.
enum CompactVerb {
  static let names = Positional(
    repeated: "CHECKPOINT", .checkpoint, atLeast: 1, "What to compact: a name or an id.")

  static let command = Command(
    "compact", summary: "Give a hibernated server a memory file of its own.",
    discussion: """
      A hibernated server has the memory that it did not change in the memory file of the \
      checkpoint that it was thawed from; the more it changed, the more is copied at a thaw. This \
      writes all of its memory into a new file, thaws it once as a trial, and lets the new \
      checkpoint take over the names of the old one. Its parent can then be removed, and goes by \
      itself if it has no name.
      """,
    arguments: [names], options: [],
    examples: [
      .init("thaw compact shop", "`shop` no longer needs the checkpoint that it came from.")
    ],
    exitCodes: Failure.common + [Failure.serverFailed, Failure.notThawed, Failure.stopped],
    run: run)

  static func run(_ parsed: Parsed) throws -> ExitCode {
    let output = try Globals.output(parsed)
    let engine = try Globals.engine(parsed)
    let code = forEach(try parsed[names], output) { name in
      let told = try compact(name, engine, output)
      try output.result(told, output.isQuiet ? told.name : told.text)
    }
    return try output.ended(code)
  }

  private static func compact(_ name: String, _ engine: Engine, _ output: Output) throws -> Told {
    let before = try engine.checkpoints.find(name)
    guard before.manifest.memory.file?.checkpoint != nil else {
      let names = try engine.checkpoints.names(of: before.id)
      return Told(before, before, names.first ?? name, isNew: false)
    }
    let progress = FreezeProgress(output)
    let checkpoint: Checkpoint
    do {
      checkpoint = try Remaking(name, .compact).run(engine) { progress.take($0) }
    } catch {
      progress.fail()
      throw error
    }
    progress.finish()
    let names = try engine.checkpoints.names(of: checkpoint.id)
    return Told(before, checkpoint, names.first ?? checkpoint.id, isNew: true)
  }

  /// What was done.
  struct Told: Encodable {
    var name: String
    var id: String
    /// The checkpoint that held its memory.
    var parent: String?
    var bytes: UInt64
    /// What CRIU copied at a thaw, and what it copies now.
    var copiedBefore: ByteCount
    var copied: ByteCount

    init(_ old: Checkpoint, _ new: Checkpoint, _ name: String, isNew: Bool) {
      self.name = name
      id = new.id
      parent = isNew ? old.manifest.memory.file?.checkpoint : nil
      bytes = new.manifest.size.bytes
      copiedBefore = old.manifest.memory.copied
      copied = new.manifest.memory.copied
    }

    /// One line for people.
    var text: String {
      parent == nil
        ? "\(name): has its memory in a file of its own already"
        : "\(name): \(ByteCount(bytes)), \(copied) copied at a thaw (before: \(copiedBefore))"
    }
  }
}
