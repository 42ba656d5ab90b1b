/// A whole command line program: its verbs under headings, its global options, its manual.
///
/// It adds the option `--help` to every verb, `--version` to the program, and three verbs of its
/// own: `help [VERB]`, `completions SHELL` and the hidden `manual [PAGE]`, which prints a man page
/// and with `--list` the names of all pages.
package struct Program: Sendable {
  /// Verbs that stand together in the help.
  package struct Group: Sendable {
    let heading: String
    let commands: [Command]

    /// `heading` without a colon.
    package init(_ heading: String, _ commands: [Command]) {
      self.heading = heading
      self.commands = commands
    }
  }

  /// A variable of the environment that the program reads.
  package struct Variable: Sendable {
    let name: String
    let meaning: String

    /// `meaning` is one sentence.
    package init(_ name: String, _ meaning: String) {
      self.name = name
      self.meaning = meaning
    }
  }

  /// The name that is typed.
  package let name: String
  /// The version, as `--version` prints it after the name.
  package let version: String
  let summary: String
  let discussion: String
  let options: [OptionDefinition]
  let groups: [Group]
  let examples: [Command.Example]
  let exitCodes: [ExitCode]
  let environment: [Variable]

  /// Declares a program.
  ///
  /// `options` may be given before and after the verb; a verb's own option hides one of the same
  /// name or letter. `summary` and `discussion` are as for ``Command``.
  package init(
    _ name: String, version: String, summary: String, discussion: String = "",
    options: [any OptionEntry] = [], groups: [Group], examples: [Command.Example] = [],
    exitCodes: [ExitCode] = [], environment: [Variable] = []
  ) {
    self.name = name
    self.version = version
    self.summary = summary
    self.discussion = discussion
    self.options =
      options.map(\.definition) + [Self.help.definition, Self.versionFlag.definition]
    self.examples = examples
    self.exitCodes = Command.completed(exitCodes)
    self.environment = environment
    let verbs = groups.flatMap(\.commands).filter { !$0.isHidden }.map(\.name) + Self.builtIn
    self.groups =
      groups + [Group("Help", [Self.helpVerb(verbs), Self.completions, Self.manual])]
  }

  /// All verbs, those of the program itself too.
  package var commands: [Command] { groups.flatMap(\.commands) }

  /// The verb of this name.
  package func command(_ name: String) -> Command? { commands.first { $0.name == name } }

  /// The options that may follow the verb: its own, then the global ones that those do not hide.
  func options(of command: Command) -> [OptionDefinition] {
    command.options + globals(of: command)
  }

  /// The global options as a verb sees them: without those that its own hide, and `--version`.
  func globals(of command: Command) -> [OptionDefinition] {
    options.compactMap { option in
      guard option.name != Self.versionFlag.definition.name,
        !command.options.contains(where: { $0.name == option.name })
      else { return nil }
      guard command.options.contains(where: { $0.short == option.short && $0.short != nil })
      else { return option }
      return option.withoutShort()
    }
  }
}

extension OptionDefinition {
  fileprivate func withoutShort() -> OptionDefinition {
    OptionDefinition(
      name: name, short: nil, rule: rule, help: help, defaultText: defaultText,
      environment: environment, isRequired: isRequired, isRepeated: isRepeated, isHidden: isHidden)
  }
}
