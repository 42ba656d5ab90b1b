import Terminal

/// The pictures of one server's figures; nil where nothing was measured for one.
struct BenchCharts {
  let server: String
  let figures: [Figure]

  /// From PID 1's start to the first answer: all ways that restore.
  var fromInit: Chart? {
    comparison(
      Figure.Name.fromInit, title: "To the first answer, from the start of thaw init",
      leaving: [.cold])
  }

  /// From the user's command to the first answer.
  var firstAnswers: Chart? {
    comparison(
      Figure.Name.firstAnswer,
      title: "To the first answer, from the start of thaw run, container and network included")
  }

  /// From the user's command to the first answer in an engine that is not Thaw's.
  func firstAnswers(in engine: BenchEngine) -> Chart? {
    comparison(
      Figure.Name.firstAnswer,
      title: "To the first answer, from the start of \(engine.rawValue) run", in: engine)
  }

  /// The time that CRIU takes.
  var inCRIU: Chart? {
    comparison(Figure.Name.inCRIU, title: "Time in CRIU")
  }

  /// Each phase of a thaw, one below the other.
  var timeLine: Chart? {
    let phases = phases(.hot, .warm)
    guard !phases.isEmpty else { return nil }
    var reached = 0.0
    let bars = phases.map { phase in
      defer { reached += phase.length }
      return Chart.Bar(
        phase.name, phase.length, from: reached, text: text(phase.length),
        phase.name == BenchSample.criuPhase ? .strong : .plain)
    }
    return Chart(
      title: "Time line of a thaw",
      subtitle: "from the start of thaw run; medians of each phase", bars: bars)
  }

  /// The phases of all ways, each way one bar.
  var parts: Chart? {
    let series = BenchWay.allCases.filter { $0 != .cold }.flatMap { way in
      BenchCache.allCases.map { (way: way, cache: $0) }
    }
    let bars = series.compactMap { way, cache -> Chart.Bar? in
      let phases = phases(way, cache)
      guard !phases.isEmpty else { return nil }
      let segments = Self.groups.map { group in
        Chart.Segment(
          group.name,
          phases.filter { group.phases.contains($0.name) }.reduce(0) { $0 + $1.length })
      }
      return Chart.Bar(
        label(way, cache), parts: segments, text: text(phases.reduce(0) { $0 + $1.length }))
    }
    guard bars.count > 1 else { return nil }
    return Chart(
      title: "Where the time goes", subtitle: "medians of each part, from the start of thaw run",
      bars: bars)
  }

  /// Memory at the first answer and after more requests.
  var memory: Chart? {
    let moments = [
      (Figure.Name.resident, Figure.Name.own, "first answer"),
      (Figure.Name.residentLater, Figure.Name.ownLater, "\(Bench.requests) requests"),
    ]
    let bars = moments.flatMap { resident, own, moment in
      BenchWay.allCases.compactMap { way -> Chart.Bar? in
        guard let all = figures.first(resident, way), let mine = figures.first(own, way) else {
          return nil
        }
        return Chart.Bar(
          "\(way.title), \(moment)",
          parts: [
            .init("its own", mine.median),
            .init("pages of files, one copy for all", all.median - mine.median),
          ],
          text: "\(FigureText.number(mine.median)) of \(FigureText.number(all.median)) MB")
      }
    }
    guard !bars.isEmpty else { return nil }
    return Chart(
      title: "Memory, its own and shared",
      subtitle:
        "resident memory of the server's processes; its own are pages that are in no file or changed",
      bars: bars)
  }

  /// The first freeze and the one after it.
  var freezes: Chart? {
    let bars = [
      (Figure.Name.freeze, "freeze, ready to finished"),
      (Figure.Name.secondFreeze, "second freeze"),
    ].compactMap { name, label -> Chart.Bar? in
      figures.first(name, .hot).map { .init(label, $0.median, text: text($0.median), .strong) }
    }
    return bars.isEmpty ? nil : Chart(title: "Freeze", bars: bars)
  }

  /// Requests per second.
  var throughput: Chart? {
    let bars = [BenchWay.cold, .hot].compactMap { way in
      figures.first(Figure.Name.throughput, way).map { figure in
        Chart.Bar(
          way.title, figure.median, text: "\(FigureText.number(figure.median)) a second",
          way == .hot ? .strong : .plain)
      }
    }
    guard bars.count == 2 else { return nil }
    return Chart(
      title: "Requests per second", subtitle: "both servers equally warm, loaded in turns",
      bars: bars)
  }

  // MARK: Parts

  /// What is shown as one part where all phases would be too many.
  private static let groups: [(name: String, phases: [String])] = [
    ("engine", ["engine"]), ("network", ["network"]), ("container", ["container"]),
    (
      "opened and judged",
      ["checkpoint opened", "CRIU found", "judged", "taken over", "lazy-pages daemon"]
    ),
    (BenchSample.criuPhase, [BenchSample.criuPhase]), ("first answer", ["first answer"]),
  ]

  private func phases(_ way: BenchWay, _ cache: BenchCache) -> [BenchSample.Phase] {
    figures.filter {
      $0.figure.hasPrefix(Figure.Name.phase) && $0.engine == BenchEngine.runc.rawValue
        && $0.way == way.rawValue && $0.cache == cache.rawValue
    }.map {
      .init(name: String($0.figure.dropFirst(Figure.Name.phase.count)), length: $0.median)
    }
  }

  private func comparison(
    _ name: String, title: String, leaving: Set<BenchWay> = [], in engine: BenchEngine = .runc
  ) -> Chart? {
    var least = Int.max
    let bars = BenchWay.allCases.filter { !leaving.contains($0) }.flatMap { way in
      BenchCache.allCases.compactMap { cache -> Chart.Bar? in
        guard let figure = figures.first(name, way, cache, engine: engine.rawValue)
        else { return nil }
        least = min(least, figure.runs)
        return Chart.Bar(
          label(way, cache), figure.median, text: text(figure.median),
          way == .hot ? .strong : .plain)
      }
    }
    guard !bars.isEmpty else { return nil }
    return Chart(title: title, subtitle: "medians of at least \(least)", bars: bars)
  }

  private func label(_ way: BenchWay, _ cache: BenchCache) -> String {
    way.title + (cache == .cold ? ", page cache cold" : "")
  }

  private func text(_ milliseconds: Double) -> String {
    FigureText.value(milliseconds, unit: "ms")
  }
}
