/// The moment at which a wait gives up, on CLOCK_MONOTONIC.
///
/// Made once and handed down, so that the parts of one operation share its time.
public struct Deadline: Hashable, Sendable {
  /// When it is on the monotonic clock; nil for never.
  private let moment: Duration?

  private init(moment: Duration?) {
    self.moment = moment
  }

  /// A deadline that lies ahead by a duration; a negative one has passed already.
  public static func after(_ duration: Duration) -> Deadline {
    Deadline(moment: Clock.monotonic() + duration)
  }

  /// No deadline at all.
  public static let never = Deadline(moment: nil)

  /// Whether there is none.
  public var isNever: Bool { moment == nil }

  /// What is left, never less than zero; a hundred years for `never`.
  public var remaining: Duration {
    guard let moment else { return .seconds(100 * 365 * 86_400) }
    return max(.zero, moment - Clock.monotonic())
  }

  /// Whether the moment is over.
  public var hasPassed: Bool {
    guard let moment else { return false }
    return Clock.monotonic() >= moment
  }

  /// The earlier of this deadline and one that lies ahead by a duration.
  public func or(after duration: Duration) -> Deadline {
    let other = Deadline.after(duration)
    return remaining <= duration ? self : other
  }

  /// What is left for a system call; -1 for never.
  var nanoseconds: Int64 {
    moment == nil ? -1 : remaining.nanoseconds
  }
}

extension Duration {
  /// Whole nanoseconds, at most and at least what fits 64 bits (292 years).
  public var nanoseconds: Int64 {
    let parts = components
    let (scaled, overflow) = parts.seconds.multipliedReportingOverflow(by: 1_000_000_000)
    guard !overflow else { return parts.seconds < 0 ? .min : .max }
    let (sum, more) = scaled.addingReportingOverflow(parts.attoseconds / 1_000_000_000)
    return more ? (parts.seconds < 0 ? .min : .max) : sum
  }
}
