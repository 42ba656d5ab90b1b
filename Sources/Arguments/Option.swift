/// An option of a command, declared once: it is a row of the command's table and the key to its
/// value.
///
/// ```swift
/// static let detach = Option(flag: "detach", short: "d", "Return when the server answers.")
/// static let name = Option("name", .text("NAME"), "The server's name.")           // String?
/// static let within = Option("within", .duration, default: .seconds(30), "")     // Duration
/// static let publish = Option(repeated: "publish", short: "p", .portMapping, "") // [PortMapping]
/// ```
package struct Option<Value: Sendable>: OptionEntry {
  package let definition: OptionDefinition
  /// Makes the value of the texts that were given, which have passed the kind's check; nil when
  /// they are not enough.
  let read: @Sendable ([String]) -> Value?

  private init(_ definition: OptionDefinition, read: @escaping @Sendable ([String]) -> Value?) {
    self.definition = definition
    self.read = read
  }

  /// An option that may be given once; the last one counts; nil when it was not given.
  ///
  /// `environment` names a variable that is used instead when the option was not given.
  package init<Wrapped>(
    _ name: String, short: Character? = nil, _ kind: ValueKind<Wrapped>,
    environment: String? = nil, hidden: Bool = false, _ help: String
  ) where Value == Wrapped? {
    let definition = OptionDefinition(
      name: name, short: short, rule: kind.rule, help: help, environment: environment,
      isHidden: hidden)
    self.init(definition) { texts in
      guard let text = texts.last else { return .some(nil) }
      return kind.parse(text).map { .some($0) }
    }
  }

  /// An option with a default, which the help shows.
  package init(
    _ name: String, short: Character? = nil, _ kind: ValueKind<Value>, default value: Value,
    environment: String? = nil, hidden: Bool = false, _ help: String
  ) {
    let definition = OptionDefinition(
      name: name, short: short, rule: kind.rule, help: help, defaultText: kind.format(value),
      environment: environment, isHidden: hidden)
    self.init(definition) { texts in texts.last.map(kind.parse) ?? value }
  }

  /// An option that must be given.
  package init(
    required name: String, short: Character? = nil, _ kind: ValueKind<Value>,
    environment: String? = nil, _ help: String
  ) {
    let definition = OptionDefinition(
      name: name, short: short, rule: kind.rule, help: help, environment: environment,
      isRequired: true)
    self.init(definition) { texts in texts.last.flatMap(kind.parse) }
  }

  /// An option that may be given many times; all values count, in their order.
  package init<Element>(
    repeated name: String, short: Character? = nil, _ kind: ValueKind<Element>,
    hidden: Bool = false, _ help: String
  ) where Value == [Element] {
    let definition = OptionDefinition(
      name: name, short: short, rule: kind.rule, help: help, isRepeated: true, isHidden: hidden)
    self.init(definition) { texts in texts.compactMap(kind.parse) }
  }

  /// An option without a value: given or not.
  package init(
    flag name: String, short: Character? = nil, hidden: Bool = false, _ help: String
  ) where Value == Bool {
    let definition = OptionDefinition(name: name, short: short, help: help, isHidden: hidden)
    self.init(definition) { texts in !texts.isEmpty }
  }
}
