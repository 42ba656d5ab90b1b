import Arguments
import Checkpoint
import Linux
import Terminal

/// `thaw ls`: the checkpoints.
enum LsVerb {
  static let command = Command(
    "ls", summary: "List checkpoints.",
    discussion: """
      COLD START is how long the server took to be ready before it was frozen, TRIAL THAW how long \
      it took from its thaw to its first answer when the checkpoint was tried.

      A checkpoint that cannot be read, or whose files are missing or cut short, is shown as \
      damaged; its server can still be started cold if its manifest is whole.

      With --json each checkpoint is a line; sizes are in bytes.
      """,
    examples: [
      .init("thaw ls", "All checkpoints, the newest first."),
      .init("thaw ls --quiet", "Their names, one a line."),
    ], exitCodes: [Failure.failed, Failure.notRoot], run: run)

  static func run(_ parsed: Parsed) throws -> ExitCode {
    SignalSet.endThisProgram()
    let output = try Globals.output(parsed)
    let all = try Stock(parsed).checkpoints.list()
    if output.isQuiet, !output.isJSON {
      // What another falls back to comes and goes with that.
      let behind = Set(all.compactMap { $0.manifest?.fallback })
      for stored in all where !stored.names.isEmpty || !behind.contains(stored.id) {
        output.line(stored.allNames.joined(separator: "\n"))
      }
      return try output.ended()
    }
    let now = Clock.wall()
    var table = Table.checkpoints
    for stored in all {
      var line = CheckpointLine(stored)
      line.fallbackOf = all.first { $0.manifest?.fallback == stored.id }?.allNames.first
      try output.json(line)
      table.add(line.row(now: now))
    }
    if all.isEmpty, output.notes.isTerminal {
      output.note("no checkpoint yet; see: thaw freeze --help")
    }
    output.table(table)
    for stored in all {
      guard case .damaged(let error) = stored.state, !output.isJSON else { continue }
      output.warning("\(stored.allNames[0]) is damaged: \(error)")
    }
    return try output.ended()
  }
}

extension CheckpointStore.Stored {
  /// Its names; the beginning of its id if it has none.
  var allNames: [String] { names.isEmpty ? [String(id.prefix(12))] : names }
}

extension Table {
  /// A table of checkpoints without rows.
  static var checkpoints: Table {
    Table([
      .init("NAME"), .init("ID"), .init("SERVER"), .init("TIER"), .init("SIZE", .right),
      .init("COLD START", .right), .init("TRIAL THAW", .right), .init("CREATED"),
      .init(flexible: "IMAGE", minimum: 12),
    ])
  }
}

extension CheckpointLine {
  /// Its row in a table of checkpoints.
  func row(now: Timestamp) -> [Table.Cell] {
    let time = { (milliseconds: Double?) in
      milliseconds.map { Human.text(milliseconds: $0) } ?? "-"
    }
    // One that is thawed from another's memory file says from whose.
    let kind = (tier ?? "-") + (parent.map { " on \($0.prefix(12))" } ?? "")
    let label =
      names.isEmpty ? fallbackOf.map { "behind \($0)" } ?? "-" : names.joined(separator: ", ")
    return [
      .init(label), .init(String(id.prefix(12))),
      .init(server ?? "-"), damaged == nil ? .init(kind, .green) : .init("damaged", .red),
      .init(bytes.map { "\(ByteCount($0))" } ?? "-"), .init(time(coldStartMilliseconds)),
      .init(time(trialThawMilliseconds)),
      .init(created.map { Human.text(ago: now.since(Timestamp(seconds: $0))) } ?? "-"),
      .init(damaged != nil ? "-" : image ?? "this machine"),
    ]
  }
}
