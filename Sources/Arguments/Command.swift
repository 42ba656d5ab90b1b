/// One verb: the table from which parsing, help, completions and the man page are made, and what it
/// does.
package struct Command: Sendable {
  /// A command line to copy, with what it does.
  package struct Example: Hashable, Sendable {
    let line: String
    let meaning: String

    /// `line` is a whole command line, with the program's name.
    package init(_ line: String, _ meaning: String) {
      self.line = line
      self.meaning = meaning
    }
  }

  /// The verb.
  package let name: String
  let summary: String
  let discussion: String
  let arguments: [PositionalDefinition]
  let options: [OptionDefinition]
  /// Sets of options of which at most one may be given, by name.
  let exclusive: [[String]]
  let passesThrough: Bool
  let examples: [Example]
  let exitCodes: [ExitCode]
  /// Whether help and completions leave it out.
  package let isHidden: Bool
  /// Does the work.
  ///
  /// What it throws is for the program's main to tell.
  package let run: @Sendable (Parsed) throws -> ExitCode

  /// Declares a verb.
  ///
  /// `summary` is one sentence; `discussion` is paragraphs with empty lines between them, lines
  /// that begin with two spaces stay as they are. With `passThrough` everything after the first
  /// argument is taken as it is, as `docker run` does; without it options and arguments mix until
  /// `--`. Exit codes 0 and 64 are added to `exitCodes`.
  package init(
    _ name: String, summary: String, discussion: String = "",
    arguments: [any PositionalEntry] = [], options: [any OptionEntry] = [],
    exclusive: [[any OptionEntry]] = [], passThrough: Bool = false, examples: [Example] = [],
    exitCodes: [ExitCode] = [], hidden: Bool = false,
    run: @escaping @Sendable (Parsed) throws -> ExitCode
  ) {
    self.name = name
    self.summary = summary
    self.discussion = discussion
    self.arguments = arguments.map(\.definition)
    self.options = options.map(\.definition)
    self.exclusive = exclusive.map { $0.map(\.definition.name) }
    self.passesThrough = passThrough
    self.examples = examples
    self.exitCodes = Self.completed(exitCodes)
    self.isHidden = hidden
    self.run = run
  }

  /// Adds the codes that every command has, in the order of their numbers, `other` last.
  static func completed(_ codes: [ExitCode]) -> [ExitCode] {
    let all = codes + [ExitCode.success, .usage].filter { !codes.contains($0) }
    return all.filter { $0.code >= 0 }.sorted { $0.code < $1.code }
      + all.filter { $0.code < 0 }
  }
}
