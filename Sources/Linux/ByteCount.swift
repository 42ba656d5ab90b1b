/// A number of bytes.
public struct ByteCount: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// The number.
  public var bytes: UInt64

  /// Makes a count of a number.
  public init(_ bytes: UInt64) {
    self.bytes = bytes
  }

  /// Makes a count of a number that a system call gave; a negative one is 0.
  public init(_ bytes: Int64) {
    self.bytes = UInt64(max(0, bytes))
  }

  /// Makes a count of a number of the program; a negative one is 0.
  public init(_ bytes: Int) {
    self.bytes = UInt64(max(0, bytes))
  }

  /// Nothing.
  public static let zero = ByteCount(0 as UInt64)

  /// A number of 1,024 bytes.
  public static func kibibytes(_ count: UInt64) -> ByteCount { ByteCount(count << 10) }
  /// A number of 1,048,576 bytes.
  public static func mebibytes(_ count: UInt64) -> ByteCount { ByteCount(count << 20) }

  /// Fewer comes first.
  public static func < (left: ByteCount, right: ByteCount) -> Bool { left.bytes < right.bytes }
  /// The sum, at most what fits.
  public static func + (left: ByteCount, right: ByteCount) -> ByteCount {
    let (sum, overflow) = left.bytes.addingReportingOverflow(right.bytes)
    return ByteCount(overflow ? .max : sum)
  }
  /// The difference, at least zero.
  public static func - (left: ByteCount, right: ByteCount) -> ByteCount {
    ByteCount(left.bytes > right.bytes ? left.bytes - right.bytes : 0)
  }
  /// Adds to it.
  public static func += (left: inout ByteCount, right: ByteCount) { left = left + right }

  /// In units of 1,000, three digits at most: `144 MB`, `9.8 MB`, `512 B`.
  public var description: String {
    let units = ["B", "kB", "MB", "GB", "TB", "PB", "EB"]
    var unit = 0
    var tenths = bytes
    if bytes < 1000 { return "\(bytes) B" }
    // Rounded to tenths and then to three digits, so that 999,949 is 1.0 MB and not 1000 kB.
    var scale: UInt64 = 1
    while unit < units.count - 1, bytes / scale >= 1000 {
      scale *= 1000
      unit += 1
    }
    tenths = rounded(bytes, by: scale)
    if tenths >= 9995, unit < units.count - 1 {
      unit += 1
      scale *= 1000
      tenths = rounded(bytes, by: scale)
    }
    return tenths < 100
      ? "\(tenths / 10).\(tenths % 10) \(units[unit])" : "\((tenths + 5) / 10) \(units[unit])"
  }

  private func rounded(_ value: UInt64, by scale: UInt64) -> UInt64 {
    let tenth = scale / 10
    return value / tenth + (value % tenth * 2 >= tenth ? 1 : 0)
  }
}

extension ByteCount: Codable {
  /// Reads it as a plain number.
  public init(from decoder: any Decoder) throws {
    bytes = try decoder.singleValueContainer().decode(UInt64.self)
  }

  /// Writes it as a plain number.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(bytes)
  }
}
