extension Program {
  /// What is wrong with the tables themselves, a sentence each; a test of the program expects none.
  package var mistakes: [String] {
    var found = Self.repeated(commands.map(\.name)).map { "two verbs are called '\($0)'" }
    found += Self.mistakes(in: options).map { "global options: \($0)" }
    for command in commands {
      let own = Self.mistakes(in: command.options) + Self.mistakes(in: command.arguments)
      let names = Set(command.options.map(\.name))
      let unknown = Set(command.exclusive.joined()).subtracting(names).sorted().map {
        "'--\($0)' is exclusive, but not in the table"
      }
      found += (own + unknown).map { "\(command.name): \($0)" }
      if command.summary.last != "." {
        found.append("\(command.name): the summary is no sentence with a full stop")
      }
    }
    return found
  }

  private static func mistakes(in options: [OptionDefinition]) -> [String] {
    repeated(options.map(\.long) + options.compactMap(\.dashed)).map { "'\($0)' is listed twice" }
      + options.filter { option in
        option.defaultText.map { text in !(option.rule?.accepts(text) ?? false) } ?? false
      }.map { "the default of '\($0.long)' is not one of its values" }
  }

  private static func mistakes(in arguments: [PositionalDefinition]) -> [String] {
    var found = repeated(arguments.map(\.name)).map { "'\($0)' is listed twice" }
    for (earlier, later) in zip(arguments, arguments.dropFirst()) {
      if earlier.isRepeated {
        found.append("'\(earlier.name)' takes all words, '\(later.name)' would get none")
      } else if earlier.places.lowerBound == 0, later.places.lowerBound > 0 {
        found.append("'\(later.name)' is required behind '\(earlier.name)', which is not")
      }
    }
    return found
  }

  private static func repeated(_ names: [String]) -> [String] {
    var seen: Set<String> = []
    return names.filter { !seen.insert($0).inserted }
  }
}
