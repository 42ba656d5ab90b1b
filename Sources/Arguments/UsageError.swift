/// A command line that the tables do not allow.
package struct UsageError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What is wrong.
  package enum Problem: Error, Hashable, Sendable {
    /// No such option; with the one that was probably meant.
    case unknownOption(String, suggestion: String?)
    /// An option that needs a value has none.
    case missingValue(option: String)
    /// A flag was given a value: `--detach=yes`.
    case unexpectedValue(option: String, value: String)
    /// A value that is not of the kind; `place` is an option or an argument as the usage spells it.
    case invalidValue(String, place: String, expected: String, suggestion: String?)
    /// Two options that exclude each other.
    case conflict(String, String)
    /// An option that must be given.
    case missingOption(String)
    /// Too few arguments.
    case missingArgument(String)
    /// Too many arguments.
    case unexpectedArgument(String)
    /// Options, but no verb.
    case missingVerb
    /// No such verb; with the one that was probably meant.
    case unknownVerb(String, suggestion: String?)
    /// A command read a key that its table does not list: a mistake in the program.
    case undeclared(String)
    /// What the tables cannot know, found by the command itself.
    case other(String)
  }

  /// What is wrong.
  package let problem: Problem
  /// The verb, if it was known.
  package let verb: String?
  /// The usage line and where to find more; empty for an error that a command made.
  package internal(set) var usage: [String] = []

  /// An error that a command found in its arguments.
  package init(_ problem: Problem, verb: String?) {
    self.problem = problem
    self.verb = verb
  }

  /// The code to exit with: 64, or 70 for a mistake in the program.
  package var exitCode: ExitCode {
    if case .undeclared = problem { .software } else { .usage }
  }

  /// One sentence, without `error:` and without a full stop.
  package var message: String {
    switch problem {
    case .unknownOption(let option, _): "unknown option '\(option)'"
    case .missingValue(let option): "missing value for '\(option)'"
    case .unexpectedValue(let option, let value):
      "the option '\(option)' takes no value, but '\(value)' was given"
    case .invalidValue(let value, let place, let expected, _):
      "the value '\(value)' is invalid for '\(place)': expected \(expected)"
    case .conflict(let one, let other): "'\(one)' and '\(other)' exclude each other"
    case .missingOption(let option): "missing option '\(option)'"
    case .missingArgument(let name): "missing argument '\(name)'"
    case .unexpectedArgument(let word): "unexpected argument '\(word)'"
    case .missingVerb: "no verb was given"
    case .unknownVerb(let verb, _): "unknown verb '\(verb)'"
    case .undeclared(let name): "internal error: '\(name)' is not declared by this verb"
    case .other(let text): text
    }
  }

  /// `did you mean '--publish'?`, or another hint; nil when there is none.
  package var hint: String? {
    switch problem {
    case .unknownOption(_, let suggestion?), .unknownVerb(_, let suggestion?),
      .invalidValue(_, _, _, let suggestion?):
      "did you mean '\(suggestion)'?"
    default: nil
    }
  }

  /// The whole text for stderr, `error:` first, without a line end.
  package var description: String {
    (["error: \(message)"] + (hint.map { [$0] } ?? []) + usage).joined(separator: "\n")
  }
}
