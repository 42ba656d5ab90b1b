/// A way to start a server, or a way to look at one.
enum BenchWay: String, CaseIterable, Sendable, Codable {
  /// From its program.
  case cold
  /// Restored by CRIU, which copies all of its memory.
  case criu
  /// Restored by CRIU, whose daemon brings the memory in page by page.
  case lazyPages = "lazy-pages"
  /// Thawed by Thaw.
  case hot
  /// The same processes without any memory, restored and left standing still: what CRIU takes at least.
  case empty

  /// What people read.
  var title: String {
    switch self {
    case .cold: "cold start"
    case .criu: "criu restore"
    case .lazyPages: "criu restore --lazy-pages"
    case .hot: "thaw"
    case .empty: "criu restore without memory"
    }
  }
}

/// Whether the files of a checkpoint are in memory before a start.
enum BenchCache: String, CaseIterable, Sendable, Codable {
  case warm
  case cold
}

/// A way with its page cache: one series of starts.
struct BenchSeries: Hashable, Sendable {
  var way: BenchWay
  var cache: BenchCache = .warm
}
