import Arguments
import Checkpoint
import Images
import Linux
import Terminal

/// `thaw export`: a checkpoint as images for plain CRIU.
enum ExportVerb {
  static let checkpoint = Positional("CHECKPOINT", .checkpoint, "What to export: a name or an id.")
  static let folder = Positional(
    "FOLDER", .directory, "Where the images go: a folder that is empty or not there yet.")

  static let command = Command(
    "export", summary: "Write a checkpoint as images that plain CRIU restores.",
    discussion: """
      All memory is in pages-*.img again, as CRIU itself would have dumped it: `criu restore`, `crit` \
      and whatever else reads CRIU's images take the folder. The files that the server wrote, and \
      those of its image, do not belong to it; the command line that is printed restores the server \
      where they lie as they did.

      Memory holds secrets: the folder can be read by its owner only.
      """,
    arguments: [checkpoint, folder], options: [],
    examples: [
      .init("thaw export ledger /tmp/ledger-images", "Images for `criu restore -D`."),
      .init("crit x /tmp/ledger-images mems", "Looks at what was exported."),
    ], exitCodes: Failure.common, run: run)

  static func run(_ parsed: Parsed) throws -> ExitCode {
    SignalSet.endThisProgram()
    let output = try Globals.output(parsed)
    let engine = try Globals.engine(parsed)
    let target = Path(try parsed[folder])
    let name = try parsed[checkpoint]
    let done = try output.phase("Export") { _ in
      try Exporting.run(name, to: target, engine)
    }
    let told = Told(done.checkpoint, done.pages, target)
    try output.result(told, output.isQuiet ? target.string : told.text)
    return .success
  }

  /// What was written.
  struct Told: Encodable {
    var id: String
    var folder: String
    var pages: ByteCount
    /// How plain CRIU restores it.
    var restore: [String]

    init(_ checkpoint: Checkpoint, _ pages: ByteCount, _ folder: Path) {
      id = checkpoint.id
      self.folder = folder.string
      self.pages = pages
      let processes = checkpoint.manifest.processes
      restore =
        ["criu", "restore", "--images-dir", folder.string, "--unprivileged", "--tcp-close"]
        + ["--file-locks", "--skip-file-rwx-check", "--manage-cgroups=ignore"]
        + (processes.output.isEmpty ? [] : ["--inherit-fd", "fd[1]:\(processes.output)"])
        + (processes.errors.isEmpty ? [] : ["--inherit-fd", "fd[2]:\(processes.errors)"])
        + ["--restore-detached"]
    }

    /// A few lines for people.
    var text: String {
      "\(folder): \(pages) of memory and all other images\n"
        + "Restore it with: \(CommandText.joined(restore))"
    }
  }
}
