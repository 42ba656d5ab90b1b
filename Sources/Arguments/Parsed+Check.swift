extension Parsed {
  /// Takes the values of options that were not given from the environment; an empty variable counts
  /// as not set.
  mutating func fill(
    _ table: [OptionDefinition], from environment: [String: String]
  ) throws(UsageError.Problem) {
    for option in table where options[option.name] == nil {
      guard let variable = option.environment, let text = environment[variable], !text.isEmpty
      else { continue }
      try option.rule?.check(text, place: "\(variable) in the environment")
      options[option.name] = [text]
      fromEnvironment.insert(option.name)
    }
  }

  /// Checks what options need and exclude.
  func checkOptions(of command: Command) throws(UsageError.Problem) {
    for set in command.exclusive {
      // A variable in the environment is a default; it conflicts with nothing.
      let given = set.filter { options[$0] != nil && !fromEnvironment.contains($0) }
      if given.count > 1 { throw .conflict("--" + given[0], "--" + given[1]) }
    }
    for option in command.options where option.isRequired && options[option.name] == nil {
      throw .missingOption(option.spelled)
    }
  }

  /// Gives each word its place.
  mutating func place(
    _ words: [String], in table: [PositionalDefinition]
  ) throws(UsageError.Problem) {
    var rest = words[...]
    for argument in table {
      let own = rest.prefix(argument.places.upperBound)
      guard own.count >= argument.places.lowerBound else {
        throw .missingArgument(argument.name)
      }
      for word in own { try argument.rule.check(word, place: argument.name) }
      arguments[argument.name] = Array(own)
      rest = rest.dropFirst(own.count)
    }
    if let word = rest.first { throw .unexpectedArgument(word) }
  }
}
