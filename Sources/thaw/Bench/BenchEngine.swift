import Images

/// Who starts containers.
enum BenchEngine: String, CaseIterable, Sendable, Codable {
  /// Thaw's own engine: `thaw run`.
  case runc
  case docker
  case podman

  /// The command; nil for Thaw's own.
  var program: ImageDestination.Program? {
    switch self {
    case .runc: nil
    case .docker: .docker
    case .podman: .podman
    }
  }

  /// What it can start, in the order of the table.
  var ways: [BenchWay] {
    switch self {
    case .runc: [.cold, .hot, .warm]
    case .docker: [.hello, .cold, .hot, .warm]
    case .podman: [.hello, .cold, .restore, .hot, .warm]
    }
  }
}
