import Arguments
import Checkpoint
import Images
import Linux
import Server
import Terminal

/// `thaw bench`: one server started in several ways, measured in turns.
enum BenchVerb {
  static let runs = Option(
    "runs", short: "n", .number("N", in: 1...1000), default: 20,
    "How many starts of each way that restores.")
  static let coldRuns = Option(
    "cold-runs", .number("N", in: 1...1000), default: 3, "How many cold starts.")
  static let freezes = Option(
    "freezes", .number("N", in: 0...100), default: 3,
    "How many freezes, each with a cold start and a warm-up before it.")
  static let way = Option(
    repeated: "way", .choice("WAY", of: BenchWay.self),
    "A way to start: cold, criu, lazy-pages, hot, warm or empty; with --engine hello, cold, restore, hot or warm. (default: all, and the freezes)"
  )
  static let engine = Option(
    repeated: "engine", .choice("ENGINE", of: BenchEngine.self),
    "Who starts containers: docker, podman, or runc, which is `thaw run`. (default: runc)")
  static let answer = Option(
    "answer", .text("URL"),
    "With docker and podman: the first answer, if not that of the recipe.")
  static let noThroughput = Option(
    flag: "no-throughput", "Do not load a cold-started and a thawed server side by side.")
  static let page = Option(
    "page", .file, "Write a page with tables and pictures, one file of HTML.")
  static let from = Option(
    repeated: "from", .file, "Take figures from this file of JSON lines, too.")
  static let markdown = Option(flag: "markdown", "Print the table in Markdown.")
  static let checkpoint = Positional(
    optional: "CHECKPOINT", .checkpoint,
    "The server to start; with --engine an image of the engine's, too; left out: only --from counts."
  )

  static let command = Command(
    "bench", summary: "Measure a server: cold, restored by CRIU, thawed, in turns.",
    discussion: """
      Each start is a `thaw run` of its own, as a user would call it. "first answer" is the time from the \
      start of that process to an answer over a new connection through the published port; "first \
      answer from thaw init" is told by PID 1 of the container, from its own start. Which answer, the \
      recipe says. The ways: cold; criu: the same dump with all memory copied by CRIU; lazy-pages: \
      the same with CRIU's daemon; hot: Thaw; warm: Thaw before the server's main, with a variable \
      that was not there at the freeze and on a volume with data of its own; empty: the same \
      processes without memory, which is what CRIU takes at least. A start that is of another tier \
      than it is to be ends the run. Restoring ways are measured once more with the checkpoint's files \
      out of the page cache.

      With --engine docker or podman an image of `thaw build`, or one that is made of the checkpoint for \
      this run, is started by the engine's own `run`, and "first answer" is the time from there through \
      the published port. hello: a static server that needs nothing; hot and warm with the one \
      capability, warm with another variable; cold without any right; restore: the same server by \
      `podman container restore`. Container logs tell whether a start was of its tier. Nothing that it \
      made is left in the engine.

      What is to be reached is told beside its figure, with what is missing. \
      With --json each figure is one line.
      """,
    arguments: [checkpoint],
    options: [runs, coldRuns, freezes, way, engine, answer, noThroughput, page, from, markdown],
    examples: [
      .init("thaw bench ledger", "All ways, twenty starts of each that restores."),
      .init("thaw bench --json --runs 3 --way hot ledger", "Three thaws, as JSON lines."),
      .init("thaw bench --page bench.html ledger", "With a page of tables and pictures."),
      .init("thaw bench --engine docker --engine podman ledger", "In Docker and podman."),
      .init("thaw bench --page all.html --from a.jsonl --from b.jsonl", "A page of earlier runs."),
    ], exitCodes: Failure.common + [Failure.serverFailed, Failure.notThawed, Failure.stopped],
    run: run)

