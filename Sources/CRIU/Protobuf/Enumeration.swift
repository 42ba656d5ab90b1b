/// Names for numbers, in the order of the `.proto` file.
public final class Enumeration: Sendable {
  /// The enumeration's name, such as `fd_types`.
  public let name: String
  /// Each name with its number.
  public let values: [(name: String, number: Int32)]

  /// Declares an enumeration.
  init(_ name: String, _ values: [(String, Int32)]) {
    self.name = name
    self.values = values.map { (name: $0.0, number: $0.1) }
  }

  /// The name of a number, `nil` for a number that has none.
  public func name(of number: Int128) -> String? {
    values.first { Int128($0.number) == number }?.name
  }

  /// The number of a name, `nil` for a strange name.
  public func number(of name: String) -> Int32? {
    values.first { $0.name == name }?.number
  }
}
