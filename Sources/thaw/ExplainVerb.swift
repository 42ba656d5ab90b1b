import Arguments
import Checkpoint
import Images
import Lifecycle
import Linux
import Terminal

/// `thaw explain`: which start a server would get, and why.
enum ExplainVerb {
  static let command = Command(
    "explain", summary: "Say which start a server would get, hot, warm or cold, and why.",
    discussion: """
      Looks at all that `thaw run` would look at, with the same volumes, variables and arguments, \
      and starts nothing: every condition, what the checkpoint needs, what was found, and which \
      tier follows; and what becomes of the server when it is told to end. A volume that is empty, or not made yet, stays so.

      With --json the result is one object with all conditions.
      """,
    arguments: [RunVerb.checkpoint, RunVerb.arguments],
    options: [RunVerb.volume, RunVerb.environment, RunVerb.memory, RunVerb.onStop],
    examples: [
      .init("thaw explain ledger", "Whether it can be thawed here."),
      .init("thaw explain -v books:/var/lib/ledger ledger", "What becomes of a start on a volume."),
      .init("thaw explain ledger -- -f custom.yaml", "What other arguments lead to."),
    ], exitCodes: Failure.common, run: run)

  static func run(_ parsed: Parsed) throws -> ExitCode {
    let output = try Globals.output(parsed)
    let verification = VerificationProgress(output)
    var request = Running(checkpoint: try parsed[RunVerb.checkpoint])
    let words = try parsed[RunVerb.arguments]
    request.arguments = words.isEmpty ? nil : words
    request.environment = try FreezeRequest.variables(try parsed[RunVerb.environment])
    request.volumes = try RunVerb.volumes(parsed)
    request.memoryLimit = try RunVerb.memoryLimit(parsed)
    request.onStop = try parsed[RunVerb.onStop]
    let explanation = try request.explain(try Globals.engine(parsed)) { told in
      switch told {
      case .verifying(let reading): verification.take(reading)
      case .verified: verification.finish()
      default: break
      }
    }
    try show(explanation, output)
    return try output.ended()
  }

  /// The table, and the tier that follows.
  static func show(_ explanation: Explanation, _ output: Output) throws {
    try output.json(Line(explanation))
    guard !output.isJSON else { return }
    if let reason = explanation.coldBecause { output.line("not looked at: \(reason)") }
    if !output.isQuiet {
      var table = Table([
        .init("TIER"), .init("CONDITION"), .init(""), .init(flexible: "NEEDS", minimum: 16),
        .init(flexible: "FOUND", minimum: 16),
      ])
      for candidate in explanation.candidates {
        let tier =
          (candidate.tier?.rawValue ?? "?") + (candidate.variant.map { " (\($0))" } ?? "")
          + (candidate.isHibernated ? ", hibernated" : "")
        if let doubt = candidate.doubt {
          table.add([.init(tier), "checkpoint", .init("no", .red), "whole", .init(doubt)])
        }
        for condition in candidate.conditions {
          table.add([
            .init(tier), .init(condition.name),
            condition.holds ? .init("yes", .green) : .init("no", .red),
            .init(shortened(condition.expected)), .init(shortened(condition.found)),
          ])
        }
      }
      output.table(table)
      for fix in fixes(explanation) { output.line(fix) }
    }
    if !output.isQuiet, let onStop = explanation.onStop {
      output.line(
        onStop == .hibernate
          ? "Told to end, it would be hibernated onto its volume."
          : "Told to end, it would be stopped: \(explanation.stopsBecause ?? "").")
    }
    output.line(output.isQuiet ? explanation.tier : "It would be started \(explanation.tier).")
  }

  /// A command line's end tells more than its beginning.
  private static func shortened(_ text: String) -> String {
    text.count > 60 ? "…" + text.suffix(59) : text
  }

  /// What to do to have each tier that does not hold.
  private static func fixes(_ explanation: Explanation) -> [String] {
    explanation.candidates.prefix { !$0.mayThaw }.compactMap { candidate in
      guard let first = candidate.conditions.first(where: { !$0.holds }) else { return nil }
      let what = candidate.tier?.rawValue ?? "thawed"
      return "To have it \(what)\(candidate.variant.map { " (\($0))" } ?? ""): \(first.fix)."
    }
  }

  /// What `--json` prints.
  private struct Line: Encodable {
    var tier: String
    var coldBecause: String?
    var candidates: [Explanation.Candidate]
    var onStop: OnStop?
    var stopsBecause: String?

    init(_ explanation: Explanation) {
      tier = explanation.tier
      coldBecause = explanation.coldBecause
      candidates = explanation.candidates
      onStop = explanation.onStop
      stopsBecause = explanation.stopsBecause
    }
  }
}
