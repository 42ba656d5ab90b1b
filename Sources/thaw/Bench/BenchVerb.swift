import Arguments
import Checkpoint
import Images
import Linux
import Server
import Terminal

/// `thaw bench`: cold and thawed starts of one server, measured in turns.
enum BenchVerb {
  static let runs = Option(
    "runs", short: "n", .number("N", in: 1...1000), default: 10, "How many starts of each way.")
  static let way = Option(
    repeated: "way", .choice("WAY", of: BenchWay.self),
    "A way to start: cold or hot. (default: both)")
  static let markdown = Option(flag: "markdown", "Print the table in Markdown.")
  static let checkpoint = Positional("CHECKPOINT", .checkpoint, "The server to start.")

  static let command = Command(
    "bench", summary: "Measure starts of a server, cold and thawed, in turns.",
    discussion: """
      Each start is a `thaw run` of its own, as a user would call it: from the start of that \
      process to the first answer over a new connection through the published port. Which answer, \
      the recipe says. With --json each figure is one line.
      """,
    arguments: [checkpoint], options: [runs, way, markdown],
    examples: [
      .init("thaw bench ledger", "Ten cold and ten thawed starts, in turns."),
      .init("thaw bench --json --runs 3 ledger", "Three of each, as JSON lines."),
    ], exitCodes: Failure.common + [Failure.serverFailed, Failure.notThawed, Failure.stopped],
    run: run)

  static func run(_ parsed: Parsed) throws -> ExitCode {
    let output = try Globals.output(parsed)
    let engine = try Globals.engine(parsed)
    let name = try parsed[checkpoint]
    let found = try engine.checkpoints.find(name)
    let asked = try parsed[way]
    let ways = asked.isEmpty ? BenchWay.allCases : asked
    let bench = try Bench(engine, checkpoint: name, found, root: try parsed[Globals.root])
    let count = try parsed[runs]
    var samples: [BenchWay: [Bench.Sample]] = [:]
    try output.phase("Starts", .count(of: count * ways.count, "starts")) { phase in
      for _ in 0..<count {
        for way in ways {
          phase.detail(way.rawValue)
          samples[way, default: []].append(try bench.start(way))
          phase.advance(by: 1)
        }
      }
    }
    let figures = Figure.all(
      samples, ways, server: found.manifest.server, size: found.manifest.size)
    if output.isJSON {
      for figure in figures { try output.json(figure) }
    } else if try parsed[markdown] {
      output.line(Figure.table(figures).markdown())
    } else {
      output.table(Figure.table(figures))
    }
    return .success
  }
}
