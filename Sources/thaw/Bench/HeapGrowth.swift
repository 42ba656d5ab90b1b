import Terminal

/// How the first answer depends on the size of the heap: figures of servers called `heap-64`, `heap-256` and so on.
struct HeapGrowth {
  /// Megabytes of live data, ascending.
  let sizes: [Int]
  private let figures: [Figure]

  /// Finds the figures; nil if there are not at least two sizes.
  init?(_ figures: [Figure]) {
    self.figures = figures
    sizes = Set(figures.compactMap { Self.size(of: $0.server) }).sorted()
    guard sizes.count > 1 else { return nil }
  }

  /// The megabytes in a server's name.
  static func size(of server: String) -> Int? {
    guard server.hasPrefix(prefix) else { return nil }
    return Int(server.dropFirst(prefix.count))
  }

  private static let prefix = "heap-"

  /// The largest against the smallest, as a figure of its own.
  var figure: Figure? {
    let known = sizes.compactMap { figures.first(Figure.Name.fromInit, .hot, server: name($0)) }
    guard let first = known.first, let last = known.last, known.count > 1 else { return nil }
    var ratio = Figure.ratio(Figure.Name.growth, last, to: first)
    ratio?.server = "\(first.server) to \(last.server)"
    return ratio
  }

  /// The picture.
  var chart: LineChart {
    let ways = BenchWay.allCases.filter { way in
      way != .cold
        && sizes.contains { figures.first(Figure.Name.fromInit, way, server: name($0)) != nil }
    }
    return LineChart(
      title: "To the first answer, from the start of thaw init",
      subtitle: "by the live data in the heap; page cache warm",
      steps: sizes.map { $0 >= 1024 ? "\($0 / 1024) GB" : "\($0) MB" },
      lines: ways.sorted { ($0 == .hot ? 0 : 1) < ($1 == .hot ? 0 : 1) }.map { way in
        .init(
          way.title,
          sizes.map { figures.first(Figure.Name.fromInit, way, server: name($0))?.median })
      }
    ) { FigureText.value($0, unit: "ms") }
  }

  private func name(_ size: Int) -> String { "\(Self.prefix)\(size)" }
}