  static func run(_ parsed: Parsed) throws -> ExitCode {
    let output = try Globals.output(parsed)
    var figures: [Figure] = []
    var facts = MachineFacts.current()
    if let name = try parsed[checkpoint] {
      let engine = try Globals.engine(parsed)
      let engines = try parsed[Self.engine]
      for program in engines.compactMap(\.program) {
        figures += try measure(parsed, program, name, engine, output)
      }
      if engines.isEmpty || engines.contains(.runc) {
        let found = try engine.checkpoints.find(name)
        facts.add(found.manifest, rootfs: try Running.rootfs(of: found.manifest, engine))
        figures += try measure(parsed, engine, found, output)
      }
    } else if try parsed[from].isEmpty {
      throw UsageError(.other("name a CHECKPOINT, or give figures with --from"), verb: "bench")
    }
    for file in try parsed[from] { figures += try Self.figures(in: Path(file)) }
    if let growth = HeapGrowth(figures)?.figure { figures.append(growth) }
    figures = figures.judged()
    if output.isJSON {
      for figure in figures { try output.json(figure) }
    } else if try parsed[markdown] {
      output.line(FigureText.table(figures).markdown())
    } else {
      output.table(FigureText.table(figures))
    }
    if let file = try parsed[page] {
      try FileSystem.writeFile(
        Path(file), Array(BenchPage(figures: figures, facts: facts).html().utf8), mode: 0o644)
    }
    return .success
  }

  /// Reads what `thaw bench --json` printed.
  static func figures(in file: Path) throws -> [Figure] {
    let bytes = try FileSystem.readFile(file)
    return try bytes.split(separator: UInt8(ascii: "\n")).enumerated().map { index, line in
      do {
        return try JSONText.decode(Figure.self, from: Array(line))
      } catch {
        throw Failure(
          Failure.failed, "\(file), line \(index + 1): is no figure: \(JSONText.explain(error))")
      }
    }
  }

  /// What is asked for among what can be; all of it where nothing is.
  private static func ways(_ parsed: Parsed, among possible: [BenchWay]) throws -> [BenchWay] {
    let asked = try parsed[way]
    if let other = asked.first(where: { !possible.contains($0) }) {
      throw UsageError(
        .other(
          "--way \(other.rawValue): there is no such way here; there are "
            + possible.map(\.rawValue).joined(separator: ", ")), verb: "bench")
    }
    return asked.isEmpty ? possible : asked
  }

  private static func measure(
    _ parsed: Parsed, _ program: ImageDestination.Program, _ name: String, _ engine: Engine,
    _ output: Output
  ) throws -> [Figure] {
    let container = BenchEngine(program)
    let bench = try EngineBench.make(
      program, name, ways: try ways(parsed, among: container.ways),
      answer: try parsed[answer].map { try Probe(url: $0) }, engine)
    var plan = BenchPlan(
      ways: bench.ways, runs: try parsed[runs], coldRuns: try parsed[coldRuns])
    plan.dropsCache = false
    return try plan.run(bench, container, output)
  }

  private static func measure(
    _ parsed: Parsed, _ engine: Engine, _ checkpoint: Checkpoint, _ output: Output
  ) throws -> [Figure] {
    let asked = try parsed[way]
    let isWarm = checkpoint.manifest.fallback != nil
    guard isWarm || !asked.contains(.warm) else {
      throw Failure(
        Failure.notFound,
        "\(checkpoint.manifest.server): was not frozen before its main; its recipe needs `warm`")
    }
    let isAmongEngines = try !parsed[Self.engine].isEmpty
    let possible = try ways(parsed, among: isAmongEngines ? BenchEngine.runc.ways : BenchWay.own)
    var plan = BenchPlan(
      ways: possible.filter { $0 != .warm || isWarm }, runs: try parsed[runs],
      coldRuns: try parsed[coldRuns])
    plan.dropsCache = !isAmongEngines
    if asked.isEmpty, !isAmongEngines {
      plan.freezes = try parsed[freezes]
      plan.hibernations = try parsed[runs]
      plan.throughput = try parsed[noThroughput] ? nil : Throughput()
    }
    return try plan.run(engine, checkpoint, output)
  }
}
