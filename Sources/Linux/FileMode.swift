/// The permission bits of a file, with set-user, set-group and sticky: 0 to 0o7777.
public struct FileMode: OptionSet, Hashable, Sendable, Codable, ExpressibleByIntegerLiteral,
  CustomStringConvertible
{
  /// The bits.
  public let rawValue: UInt32

  /// Makes a mode of its bits; those above 0o7777 are cut off.
  public init(rawValue: UInt32) {
    self.rawValue = rawValue & 0o7777
  }

  /// Makes a mode of an octal literal such as `0o644`.
  public init(integerLiteral value: UInt32) {
    self.init(rawValue: value)
  }

  /// Octal, with a leading zero: `0644`.
  public var description: String { "0" + String(rawValue, radix: 8) }
}
