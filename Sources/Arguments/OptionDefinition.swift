/// Anything that can be a row of a table of options.
package protocol OptionEntry: Sendable {
  /// The row without the type of its value.
  var definition: OptionDefinition { get }
}

/// A row of a table of options, as parsing, help, completions and man pages read it.
package struct OptionDefinition: OptionEntry {
  /// The long name without dashes, unique in its command.
  package let name: String
  /// The one-letter form, if there is one.
  package let short: Character?
  /// What values it takes; nil for a flag.
  let rule: ValueRule?
  let help: String
  var defaultText: String?
  var environment: String?
  var isRequired = false
  var isRepeated = false
  var isHidden = false

  package var definition: OptionDefinition { self }

  /// `--publish`.
  var long: String { "--" + name }

  /// `-p`, if there is one.
  var dashed: String? { short.map { "-\($0)" } }

  /// `--name NAME`, or `--detach`: how errors call it.
  var spelled: String { rule.map { "\(long) \($0.placeholder)" } ?? long }

  /// All spellings, the short one first.
  var spellings: [String] { (dashed.map { [$0] } ?? []) + [long] }

  init(
    name: String, short: Character?, rule: ValueRule? = nil, help: String,
    defaultText: String? = nil, environment: String? = nil, isRequired: Bool = false,
    isRepeated: Bool = false, isHidden: Bool = false
  ) {
    self.name = name
    self.short = short
    self.rule = rule
    self.help = help
    self.defaultText = defaultText
    self.environment = environment
    self.isRequired = isRequired
    self.isRepeated = isRepeated
    self.isHidden = isHidden
  }
}
