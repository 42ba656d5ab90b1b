/// What a figure is to reach.
struct Goal: Sendable {
  /// On which side of the limit the figure is to be.
  enum Side: String, Sendable {
    case atMost = "≤"
    case atLeast = "≥"
  }

  /// Where the limit is.
  enum Limit: Sendable {
    /// A number in the figure's unit.
    case number(Double)
    /// So many times another figure of the same server, which has the same unit.
    case times(Double, figure: String, way: BenchWay)
  }

  var figure: String
  var way = BenchWay.hot
  var cache = BenchCache.warm
  var engines: Set<BenchEngine>
  var side: Side
  var limit: Limit

  init(
    _ figure: String, _ way: BenchWay = .hot, _ cache: BenchCache = .warm,
    in engines: Set<BenchEngine> = [.runc], is side: Side, _ limit: Limit
  ) {
    self.figure = figure
    self.way = way
    self.cache = cache
    self.engines = engines
    self.side = side
    self.limit = limit
  }

  /// All that Thaw is to reach.
  static let all: [Goal] = [
    Goal(
      Figure.Name.inCRIU, is: .atMost, .times(1.6, figure: Figure.Name.inCRIU, way: .empty)),
    Goal(Figure.Name.fromInit, is: .atMost, .number(40)),
    Goal(Figure.Name.timesFaster, is: .atLeast, .number(4)),
    Goal(Figure.Name.firstAnswer, is: .atMost, .number(120)),
    Goal(
      Figure.Name.firstAnswer, in: [.docker, .podman], is: .atMost,
      .times(1.35, figure: Figure.Name.firstAnswer, way: .hello)),
    Goal(Figure.Name.timesFasterThanRestore, in: [.podman], is: .atLeast, .number(1)),
    Goal(Figure.Name.timesFasterThanCold, .warm, is: .atLeast, .number(8)),
    Goal(Figure.Name.fromInit, .hot, .cold, is: .atMost, .number(100)),
    Goal(Figure.Name.freezePer300, is: .atMost, .number(1000)),
    Goal(Figure.Name.secondFreeze, is: .atMost, .number(60)),
    Goal(
      Figure.Name.secondSize, is: .atMost,
      .times(0.1, figure: Figure.Name.checkpoint, way: .hot)),
    Goal(Figure.Name.own, is: .atMost, .times(0.25, figure: Figure.Name.own, way: .cold)),
    Goal(Figure.Name.ownLater, is: .atMost, .times(0.25, figure: Figure.Name.ownLater, way: .cold)),
    Goal(
      Figure.Name.throughput, is: .atLeast, .times(0.97, figure: Figure.Name.throughput, way: .cold)
    ),
    // A tenth is what medians on a busy machine differ by without any reason.
    Goal(Figure.Name.growth, is: .atMost, .number(1.1)),
  ]

  /// The limit as a number; nil if what it depends on was not measured.
  func target(for figure: Figure, among figures: [Figure]) -> Double? {
    switch limit {
    case .number(let number): number
    case .times(let factor, let name, let way):
      figures.first(name, way, server: figure.server, engine: figure.engine).map {
        factor * $0.median
      }
    }
  }

  /// The limit in words: `≤ 1.6 × empty`.
  func text(unit: String) -> String {
    switch limit {
    case .number(let number):
      return "\(side.rawValue) \(FigureText.number(number)) \(unit)"
    case .times(let factor, let name, let way):
      let other = name == figure ? way.title : name
      let share =
        factor < 1 ? "\(FigureText.number(factor * 100)) %" : "\(FigureText.number(factor)) ×"
      return "\(side.rawValue) \(share) of \(other)".replacing("× of", with: "×")
    }
  }

  /// Writes into a figure what it is to reach and whether it does, if this goal is about it.
  ///
  /// Of servers that only differ in their heap nothing is asked but that they do not differ.
  func judge(_ figure: inout Figure, among figures: [Figure]) {
    guard figure.figure == self.figure, figure.way == way.rawValue,
      figure.cache == cache.rawValue,
      engines.contains(where: { $0.rawValue == figure.engine }), figure.runs > 0,
      HeapGrowth.size(of: figure.server) == nil,
      let target = target(for: figure, among: figures)
    else { return }
    let excess = side == .atMost ? figure.median - target : target - figure.median
    figure.goal = text(unit: figure.unit)
    figure.target = Figure.rounded(target)
    figure.holds = excess <= 0
    figure.short = excess > 0 ? Figure.rounded(excess) : nil
  }
}

extension [Figure] {
  /// The figures with their goals.
  func judged(by goals: [Goal] = Goal.all) -> [Figure] {
    map { figure in
      var figure = figure
      for goal in goals { goal.judge(&figure, among: self) }
      return figure
    }
  }
}
