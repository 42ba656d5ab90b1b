import Arguments
import Checkpoint
import Images
import Linux
import Terminal

/// `thaw inspect`: all that is known about a checkpoint or a container.
enum InspectVerb {
  static let files = Option(
    flag: "files", "List the files that the server had open and those of the checkpoint.")
  static let memory = Option(
    flag: "memory", "Show each mapping: mapped from a file or copied at a thaw, and why.")
  static let verify = Option(
    flag: "verify", "Read every file of the checkpoint and compare digests.")
  static let image = Option(
    flag: "image",
    "The name is that of an image that `thaw build` made: show its checkpoints, and what each is for."
  )
  static let name = Positional(
    "NAME", .checkpoint, "A checkpoint or a container: its name or id; with --image an image.")

  static let command = Command(
    "inspect", summary: "Show all about a checkpoint, a container or an image.",
    discussion: """
      With --json the result is one object; that of a checkpoint has its whole manifest. Values of \
      variables whose names sound like secrets are shown with --json only.

      With --verify the exit code tells whether the checkpoint is as it was made.
      """,
    arguments: [name],
    options: [files, memory, verify, image, Target.onlyCheckpoint, Target.onlyContainer],
    exclusive: [
      [Target.onlyCheckpoint, Target.onlyContainer], [verify, Target.onlyContainer],
      [files, Target.onlyContainer], [memory, Target.onlyContainer],
      [image, files], [image, memory], [image, verify], [image, Target.onlyContainer],
      [image, Target.onlyCheckpoint],
    ],
    examples: [
      .init("thaw inspect ledger", "What it is, where and how it was frozen."),
      .init("thaw inspect --verify ledger", "Also whether it is as it was made."),
      .init("thaw inspect --memory ledger", "Also what becomes of its memory, and why."),
      .init(
        "thaw inspect --image ledger:thawed", "The checkpoints in an image of Docker or podman."),
      .init("thaw inspect --json ledger | jq .manifest.ports", "One fact of it."),
    ],
    exitCodes: [
      .init(1, "It is damaged, or it failed; the message says why and what to do."),
      Failure.notFound, Failure.notRoot,
    ], run: run)

  static func run(_ parsed: Parsed) throws -> ExitCode {
    SignalSet.endThisProgram()
    let output = try Globals.output(parsed)
    if try parsed[image] {
      let details = try ImageDetails.of(try parsed[name])
      try output.json(details)
      show(Sheet(details), output)
      return try output.ended()
    }
    let stock = try Stock(parsed)
    let isVerified = try parsed[verify]
    let showsMemory = try parsed[memory]
    let isContents = try parsed[files] || isVerified || showsMemory
    let kind = try Target.Kind(parsed) ?? (isContents ? .checkpoint : nil)
    switch try Target.find(try parsed[name], kind, in: stock) {
    case .container(let record):
      let line = ContainerLine.current(record, in: stock)
      try output.json(line)
      show(Sheet(line, stock.containers.folder(record.id), now: Clock.wall()), output)
      return try output.ended()
    case .checkpoint(let stored):
      let checkpoint = try Checkpoint.read(stored.path)
      var details = CheckpointDetails(stored, checkpoint.manifest, host: .current())
      if isVerified { details.verification = try verification(of: checkpoint, output) }
      if showsMemory { details.memory = try checkpoint.memoryReport() }
      try output.json(details)
      var sheet = Sheet(details, files: try parsed[files], now: Clock.wall())
      if let report = details.memory { sheet.addMemory(report) }
      show(sheet, output)
      return try output.ended(try judge(details, isVerified, output))
    }
  }

  private static func show(_ sheet: Sheet, _ output: Output) {
    for line in sheet.lines(on: output.results) { output.line(line) }
  }

  /// What the exit code and standard error say about the checkpoint's state.
  private static func judge(
    _ details: CheckpointDetails, _ isVerified: Bool, _ output: Output
  ) throws -> ExitCode {
    let name = details.names.first ?? String(details.id.prefix(12))
    if let changes = details.verification?.changes, !changes.isEmpty {
      throw Failure(
        Failure.failed,
        "\(name): \(changes.count) of its files are not as at the freeze; freeze the server again")
    }
    if let damage = details.damage {
      guard !isVerified else { throw Failure(Failure.failed, "\(name) is damaged: \(damage)") }
      output.warning("\(name) is damaged: \(damage)")
    }
    return .success
  }

  private static func verification(
    of checkpoint: Checkpoint, _ output: Output
  ) throws -> CheckpointDetails.Verification {
    let manifest = checkpoint.manifest
    return try output.phase("Verify", .bytes(of: manifest.size)) { phase in
      let changes = try checkpoint.changes { reading in
        phase.advance(to: Int(reading.done))
        phase.detail(reading.path.string)
      }
      return CheckpointDetails.Verification(
        files: manifest.contents.count, bytes: manifest.size, changes: changes.map(\.description))
    }
  }
}
