import Arguments
import Checkpoint
import Linux
import Terminal

/// `thaw load`: a checkpoint out of a file that `thaw save` wrote.
enum LoadVerb {
  static let file = Option(
    "input", short: "i", .file, "The file to read; standard input without it, or for -.")
  static let name = Option(
    "name", .text("NAME"), "The checkpoint's name; unless told, those that it was saved with.")

  static let command = Command(
    "load", summary: "Read a checkpoint from a file that thaw save wrote.",
    discussion: """
      Each file is compared with its digest while it is written, and the manifest with the \
      checkpoint's id. If anything is wrong, nothing is kept.

      A name that another checkpoint has leads to the loaded one from then on; the other stays, \
      and is found by its id.
      """,
    options: [file, name],
    examples: [
      .init("thaw load -i ledger.thaw", "Reads it from a file."),
      .init("thaw load --name shop < ledger.thaw", "Under another name."),
    ],
    exitCodes: Failure.common + [Failure.stopped], run: run)

  static func run(_ parsed: Parsed) throws -> ExitCode {
    let output = try Globals.output(parsed)
    guard Host.user == 0 else {
      throw Failure(
        Failure.notRoot,
        "files of other users are made by root, this is user \(Host.user); "
          + "run it as root, for example with sudo")
    }
    let store = try Stock(parsed).checkpoints
    let source = try parsed[file].flatMap { $0 == "-" ? nil : Path($0) }
    let loaded = try load(
      try open(source), called: source?.string ?? "standard input", as: try parsed[name], store,
      output)
    for name in loaded.taken {
      output.warning("\(name) led to another checkpoint, which is found by its id only from now on")
    }
    let shown = loaded.names.first ?? String(loaded.checkpoint.id.prefix(12))
    try output.result(
      CheckpointLine(loaded.checkpoint, names: loaded.names),
      output.isQuiet
        ? shown
        : loaded.wasThere
          ? "\(shown) was there already"
          : "\(shown) is loaded: \(loaded.checkpoint.manifest.size)\nRun it with: thaw run -d \(shown)"
    )
    return try output.ended()
  }

  /// The archive: a file, or standard input.
  private static func open(_ source: Path?) throws -> Descriptor {
    guard let source else {
      guard !Descriptor.isTerminal(0) else {
        throw Failure(
          Failure.failed, "an archive does not come from a terminal; use -i FILE, or redirect it")
      }
      let copy = try BorrowedDescriptor(0).use { (it) throws(Errno) in
        try it.duplicate().release()
      }
      return Descriptor(owning: copy)
    }
    do throws(Errno) {
      // A pipe into which nobody writes yet is waited for later, where that can be stopped.
      let file = try Descriptor.open(source, .readOnly, .nonBlocking)
      try file.setNonBlocking(false)
      return file
    } catch {
      throw Failure(
        error == .noEntry ? Failure.notFound : Failure.failed,
        "\(source): reading the archive: \(error)")
    }
  }

  private static func load(
    _ input: consuming Descriptor, called: String, as name: String?, _ store: CheckpointStore,
    _ output: Output
  ) throws -> CheckpointStore.Loaded {
    let progress = try ArchiveProgress("Load", output)
    do {
      let loaded = try store.load(input, called: called, as: name, progress.take)
      progress.finish("\(loaded.checkpoint.manifest.size)")
      return loaded
    } catch {
      progress.fail()
      throw error
    }
  }
}
