import Arguments
import Images
import Linux
import Terminal

/// `thaw ps`: the containers.
enum PsVerb {
  static let all = Option(flag: "all", short: "a", "Those that have ended, too.")
  static let wide = Option(flag: "wide", short: "w", "More columns: id, pid, why it is not hot.")

  static let command = Command(
    "ps", summary: "List servers that run.",
    discussion: """
      TIER says how a server was started: `hot` was thawed, `cold` was not, and --wide says why. \
      FIRST ANSWER is the time from the start until it answered. OWN is the memory that would be \
      free if it ended, SHARED what other processes or the page cache have, too.

      With --json each server is a line; times are in seconds since 1970, memory is in bytes.
      """,
    options: [all, wide],
    examples: [
      .init("thaw ps", "What runs."),
      .init("thaw ps --all --wide", "Also what has ended, and why a start was cold."),
      .init("thaw stop $(thaw ps --quiet)", "Stops all of it."),
    ], exitCodes: [Failure.failed, Failure.notRoot], run: run)

  static func run(_ parsed: Parsed) throws -> ExitCode {
    SignalSet.endThisProgram()
    let output = try Globals.output(parsed)
    let stock = try Stock(parsed)
    do { try stock.sweep() } catch { output.warning("cleaning up: \(error)") }
    let isAll = try parsed[all]
    let records = try stock.containers.list().filter {
      isAll || $0.state == .running || $0.state == .created
    }
    if output.isQuiet, !output.isJSON {
      for record in records { output.line(record.name) }
      return try output.ended()
    }
    let isWide = try parsed[wide]
    let now = Clock.wall()
    var table = ContainerLine.table(wide: isWide)
    for record in records {
      let line = ContainerLine.current(record, in: stock)
      try output.json(line)
      table.add(line.row(wide: isWide, now: now))
    }
    output.table(table)
    return try output.ended()
  }
}
