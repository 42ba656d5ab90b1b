/// A variable for the environment: `NAME=VALUE`, or `NAME` alone for the value that the caller has.
package struct Assignment: Hashable, Sendable, CustomStringConvertible {
  /// The name, never empty.
  package var name: String
  /// The value; nil: that of the caller's environment.
  package var value: String?

  /// A variable from its parts.
  package init(name: String, value: String?) {
    self.name = name
    self.value = value
  }

  /// Reads `NAME=VALUE` or `NAME`; nil when the name is empty or has a space in it.
  package init?(_ text: String) {
    let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    guard let name = parts.first, !name.isEmpty, !name.contains(where: \.isWhitespace) else {
      return nil
    }
    self.init(name: String(name), value: parts.count == 2 ? String(parts[1]) : nil)
  }

  /// The text form that reads back as the same variable.
  package var description: String { value.map { "\(name)=\($0)" } ?? name }
}

extension ValueKind where Value == Assignment {
  /// A variable for the environment: `NAME=VALUE` or `NAME`.
  package static var assignment: ValueKind {
    ValueKind("NAME[=VALUE]", expecting: "a variable such as NAME=VALUE", parse: Assignment.init)
  }
}
