import Checkpoint
import Images
import Linux
import Terminal

/// What a bench measures, and in which order.
struct BenchPlan {
  var ways: [BenchWay]
  var runs: Int
  var coldRuns: Int
  var freezes = 0
  var hibernations = 0
  var throughput: Throughput?
  /// Whether ways that restore are measured with their files out of the page cache, too.
  var dropsCache = true

  init(ways: [BenchWay], runs: Int, coldRuns: Int) {
    self.ways = ways
    self.runs = runs
    self.coldRuns = coldRuns
  }

  /// The series, in the order of the table.
  var series: [BenchSeries] {
    var all: [BenchSeries] = []
    for way in BenchWay.allCases where ways.contains(way) {
      all.append(BenchSeries(way: way))
      if dropsCache, way != .cold, way != .empty { all.append(BenchSeries(way: way, cache: .cold)) }
    }
    return all
  }

  /// All starts in turns: whatever slows the machine down meets all series alike.
  ///
  /// Rare ones are spread over the whole run.
  var turns: [BenchSeries] {
    let most = ways.contains { $0 != .cold } ? runs : coldRuns
    return (0..<most).flatMap { turn in
      series.filter { series in
        let count = series.way == .cold ? min(coldRuns, most) : runs
        return (turn + 1) * count / most > turn * count / most
      }
    }
  }

  /// Measures all of it.
  func run(_ engine: Engine, _ checkpoint: Checkpoint, _ output: Output) throws -> [Figure] {
    let needed = Set(ways).union(throughput == nil ? [] : [.cold, .hot])
    let bench = try output.phase("Other forms of the checkpoint") { _ in
      try Bench(engine, checkpoint, ways: needed)
    }
    if ways.contains(.warm) {
      try output.phase("Data of a server's own") { _ in try bench.makeData() }
    }
    var samples: [BenchSeries: [BenchSample]] = [:]
    let turns = turns
    try output.phase("Starts", .count(of: turns.count, "starts")) { phase in
      for series in turns {
        phase.detail(series.cache == .cold ? "\(series.way.rawValue), cold" : series.way.rawValue)
        samples[series, default: []].append(try bench.measure(series))
        phase.advance(by: 1)
      }
    }
    let server = checkpoint.manifest.server
    var figures = FigureCollection(
      server: server, samples: samples, order: series, size: checkpoint.manifest.size
    ).figures
    if let throughput {
      try output.phase("Throughput") { _ in
        let cold = try bench.start(BenchSeries(way: .cold))
        let hot = try bench.start(BenchSeries(way: .hot))
        figures += try throughput.measure(cold.server, hot.server).figures(server: server)
        try cold.server.kill()
        try hot.server.kill()
      }
    }
    if hibernations > 0 {
      figures += try hibernate(bench, output).figures(server: server)
    }
    if freezes > 0 {
      try output.phase("Freezes", .count(of: freezes, "freezes")) { phase in
        let series = try FreezeSeries(engine, checkpoint, below: bench.folder)
        var taken: [FreezeSeries.Sample] = []
        for _ in 0..<freezes {
          taken.append(try series.measure())
          phase.advance(by: 1)
        }
        figures += taken.figures(server: server)
      }
    }
    return figures
  }

  /// Measures an image in an engine that is not Thaw's.
  func run(_ bench: borrowing EngineBench, _ engine: BenchEngine, _ output: Output) throws
    -> [Figure]
  {
    let first = output.begin("First starts in \(engine.rawValue)")
    try bench.prepare()
    first.finish()
    var samples: [BenchSeries: [BenchSample]] = [:]
    let turns = turns
    let phase = output.begin("Starts in \(engine.rawValue)", .count(of: turns.count, "starts"))
    for series in turns {
      phase.detail(series.way.rawValue)
      samples[series, default: []].append(try bench.measure(series.way))
      phase.advance(by: 1)
    }
    phase.finish()
    return FigureCollection(
      server: bench.server, samples: samples, order: series, size: nil, engine: engine
    ).figures
  }

  /// Freezes thawed servers again, each after so many requests.
  private func hibernate(
    _ bench: borrowing Bench, _ output: Output
  ) throws -> [HibernationSeries.Sample] {
    let phase = output.begin("Second freezes", .count(of: hibernations, "freezes"))
    var taken: [HibernationSeries.Sample] = []
    let place = try bench.copy()
    for _ in 0..<hibernations {
      let started = try bench.start(BenchSeries(way: .hot), at: place)
      for _ in 0..<Bench.requests { try started.server.ask() }
      taken.append(try HibernationSeries.measure(started.server))
      try started.server.kill()
      phase.advance(by: 1)
    }
    phase.finish()
    return taken
  }
}
