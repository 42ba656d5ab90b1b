extension Program {
  /// The usage line of the program.
  package var usage: String { "\(name) [OPTIONS] VERB [ARGUMENTS]" }

  /// The usage line of a verb: `thaw run [OPTIONS] CHECKPOINT [ARGUMENT...]`.
  package func usage(of command: Command) -> String {
    let required = command.options.filter(\.isRequired).map(\.spelled)
    let words = [name, command.name] + required + ["[OPTIONS]"] + command.arguments.map(\.usage)
    return words.joined(separator: " ")
  }

  /// The help of the program, all verbs in it.
  package func help(_ format: HelpFormat = HelpFormat()) -> String {
    var page = HelpPage(format)
    page.text(summary)
    page.text(discussion)
    page.usage(usage)
    // One width for the columns of all groups.
    let longest = commands.filter { !$0.isHidden }.map(\.name.count).max() ?? 0
    for group in groups {
      page.definitions(
        group.heading,
        group.commands.filter { !$0.isHidden }.map {
          ($0.name + String(repeating: " ", count: longest - $0.name.count), $0.summary)
        })
    }
    page.options("Options", options)
    page.definitions("Environment", environment.map { ($0.name, $0.meaning) })
    page.examples(examples)
    page.text("Run '\(name) help VERB' for more about a verb.")
    return page.content
  }

  /// The help of one verb.
  package func help(of command: Command, _ format: HelpFormat = HelpFormat()) -> String {
    var page = HelpPage(format)
    page.text(command.summary)
    page.usage(usage(of: command))
    page.text(command.discussion)
    page.definitions("Arguments", command.arguments.map { ($0.name, $0.helpText) })
    page.options("Options", command.options)
    page.options("Global options", globals(of: command))
    page.examples(command.examples)
    page.definitions("Exit codes", command.exitCodes.map { ($0.label, $0.meaning) })
    return page.content
  }
}

extension OptionDefinition {
  /// What it does, the words to choose from, its default and its variable.
  var helpText: String {
    var notes: [String] = []
    if let choices = rule?.choices, !choices.isEmpty {
      notes.append(choices.joined(separator: ", "))
    }
    if let defaultText, !defaultText.isEmpty { notes.append("default: \(defaultText)") }
    if let environment { notes.append("environment: \(environment)") }
    if isRepeated { notes.append("may be repeated") }
    return notes.isEmpty ? help : help + " (" + notes.joined(separator: "; ") + ")"
  }
}

extension PositionalDefinition {
  /// What it is, and the words to choose from when they are few.
  var helpText: String {
    let choices = rule.choices
    guard !choices.isEmpty, choices.count < 8 else { return help }
    return help + " (" + choices.joined(separator: ", ") + ")"
  }
}
