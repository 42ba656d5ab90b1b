import Arguments
import Checkpoint
import Images
import Linux
import Server
import Terminal

/// `thaw import`: a dump of CRIU, podman or runc as a checkpoint.
enum ImportVerb {
  static let source = Positional(
    "DUMP", .file, "The folder of CRIU's images, or the archive that podman exported.")
  static let name = Option(
    "name", .text("NAME"), "The checkpoint's name; unless told, that of the folder or archive.")
  static let image = Option(
    "image", .text("IMAGE"),
    "The image that the container was made of; without it this machine's own file system.")
  static let files = Option(
    "files", .directory, "A folder with the files that the server wrote above the image.")
  static let ready = Option(
    repeated: "ready", .text("URL"),
    "What shows that it serves; unless told, that its first port takes connections.")
  static let confine = Option(
    flag: "confine", "Take its capabilities away, and set no_new_privs.")
  static let memory = Option(
    "memory", .choice("RULE", of: Recipe.MemoryRule.self), default: .map,
    "How its memory comes back at a thaw: `map`, mapped from a file where that is safe, or `copy`.")
  static let noTrial = Option(
    flag: "no-trial", "Keep the checkpoint without having thawed it once.")

  static let command = Command(
    "import", summary: "Make a checkpoint of a dump of CRIU, podman or runc.",
    discussion: """
      What `criu dump`, `runc checkpoint` and `podman container checkpoint --export` write becomes \
      a checkpoint like any other: its images are rewritten for a container of Thaw's, its command \
      line and environment are read from its memory, and it is thawed once as a trial.

      What cannot be thawed in such a container is told at once, all of it: terminals, sockets \
      bound to an address of their own, System V objects, files that are gone or have another \
      size, several users, capabilities (unless --confine takes them away). The files of the \
      server must be those of the dump: they are compared by their size alone, for CRIU notes no \
      more.
      """,
    arguments: [source],
    options: [name, image, files, ready, confine, memory, noTrial],
    examples: [
      .init("thaw import --name shop /tmp/dump", "A dump that `criu dump -D /tmp/dump` made."),
      .init(
        "thaw import --image docker://nginx --confine web.tar.zst",
        "What `podman container checkpoint -e web.tar.zst` wrote."),
    ],
    exitCodes: Failure.common + [Failure.serverFailed, Failure.notThawed, Failure.stopped],
    run: run)

  static func run(_ parsed: Parsed) throws -> ExitCode {
    let output = try Globals.output(parsed)
    let path = Path(try parsed[source])
    let engine = try Globals.engine(parsed)
    var importing = Importing(
      path, name: try checkedName(try parsed[name] ?? standardName(try FileSystem.resolve(path))))
    importing.image = try parsed[image]
    importing.files = try parsed[files].map { Path($0) }
    importing.ready = try parsed[ready].map { try Probe(url: $0) }
    importing.confines = try parsed[confine]
    importing.memory = try parsed[memory]
    importing.tries = try !parsed[noTrial]
    let progress = FreezeProgress(output)
    let checkpoint: Checkpoint
    do {
      checkpoint = try importing.run(engine) { progress.take($0) }
    } catch {
      progress.fail()
      throw error
    }
    progress.finish()
    try output.result(
      CheckpointLine(checkpoint, names: [importing.name]),
      output.isQuiet ? importing.name : summary(checkpoint.manifest, importing.name))
    return .success
  }

  /// `web` for `/tmp/web.tar.zst`.
  static func standardName(_ path: Path) -> String {
    var name = path.lastComponent
    for ending in [".zst", ".gz", ".tar"] where name.hasSuffix(ending) {
      name.removeLast(ending.count)
    }
    return name
  }

  private static func checkedName(_ name: String) throws -> String {
    guard CheckpointStore.isValidName(name) else {
      throw UsageError(
        .other("'\(name)' is no name: give one with --name, of letters, digits, '.', '_' and '-'"),
        verb: "import")
    }
    return name
  }

  private static func summary(_ manifest: Manifest, _ name: String) -> String {
    let trial = manifest.history.trialThaw.map {
      ", thawed in \(Human.text(.milliseconds(Int64($0)))) in the trial"
    }
    return "\(name) is imported: \(manifest.size)\(trial ?? "")\nRun it with: thaw run -d \(name)"
  }
}
