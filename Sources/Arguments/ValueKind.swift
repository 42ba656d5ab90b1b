/// What a value on the command line may be: its place holder in the help, its check, and how a
/// shell completes it.
///
/// The ready-made kinds are static members (`.text`, `.file`, `.duration`, `.portMapping`, …); a
/// kind of one's own needs a function that gives nil for a text that is not such a value.
package struct ValueKind<Value: Sendable>: Sendable {
  /// The place holder, such as `DURATION`.
  package let placeholder: String
  /// What was expected, for the error, such as `a duration such as 30s`.
  package let expectation: String
  /// What a shell offers for it.
  package let hint: CompletionHint
  let parse: @Sendable (String) -> Value?
  let format: @Sendable (Value) -> String

  /// Makes a kind; `format` writes a default value into the help as it would be typed.
  package init(
    _ placeholder: String, expecting expectation: String, hint: CompletionHint = .nothing,
    format: @escaping @Sendable (Value) -> String = { "\($0)" },
    parse: @escaping @Sendable (String) -> Value?
  ) {
    self.placeholder = placeholder
    self.expectation = expectation
    self.hint = hint
    self.parse = parse
    self.format = format
  }

  /// The same kind with another place holder in the help.
  package func named(_ placeholder: String) -> ValueKind {
    ValueKind(placeholder, expecting: expectation, hint: hint, format: format, parse: parse)
  }

  /// What the tables of a command keep of a kind, without its type.
  var rule: ValueRule {
    let parse = self.parse
    return ValueRule(
      placeholder: placeholder, expectation: expectation, hint: hint,
      accepts: { parse($0) != nil })
  }
}

/// A kind of value without its type, as parsing, help and completions need it.
struct ValueRule: Sendable {
  var placeholder: String
  var expectation: String
  var hint: CompletionHint
  var accepts: @Sendable (String) -> Bool

  /// The words to choose from, if it is such a kind.
  var choices: [String] {
    if case .choices(let words) = hint { words } else { [] }
  }
}
