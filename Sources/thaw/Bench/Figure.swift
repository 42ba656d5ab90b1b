import Linux
import Terminal

/// A measured figure: a line of `thaw bench --json`.
struct Figure: Encodable {
  var server: String
  var figure: String
  var way: String
  var engine = "runc"
  var cache = "warm"
  var unit: String
  var median: Double
  var min: Double
  var max: Double
  var runs: Int

  init(server: String, _ figure: String, _ way: BenchWay, unit: String, _ values: [Double]) {
    self.server = server
    self.figure = figure
    self.way = way.rawValue
    self.unit = unit
    let sorted = values.sorted()
    let middle = sorted.count / 2
    median =
      sorted.count % 2 == 1 || sorted.isEmpty
      ? sorted.dropFirst(middle).first ?? 0 : (sorted[middle - 1] + sorted[middle]) / 2
    min = sorted.first ?? 0
    max = sorted.last ?? 0
    runs = sorted.count
  }

  /// All figures of a run, in the order in which they are read.
  static func all(
    _ samples: [BenchWay: [Bench.Sample]], _ ways: [BenchWay], server: String, size: ByteCount
  ) -> [Figure] {
    let own = { (memory: ProcessMemory) in memory.own.megabytes }
    let all = { (memory: ProcessMemory) in memory.resident.megabytes }
    let taken = ways.map { (way: $0, samples: samples[$0] ?? []) }
    var figures = taken.map {
      Figure(server: server, "first answer", $0.way, unit: "ms", $0.samples.map(\.firstAnswer))
    }
    if let cold = figures.first(where: { $0.way == "cold" }),
      let hot = figures.first(where: { $0.way == "hot" }), hot.median > 0
    {
      figures.append(
        Figure(server: server, "cold / hot", .hot, unit: "times", [cold.median / hot.median]))
    }
    for (figure, value) in [("resident memory", all), ("memory of its own", own)] {
      figures += taken.map {
        Figure(server: server, figure, $0.way, unit: "MB", $0.samples.map { value($0.memory) })
      }
    }
    figures.append(Figure(server: server, "checkpoint", .hot, unit: "MB", [size.megabytes]))
    return figures
  }

  /// The figures as a table for people.
  static func table(_ figures: [Figure]) -> Table {
    var table = Table([
      .init("FIGURE"), .init("WAY"), .init("MEDIAN", .right), .init("MIN", .right),
      .init("MAX", .right), .init("UNIT"), .init("RUNS", .right),
    ])
    for figure in figures {
      table.add([
        .init(figure.figure), .init(figure.way), .init(short(figure.median)),
        .init(short(figure.min)), .init(short(figure.max)), .init(figure.unit),
        .init("\(figure.runs)"),
      ])
    }
    return table
  }

  /// Three digits that mean something, or all before the point.
  private static func short(_ value: Double) -> String {
    if value >= 100 { return "\(Int64(value.rounded()))" }
    return "\((value * 10).rounded() / 10)"
  }
}

extension ByteCount {
  /// Millions of bytes.
  var megabytes: Double { Double(bytes) / 1e6 }
}
