/// What was given on the command line, read through the keys that the tables declare.
///
/// ```swift
/// let name = try parsed[Run.name]
/// if try parsed[Run.detach] { … }
/// ```
/// Values have passed their checks. Reading a key that the command's table does not list is a
/// mistake in the program; it throws ``UsageError/Problem/undeclared(_:)``, it does not trap.
package struct Parsed: Sendable {
  /// The verb.
  package let verb: String
  /// The texts of each option, by long name; a flag that was given has an empty one.
  var options: [String: [String]] = [:]
  /// The texts of each argument, by name.
  var arguments: [String: [String]] = [:]
  /// Options whose value came from the environment.
  var fromEnvironment: Set<String> = []
  let declaredOptions: Set<String>
  let declaredArguments: Set<String>
  /// All arguments in their order, without options, the verb, and the `--` that ended the options.
  package internal(set) var words: [String] = []

  /// The value of an option.
  package subscript<Value>(option: Option<Value>) -> Value {
    get throws(UsageError) {
      do { return try value(of: option) } catch { throw UsageError(error, verb: verb) }
    }
  }

  /// The value of an argument.
  package subscript<Value>(argument: Positional<Value>) -> Value {
    get throws(UsageError) {
      do { return try value(of: argument) } catch { throw UsageError(error, verb: verb) }
    }
  }

  /// Whether the option was given on the command line, so that its value is neither a default nor
  /// from the environment.
  package func isGiven(_ option: some OptionEntry) -> Bool {
    let name = option.definition.name
    return options[name] != nil && !fromEnvironment.contains(name)
  }

  func value<Value>(of option: Option<Value>) throws(UsageError.Problem) -> Value {
    let name = option.definition.name
    guard declaredOptions.contains(name), let value = option.read(options[name] ?? []) else {
      throw .undeclared("--" + name)
    }
    return value
  }

  func value<Value>(of argument: Positional<Value>) throws(UsageError.Problem) -> Value {
    let name = argument.definition.name
    guard declaredArguments.contains(name), let value = argument.read(arguments[name] ?? [])
    else { throw .undeclared(name) }
    return value
  }
}
