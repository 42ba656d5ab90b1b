extension Program {
  /// All man pages of section 1: `thaw`, `thaw-run`, …; those of hidden verbs are left out.
  package func manualPages() -> [(name: String, text: String)] {
    [(name, manualPage())]
      + commands.filter { !$0.isHidden }.map { ("\(name)-\($0.name)", manualPage(of: $0)) }
  }

  /// The man page of the program, as roff.
  package func manualPage() -> String {
    var page = ManualPage(name, section: "1", source: "\(name) \(version)")
    page.name(name, sentenceAsPhrase(summary))
    page.synopsis(usage)
    page.section("DESCRIPTION")
    page.blocks(discussion.isEmpty ? summary : discussion)
    page.section("VERBS")
    for group in groups {
      page.subsection(group.heading)
      for command in group.commands where !command.isHidden {
        page.definition(Roff.bold("\(name)-\(command.name)") + "(1)", command.summary)
      }
    }
    options("OPTIONS", options, &page)
    examples(examples, &page)
    exits(exitCodes, &page)
    if !environment.isEmpty {
      page.section("ENVIRONMENT")
      for variable in environment { page.definition(Roff.bold(variable.name), variable.meaning) }
    }
    return page.content
  }

  /// The man page of a verb, as roff.
  package func manualPage(of command: Command) -> String {
    let name = "\(self.name)-\(command.name)"
    var page = ManualPage(name, section: "1", source: "\(self.name) \(version)")
    page.name(name, sentenceAsPhrase(command.summary))
    page.synopsis(usage(of: command))
    page.section("DESCRIPTION")
    page.blocks(command.summary)
    page.blocks(command.discussion)
    if !command.arguments.isEmpty {
      page.section("ARGUMENTS")
      for argument in command.arguments {
        page.definition(Roff.italic(argument.name), argument.helpText)
      }
    }
    options("OPTIONS", command.options, &page)
    options("GLOBAL OPTIONS", globals(of: command), &page)
    examples(command.examples, &page)
    exits(command.exitCodes, &page)
    page.section("SEE ALSO")
    page.line(Roff.bold(self.name) + "(1)")
    return page.content
  }

  private func options(_ heading: String, _ all: [OptionDefinition], _ page: inout ManualPage) {
    let options = all.filter { !$0.isHidden }
    guard !options.isEmpty else { return }
    page.section(heading)
    for option in options { page.option(option) }
  }

  private func examples(_ examples: [Command.Example], _ page: inout ManualPage) {
    guard !examples.isEmpty else { return }
    page.section("EXAMPLES")
    for example in examples { page.example(example) }
  }

  private func exits(_ codes: [ExitCode], _ page: inout ManualPage) {
    page.section("EXIT STATUS")
    for code in codes { page.definition(Roff.bold(code.label), code.meaning) }
  }

  /// `Thaw a checkpoint.` as the NAME section has it: `thaw a checkpoint`; a word in capitals
  /// stays.
  private func sentenceAsPhrase(_ text: String) -> String {
    let plain = text.hasSuffix(".") ? text.dropLast() : text[...]
    guard let first = plain.first, let second = plain.dropFirst().first, second.isLowercase else {
      return String(plain)
    }
    return first.lowercased() + plain.dropFirst()
  }
}
