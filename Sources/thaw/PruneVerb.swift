import Arguments
import Checkpoint
import Linux
import Terminal

/// `thaw prune`: removes checkpoints that are more than is wanted.
enum PruneVerb {
  static let count = Option(
    "keep", .number("COUNT", in: 1...1_000_000), "How many checkpoints are kept, the newest.")
  static let age = Option("older-than", .duration, "Remove those that are older.")
  static let size = Option(
    "max-size", .byteCount, "How much room all may take together; the newest are kept.")
  static let dryRun = Option(flag: "dry-run", "Say what would be removed, and remove nothing.")

  static let command = Command(
    "prune", summary: "Remove old checkpoints, by number, age and size.",
    discussion: """
      Without a limit those go that have no name and that no other checkpoint needs. What a removed \
      one alone needed goes with it; one that a running server was thawed from stays, and so does \
      one whose memory a hibernated server needs.
      """,
    arguments: [], options: [count, age, size, dryRun],
    examples: [
      .init("thaw prune --keep 10 --older-than 720h", "Ten at most, none older than thirty days."),
      .init("thaw prune --max-size 5g --dry-run", "What would have to go."),
    ], exitCodes: Failure.common, run: run)

  static func run(_ parsed: Parsed) throws -> ExitCode {
    SignalSet.endThisProgram()
    let output = try Globals.output(parsed)
    let store = try Stock(parsed).checkpoints
    let pruning = Pruning(
      count: try parsed[count], age: try parsed[age],
      size: try parsed[size].map { ByteCount($0) })
    let stored = try store.list()
    let isDry = try parsed[dryRun]
    let choices = pruning.choose(among: stored, now: Clock.wall())
    let code = forEach(choices.map(\.id), output) { id in
      guard let one = stored.first(where: { $0.id == id }),
        let choice = choices.first(where: { $0.id == id })
      else { return }
      if !isDry { try store.remove(id) }
      let line = Line(
        id: id, names: one.names, bytes: one.manifest?.size.bytes, reason: choice.reason,
        removed: !isDry)
      let name = one.allNames.joined(separator: ", ")
      try output.result(
        line,
        output.isQuiet
          ? name : "\(name): \(isDry ? "would be removed" : "removed"): \(choice.reason)")
    }
    if choices.isEmpty, !output.isQuiet { output.note("nothing is more than is wanted") }
    return try output.ended(code)
  }

  /// One that is gone, as `--json` prints it.
  private struct Line: Encodable {
    var id: String
    var names: [String]
    var bytes: UInt64?
    var reason: String
    var removed: Bool
  }
}
