import Arguments
import Linux
import Terminal

/// `thaw doctor`: what this machine can do, what it lacks, and the fix.
enum DoctorVerb {
  static let lacking = ExitCode(
    7, "Something is missing without which no server can be thawed here; its line has the fix.")

  static let tries = Option(
    flag: "try", "Also freeze and thaw a program in a container, which takes two seconds.")

  static let command = Command(
    "doctor", summary: "Say what this machine lacks, and how to get it.",
    discussion: """
      A line for each thing that was looked at: `ok`, `warning` (a thaw works, but something else \
      does not), `missing` (no thaw without it) or `note`, what was found, and behind an arrow the \
      fix. What can be tried is tried, in namespaces that go away at once; as root it finds out \
      most. What killed processes left behind is cleaned up.

      With --quiet only warnings and what is missing are shown; with --json each check is a line \
      with `check`, `verdict`, `found` and `fix`.
      """,
    options: [tries],
    examples: [
      .init("thaw doctor", "Looks at everything."),
      .init("thaw doctor --try", "Also proves that a program can be frozen and thawed."),
      .init("thaw doctor --quiet && echo fine", "Shows only what is not well."),
      .init(
        "thaw doctor --json | jq -r 'select(.verdict==\"missing\").fix'", "The fixes alone."),
    ], exitCodes: [Failure.failed, lacking, Failure.notRoot], run: run)

  static func run(_ parsed: Parsed) throws -> ExitCode {
    SignalSet.endThisProgram()
    let output = try Globals.output(parsed)
    let doctor = Doctor(root: Path(try parsed[Globals.root]))
    var counts: [Check.Verdict: Int] = [:]
    let tell = { (check: Check) in
      counts[check.verdict, default: 0] += 1
      guard !output.isQuiet || check.verdict == .warning || check.verdict == .missing else {
        return
      }
      try output.result(check, check.line(on: output.results))
    }
    try doctor.run(tell)
    if try parsed[tries] { try tell(doctor.trial()) }
    let missing = counts[.missing] ?? 0
    if !output.isQuiet { output.line(summary(missing, warnings: counts[.warning] ?? 0)) }
    guard missing > 0 else { return try output.ended() }
    return try output.ended(doctor.isRoot ? lacking : Failure.notRoot)
  }

  static func summary(_ missing: Int, warnings: Int) -> String {
    let more =
      warnings == 0 ? "" : warnings == 1 ? ", with one warning" : ", with \(warnings) warnings"
    return switch missing {
    case 0: "Servers can be frozen and thawed here\(more)."
    case 1: "One thing is missing\(more): no server can be thawed here yet."
    default: "\(missing) things are missing\(more): no server can be thawed here yet."
    }
  }
}
