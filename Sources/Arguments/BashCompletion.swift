/// Writes the completion script for bash: the tables as `case` statements, then a fixed engine that
/// reads them.
struct BashCompletion {
  private let table: CompletionTable
  private let function: String

  init(_ program: Program) {
    table = CompletionTable(program: program)
    function = "_" + table.identifier
  }

  var script: String {
    let program = table.program.name
    return """
      # bash completion for \(program), made by '\(program) completions bash'. Do not edit.

      # Sets `kind` to what the option $2 of the verb $1 takes, `flag` for nothing.
      # Fails when there is no such option.
      \(function)_option() {
        case "$1 $2" in
      \(optionCases)
          *) return 1 ;;
        esac
      }

      # Sets `kind` to what argument $2 (from 1) of the verb $1 is.
      \(function)_argument() {
        kind=nothing
        case "$1 $2" in
      \(argumentCases)
        esac
      }

      # Sets `offers` to the options of the verb $1.
      \(function)_options() {
        case "$1" in
      \(offerCases)
        esac
      }

      # Tells whether all behind the first argument of the verb $1 is taken as it is.
      \(function)_passes_through() {
        case "$1" in
      \(passThroughCases)
          *) return 1 ;;
        esac
      }

      \(engine)

      """
  }

  /// `'run --publish' | 'run -p') kind=… ;;`, the options of the verbs first, for they hide global
  /// ones.
  private var optionCases: String {
    var lines = table.program.commands.flatMap { command in
      command.options.map { option in
        line(option.spellings.map { shellQuoted("\(command.name) \($0)") }, kind(of: option))
      }
    }
    lines += table.program.options.map { option in
      line(option.spellings.map { "*" + shellQuoted(" " + $0) }, kind(of: option))
    }
    return lines.joined(separator: "\n")
  }

  private var argumentCases: String {
    let verbs = table.commands.map(\.name).joined(separator: " ")
    var lines = [line(["' 1'"], "choices " + verbs)]
    for command in table.commands {
      for (index, argument) in command.arguments.enumerated() {
        let pattern =
          argument.isRepeated
          ? shellQuoted(command.name + " ") + "*" : shellQuoted("\(command.name) \(index + 1)")
        lines.append(line([pattern], kind(of: argument.rule.hint)))
      }
    }
    return lines.joined(separator: "\n")
  }

  private var offerCases: String {
    var lines = table.commands.map { command in
      let words = table.options(of: command).map(\.long).joined(separator: " ")
      return "    \(shellQuoted(command.name))) offers='\(words)' ;;"
    }
    lines.append("    *) offers='\(table.globals.map(\.long).joined(separator: " "))' ;;")
    return lines.joined(separator: "\n")
  }

  private var passThroughCases: String {
    let verbs = table.program.commands.filter(\.passesThrough).map { shellQuoted($0.name) }
    return verbs.isEmpty ? "" : "    \(verbs.joined(separator: " | "))) return 0 ;;"
  }

  private func line(_ patterns: [String], _ kind: String) -> String {
    "    \(patterns.joined(separator: " | "))) kind=\(shellQuoted(kind)) ;;"
  }

  private func kind(of option: OptionDefinition) -> String {
    option.rule.map { kind(of: $0.hint) } ?? "flag"
  }

  /// The word that the engine understands, then its own words.
  private func kind(of hint: CompletionHint) -> String {
    switch hint {
    case .nothing: "nothing"
    case .file: "file"
    case .directory: "directory"
    case .program: "program"
    case .choices(let words): "choices " + words.joined(separator: " ")
    case .names(let words): "names " + words.joined(separator: " ")
    }
  }

  private var engine: String {
    Self.template.split(separator: "@FUNCTION@", omittingEmptySubsequences: false)
      .joined(separator: function)
      .split(separator: "@PROGRAM@", omittingEmptySubsequences: false)
      .joined(separator: table.program.name)
  }
}
