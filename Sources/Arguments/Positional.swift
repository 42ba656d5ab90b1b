/// An argument that is known by its place, declared once: a row of the command's table and the key
/// to its value.
///
/// ```swift
/// static let checkpoint = Positional("CHECKPOINT", .checkpoint, "What to thaw.")    // String
/// static let server = Positional(optional: "SERVER", .container, "Which one.")  // String?
/// static let words = Positional(repeated: "ARGUMENT", .text(), "For the server.")   // [String]
/// ```
/// In a table required ones come first, then optional ones, then at most one that is repeated.
package struct Positional<Value: Sendable>: PositionalEntry {
  package let definition: PositionalDefinition
  /// Makes the value of the texts in its place; nil when they are not enough.
  let read: @Sendable ([String]) -> Value?

  private init(
    _ definition: PositionalDefinition, read: @escaping @Sendable ([String]) -> Value?
  ) {
    self.definition = definition
    self.read = read
  }

  /// An argument that must be given.
  package init(_ name: String, _ kind: ValueKind<Value>, _ help: String) {
    self.init(PositionalDefinition(name: name, rule: kind.rule, help: help, places: 1...1)) {
      $0.first.flatMap(kind.parse)
    }
  }

  /// An argument that may be left out.
  package init<Wrapped>(
    optional name: String, _ kind: ValueKind<Wrapped>, _ help: String
  ) where Value == Wrapped? {
    self.init(PositionalDefinition(name: name, rule: kind.rule, help: help, places: 0...1)) {
      guard let text = $0.first else { return .some(nil) }
      return kind.parse(text).map { .some($0) }
    }
  }

  /// All arguments that are left, at least so many.
  package init<Element>(
    repeated name: String, _ kind: ValueKind<Element>, atLeast least: Int = 0, _ help: String
  ) where Value == [Element] {
    let definition = PositionalDefinition(
      name: name, rule: kind.rule, help: help, places: least...Int.max)
    self.init(definition) { $0.compactMap(kind.parse) }
  }
}

/// Anything that can be a row of a table of arguments.
package protocol PositionalEntry: Sendable {
  /// The row without the type of its value.
  var definition: PositionalDefinition { get }
}

/// A row of a table of arguments, as parsing, help, completions and man pages read it.
package struct PositionalDefinition: Sendable {
  /// The name in the help, such as `CHECKPOINT`, unique in its command.
  package let name: String
  let rule: ValueRule
  let help: String
  let places: ClosedRange<Int>

  var isRepeated: Bool { places.upperBound > 1 }

  /// `NAME`, `[NAME]`, `NAME...` or `[NAME...]`.
  var usage: String {
    let text = isRepeated ? name + "..." : name
    return places.lowerBound == 0 ? "[\(text)]" : text
  }
}
