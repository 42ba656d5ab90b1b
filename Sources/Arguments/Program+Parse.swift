/// What a command line asks for.
package enum Invocation: Sendable {
  /// To run a verb.
  case run(Command, Parsed)
  /// To write this text to stdout, line end included, and exit with 0: help, version, completions,
  /// a man page.
  case show(String)
}

extension Program {
  /// Reads the words behind the program's name.
  ///
  /// `environment` is asked for options that name a variable; `format` is for help texts. No words
  /// at all ask for help. Throws a ``UsageError`` that is ready to be printed.
  package func parse(
    _ words: [String], environment: [String: String] = [:], format: HelpFormat = HelpFormat()
  ) throws(UsageError) -> Invocation {
    guard !words.isEmpty else { return .show(help(format)) }
    var command: Command?
    do throws(UsageError.Problem) {
      var first = Parser(options, style: .stopsAtArgument, words: words[...])
      do { try first.run() } catch {
        if Self.asksForHelp(words[...]) { return .show(help(format)) }
        throw error
      }
      if first.options[Self.versionFlag.definition.name] != nil {
        return .show("\(name) \(version)\n")
      }
      let wantsHelp = first.options[Self.help.definition.name] != nil
      guard let verb = first.rest.first else {
        if wantsHelp { return .show(help(format)) }
        throw .missingVerb
      }
      let found = try self.verb(verb)
      command = found
      if wantsHelp { return .show(help(of: found, format)) }
      return try parse(found, first, environment, format)
    } catch {
      throw located(error, command)
    }
  }

  /// Whether a flag is among the words before `--`, even when they cannot be parsed: `--json`
  /// decides how errors are told.
  package func mentions(_ flag: Option<Bool>, in words: [String]) -> Bool {
    words.prefix { $0 != "--" }.contains(flag.definition.long)
  }

  private func parse(
    _ command: Command, _ globals: Parser, _ environment: [String: String], _ format: HelpFormat
  ) throws(UsageError.Problem) -> Invocation {
    let table = options(of: command)
    var parser = Parser(
      table, style: command.passesThrough ? .passesThrough : .mixed,
      words: globals.rest.dropFirst())
    do { try parser.run() } catch {
      if Self.asksForHelp(parser.rest) { return .show(help(of: command, format)) }
      throw error
    }
    var parsed = Parsed(
      verb: command.name,
      // A hidden global option must not reach the verb's own one of the same name.
      options: globals.options.filter { given in
        !command.options.contains { $0.name == given.key }
      },
      declaredOptions: Set(table.map(\.name)),
      declaredArguments: Set(command.arguments.map(\.name)))
    parsed.options.merge(parser.options) { $0 + $1 }
    if parsed.options[Self.help.definition.name] != nil {
      return .show(help(of: command, format))
    }
    parsed.words = parser.words
    try parsed.fill(table, from: environment)
    try parsed.checkOptions(of: command)
    try parsed.place(parser.words, in: command.arguments)
    return try answer(command, parsed, format) ?? .run(command, parsed)
  }

  /// The answers of the program's own verbs.
  private func answer(
    _ command: Command, _ parsed: Parsed, _ format: HelpFormat
  ) throws(UsageError.Problem) -> Invocation? {
    switch command.name {
    case "help":
      guard let topic = parsed.words.first else { return .show(help(format)) }
      return .show(help(of: try verb(topic), format))
    case Self.completions.name:
      return .show(completions(for: try parsed.value(of: Self.shell)))
    case Self.manual.name:
      if try parsed.value(of: Self.list) {
        return .show(manualPages().map { $0.name + "\n" }.joined())
      }
      return .show(try manualPage(named: try parsed.value(of: Self.page)))
    default: return nil
    }
  }

  private func manualPage(named name: String?) throws(UsageError.Problem) -> String {
    guard let name else { return manualPage() }
    if let page = manualPages().first(where: { $0.name == name }) { return page.text }
    return manualPage(of: try verb(name))
  }

  private func verb(_ name: String) throws(UsageError.Problem) -> Command {
    if let command = command(name) { return command }
    let known = commands.filter { !$0.isHidden }.map(\.name)
    throw .unknownVerb(name, suggestion: Suggestion.best(for: name, among: known))
  }

  /// Adds the usage line and where to find help.
  private func located(_ problem: UsageError.Problem, _ command: Command?) -> UsageError {
    var error = UsageError(problem, verb: command?.name)
    error.usage = [
      "Usage: " + (command.map(usage(of:)) ?? usage),
      "See '\(name) \(command.map { $0.name + " " } ?? "")--help' for more.",
    ]
    return error
  }

  /// Whether somebody who made a mistake has asked for help in the same line.
  private static func asksForHelp(_ words: ArraySlice<String>) -> Bool {
    words.prefix { $0 != "--" }.contains(help.definition.long)
  }
}
