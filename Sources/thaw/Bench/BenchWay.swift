import Checkpoint

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
  /// Thawed by Thaw before its `main`, which finds another environment and data that was there already.
  case warm
  /// The same processes without any memory, restored and left standing still: what CRIU takes at least.
  case empty
  /// A container of a server that needs nothing: what an engine takes at least.
  case hello
  /// Restored by podman from a checkpoint that podman made.
  case restore

  /// Those of Thaw's own engine.
  static let own: [BenchWay] = [.cold, .criu, .lazyPages, .hot, .warm, .empty]

  /// What people read.
  var title: String {
    switch self {
    case .cold: "cold start"
    case .criu: "criu restore"
    case .lazyPages: "criu restore --lazy-pages"
    case .hot: "thaw"
    case .warm: "thaw before main"
    case .empty: "criu restore without memory"
    case .hello: "hello"
    case .restore: "podman container restore"
    }
  }
}

extension BenchWay {
  /// What PID 1 thaws in a start of this way; nil: nothing.
  var tier: Manifest.Tier? {
    switch self {
    case .cold, .hello, .restore: nil
    case .warm: .warm
    case .criu, .lazyPages, .hot, .empty: .hot
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
