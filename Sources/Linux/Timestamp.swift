import Glibc

/// A moment of the wall clock: seconds and nanoseconds since 1970, UTC.
public struct Timestamp: Hashable, Sendable, Codable, Comparable {
  /// Whole seconds; negative before 1970.
  public var seconds: Int64
  /// The rest, 0 to 999,999,999.
  public var nanoseconds: Int32

  /// Makes a moment of its two parts.
  public init(seconds: Int64, nanoseconds: Int32 = 0) {
    self.seconds = seconds
    self.nanoseconds = nanoseconds
  }

  init(_ spec: timespec) {
    self.init(seconds: Int64(spec.tv_sec), nanoseconds: Int32(spec.tv_nsec))
  }

  var spec: timespec { timespec(tv_sec: Int(seconds), tv_nsec: Int(nanoseconds)) }

  /// Earlier comes first.
  public static func < (left: Timestamp, right: Timestamp) -> Bool {
    (left.seconds, left.nanoseconds) < (right.seconds, right.nanoseconds)
  }

  /// How long after another moment this one is; negative if it is before.
  public func since(_ other: Timestamp) -> Duration {
    .seconds(seconds - other.seconds) + .nanoseconds(Int64(nanoseconds - other.nanoseconds))
  }
}
