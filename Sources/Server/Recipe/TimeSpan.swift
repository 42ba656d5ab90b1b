/// A length of time as recipes write it: `500ms`, `30s`, `1.5s`, `2m`, `1h`.
///
/// Exact to the microsecond, encoded as that text, so that it reads the same in a manifest as in a
/// recipe.
package struct TimeSpan: Hashable, Sendable {
  /// The length, always a whole number of microseconds, never negative.
  package let duration: Duration

  private let microseconds: Int64

  /// The span nearest to `duration`: cut to microseconds, zero when negative, at most 10,000 days.
  package init(_ duration: Duration) {
    let (seconds, attoseconds) = duration.components
    let limited = min(max(seconds, 0), Self.longest / 1_000_000)
    let parts = seconds < 0 || limited != seconds ? 0 : max(attoseconds, 0) / 1_000_000_000_000
    self.init(microseconds: limited * 1_000_000 + parts)
  }

  private init(microseconds: Int64) {
    self.microseconds = microseconds
    duration = .microseconds(microseconds)
  }

  /// A span of whole milliseconds.
  package static func milliseconds(_ count: Int) -> TimeSpan { TimeSpan(.milliseconds(count)) }
  /// A span of whole seconds.
  package static func seconds(_ count: Int) -> TimeSpan { TimeSpan(.seconds(count)) }
  /// A span of whole minutes.
  package static func minutes(_ count: Int) -> TimeSpan { TimeSpan(.seconds(count) * 60) }

  private static let longest: Int64 = 10_000 * 86_400 * 1_000_000

  private static let units: [(name: String, microseconds: Int64)] = [
    ("h", 3_600_000_000), ("m", 60_000_000), ("s", 1_000_000), ("ms", 1_000), ("us", 1),
  ]
}

extension TimeSpan: LosslessStringConvertible {
  /// Reads a number with at most six decimals and a unit (`us`, `ms`, `s`, `m`, `h`), nothing
  /// between them; nil for anything else and for more than 10,000 days.
  package init?(_ text: String) {
    let number = text.utf8.prefix { (0x30...0x39).contains($0) || $0 == UInt8(ascii: ".") }
    let unit = String(text.dropFirst(number.count))
    guard let scale = Self.units.first(where: { $0.name == unit })?.microseconds else { return nil }
    let parts = number.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    guard parts.count <= 2, let whole = Int64(String(parts[0]) ?? "") else { return nil }
    let (product, tooLong) = whole.multipliedReportingOverflow(by: scale)
    guard !tooLong, product <= Self.longest else { return nil }
    var total = product
    if parts.count == 2 {
      guard (1...6).contains(parts[1].count), let decimals = Int64(String(parts[1]) ?? "") else {
        return nil
      }
      let divisor = (0..<parts[1].count).reduce(Int64(1)) { power, _ in power * 10 }
      total += decimals * scale / divisor
    }
    guard total <= Self.longest else { return nil }
    self.init(microseconds: total)
  }

  /// The shortest text that reads back as the same span.
  package var description: String {
    if microseconds == 0 { return "0s" }
    let whole = Self.units.first { microseconds % $0.microseconds == 0 }
    if let whole, whole.microseconds >= 1_000_000 {
      return "\(microseconds / whole.microseconds)\(whole.name)"
    }
    let (unit, name): (Int64, String) = microseconds >= 1_000_000 ? (1_000_000, "s") : (1_000, "ms")
    let rest = microseconds % unit
    guard rest != 0 else { return "\(microseconds / unit)\(name)" }
    var decimals = String(String(unit + rest).dropFirst())
    while decimals.hasSuffix("0") { decimals.removeLast() }
    return "\(microseconds / unit).\(decimals)\(name)"
  }
}

extension TimeSpan: Comparable {
  /// Shorter before longer.
  package static func < (first: TimeSpan, second: TimeSpan) -> Bool {
    first.microseconds < second.microseconds
  }
}

extension TimeSpan: Codable {
  /// Decodes the text form.
  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let text = try container.decode(String.self)
    guard let span = TimeSpan(text) else {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "expected a duration such as 30s")
    }
    self = span
  }

  /// Encodes the text form.
  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}
