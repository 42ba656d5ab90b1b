import Linux

/// A measured figure: a line of `thaw bench --json`.
struct Figure: Codable, Hashable, Sendable {
  /// The recipe that it was measured with.
  var server: String
  /// What was measured.
  var figure: String
  var way: String
  var engine = BenchEngine.runc.rawValue
  /// Whether the checkpoint's files were in memory before: `warm` or `cold`.
  var cache: String
  var unit: String
  var median: Double
  var min: Double
  var max: Double
  /// How many values it is made of.
  var runs: Int
  /// What is to be reached, in words; nil where nothing is.
  var goal: String?
  /// What is to be reached, in the figure's unit.
  var target: Double?
  /// Whether the median reaches it.
  var holds: Bool?
  /// By how much the median falls short, in the figure's unit; nil where it does not.
  var short: Double?

  /// Sums values up.
  init(
    server: String, _ figure: String, _ way: BenchWay, _ cache: BenchCache = .warm, unit: String,
    _ values: [Double]
  ) {
    self.server = server
    self.figure = figure
    self.way = way.rawValue
    self.cache = cache.rawValue
    self.unit = unit
    median = Self.rounded(Self.median(of: values))
    min = Self.rounded(values.min() ?? 0)
    max = Self.rounded(values.max() ?? 0)
    runs = values.count
  }

  /// The value in the middle; of an even number of values the mean of the two in the middle; 0 of none.
  static func median(of values: [Double]) -> Double {
    let sorted = values.sorted()
    let middle = sorted.count / 2
    if sorted.count % 2 == 0, middle > 0 { return (sorted[middle - 1] + sorted[middle]) / 2 }
    return sorted.isEmpty ? 0 : sorted[middle]
  }

  /// To a thousandth: clocks tell no more.
  static func rounded(_ value: Double) -> Double { (value * 1000).rounded() / 1000 }

  /// The quotient of two figures, as a figure of the first one's way; its extremes are those that the values allow.
  static func ratio(_ name: String, _ one: Figure, to other: Figure) -> Figure? {
    guard other.median > 0, other.min > 0, other.max > 0 else { return nil }
    var ratio = one
    ratio.figure = name
    ratio.unit = "times"
    ratio.median = rounded(one.median / other.median)
    ratio.min = rounded(one.min / other.max)
    ratio.max = rounded(one.max / other.min)
    ratio.runs = Swift.min(one.runs, other.runs)
    return ratio
  }
}

extension Figure {
  /// The names of figures that others look for.
  enum Name {
    static let firstAnswer = "first answer"
    static let thawedIn = "thawed, by thaw init"
    static let timesHello = "times a server that only says hello"
    static let timesFasterThanRestore = "times faster than podman container restore"
    static let fromInit = "first answer from thaw init"
    static let inCRIU = "time in CRIU"
    static let phase = "phase: "
    static let resident = "resident memory"
    static let own = "memory of its own"
    static let residentLater = "resident memory after \(Bench.requests) requests"
    static let ownLater = "memory of its own after \(Bench.requests) requests"
    static let checkpoint = "checkpoint"
    static let timesFasterThanCold = "times faster than a cold start"
    static let timesFaster = "times faster than criu restore"
    static let freeze = "freeze of a ready server"
    static let freezePer300 = "freeze per 300 MB"
    static let secondFreeze = "second freeze"
    static let secondSize = "second freeze: size"
    static let throughput = "throughput"
    static let growth = "growth with the heap"
  }
}

extension [Figure] {
  /// The figure of this name, way and cache; of any server and of Thaw's own engine unless told.
  func first(
    _ name: String, _ way: BenchWay, _ cache: BenchCache = .warm, server: String? = nil,
    engine: String = BenchEngine.runc.rawValue
  ) -> Figure? {
    first {
      $0.figure == name && $0.way == way.rawValue && $0.cache == cache.rawValue
        && $0.engine == engine && (server == nil || $0.server == server)
    }
  }
}

extension ByteCount {
  /// Millions of bytes.
  var megabytes: Double { Double(bytes) / 1e6 }
}
