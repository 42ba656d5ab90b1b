import Arguments
import Checkpoint
import Linux
import Terminal

/// `thaw save`: a checkpoint as one file.
enum SaveVerb {
  static let file = Option(
    "output", short: "o", .file, "The file to write; standard output without it, or for -.")
  static let level = Option(
    "level", .number("LEVEL", in: CheckpointStore.levels), default: CheckpointStore.standardLevel,
    "How hard to compress: 1 is fast, 19 small and slow.")
  static let checkpoint = Positional("CHECKPOINT", .checkpoint, "What to save: a name or an id.")

  static let command = Command(
    "save", summary: "Write a checkpoint into one file, to be loaded elsewhere.",
    discussion: """
      The file is a tar archive, compressed with zstd: `zstd -dc FILE | tar t` lists it. The same \
      checkpoint gives the same bytes. The image under the server is not in it: its reference is, \
      and where it is loaded the image is fetched when it is first needed.

      A checkpoint holds the server's memory, and so its secrets: the file can be read by its \
      owner only.
      """,
    arguments: [checkpoint], options: [file, level],
    examples: [
      .init("thaw save ledger -o ledger.thaw", "Writes it into a file."),
      .init("thaw save ledger | ssh host thaw load", "Brings it to another host."),
    ], exitCodes: Failure.common + [Failure.stopped], run: run)

  static func run(_ parsed: Parsed) throws -> ExitCode {
    let output = try Globals.output(parsed)
    let store = try Stock(parsed).checkpoints
    let name = try parsed[checkpoint]
    let level = try parsed[level]
    let target = try parsed[file].flatMap { $0 == "-" ? nil : Path($0) }
    guard let target else {
      // Nothing is left of what goes to standard output.
      SignalSet.endThisProgram()
      guard !Descriptor.isTerminal(1) else {
        throw Failure(
          Failure.failed, "an archive is nothing for a terminal; use -o FILE, or redirect it")
      }
      let copy = try BorrowedDescriptor.standardOutput.use { (it) throws(Errno) in
        try it.duplicate().release()
      }
      _ = try save(
        name, store, to: Descriptor(owning: copy), called: "standard output", level, output)
      return .success
    }
    let saved = try write(to: target) { (descriptor, called) in
      try save(name, store, to: descriptor, called: called, level, output)
    }
    try output.result(
      Line(saved, file: target),
      output.isQuiet
        ? target.string
        : "\(saved.names.first ?? String(saved.id.prefix(12))) is saved: \(saved.archived) in \(target)"
    )
    return try output.ended()
  }

  private static func save(
    _ name: String, _ store: CheckpointStore, to file: consuming Descriptor, called: String,
    _ level: Int, _ output: Output
  ) throws -> CheckpointStore.Saved {
    let progress = try ArchiveProgress("Save", output)
    do {
      let saved = try store.save(name, to: file, called: called, level: level, progress.take)
      progress.finish("\(saved.bytes) in \(saved.archived)")
      return saved
    } catch {
      progress.fail()
      throw error
    }
  }

  /// Has a file written beside its place, and puts it there when it is whole.
  private static func write<Value>(
    to target: Path, _ body: (consuming Descriptor, String) throws -> Value
  ) throws -> Value {
    do {
      if let status = try FileSystem.statusIfThere(target, followingLinks: true),
        status.kind != .file
      {
        // A pipe or a device is written to as it is.
        return try body(try Descriptor.open(target, .writeOnly), target.string)
      }
      let beside = Path("\(target).\(Host.processID).new")
      let file = try Descriptor.open(beside, .writeOnly, [.create, .exclusive], mode: 0o600)
      do {
        let value = try body(file, target.string)
        try FileSystem.synchronize(beside)
        try FileSystem.rename(beside, to: target)
        return value
      } catch {
        // Nothing better can be done with what cannot be removed.
        try? FileSystem.remove(beside)
        throw error
      }
    } catch let error as Errno {
      throw CheckpointError(error, trying: "writing the archive", on: target)
    }
  }

  /// What was saved, as `--json` prints it.
  private struct Line: Encodable {
    var id: String
    var names: [String]
    var file: String
    var bytes: UInt64
    var archiveBytes: UInt64

    init(_ saved: CheckpointStore.Saved, file: Path) {
      id = saved.id
      names = saved.names
      self.file = file.string
      bytes = saved.bytes.bytes
      archiveBytes = saved.archived.bytes
    }
  }
}

/// Shows how far an archive is, and stops it when a signal asks for that.
final class ArchiveProgress {
  private let phase: Phase
  private let signals: SignalDescriptor
  private var total: Int64 = 0

  init(_ name: String, _ output: Output) throws {
    signals = try SignalDescriptor([.terminate, .interrupt, .quit, .hangup])
    phase = output.begin(name)
  }

  func take(_ reading: Reading) throws(Errno) {
    if try signals.next(deadline: .after(.zero)) != nil { throw .cancelled }
    if reading.total != total {
      total = reading.total
      phase.set(.bytes(of: ByteCount(total)))
    }
    phase.advance(to: Int(reading.done))
  }

  func finish(_ result: String) { phase.finish(result) }

  func fail() { phase.fail() }
}
