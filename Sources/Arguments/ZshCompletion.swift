/// Writes the completion script for zsh, on its own `_arguments`.
struct ZshCompletion {
  private let table: CompletionTable
  private let function: String

  init(_ program: Program) {
    table = CompletionTable(program: program)
    function = "_" + table.identifier
  }

  var script: String {
    let program = table.program.name
    return """
      #compdef \(program)
      # zsh completion for \(program), made by '\(program) completions zsh'. Do not edit.

      # Offers the lines that the program prints for the words "$@".
      \(function)_names() {
        local -a names
        local expl
        (( ${+opt_args[--root]} )) && root=(--root "${(Q)opt_args[--root]}")
        names=("${(@f)$(_call_program names \(program) ${(q)root[@]} ${(q)@} 2>/dev/null)}")
        _wanted names expl name compadd -a names
      }

      \(function)_verbs() {
        local -a verbs
        verbs=(
      \(verbs)
        )
        _describe -t verbs verb verbs
      }

      \(function)() {
        local curcontext=$curcontext state line
        local -a root
        typeset -A opt_args
        _arguments -s -S -C -A '-*' \\
      \(specs(table.globals, exclusive: [], indent: 4)) \\
          '1:verb:->verb' \\
          '*:: :->arguments' && return
        (( ${+opt_args[--root]} )) && root=(--root "${(Q)opt_args[--root]}")
        case $state in
          verb) \(function)_verbs ;;
          arguments)
            curcontext="${curcontext%:*}-$words[1]:"
            case $words[1] in
      \(verbCases)
            esac ;;
        esac
      }

      # Autoloaded, the file is the function itself; read in with `source`, it only registers it.
      if [ "$funcstack[1]" = "\(function)" ]; then
        \(function) "$@"
      else
        compdef \(function) \(program)
      fi

      """
  }

  private var verbs: String {
    table.commands.map { command in
      "    " + shellQuoted(colonsEscaped(command.name) + ":" + table.short(command.summary))
    }.joined(separator: "\n")
  }

  private var verbCases: String {
    table.commands.map { command in
      let options = specs(
        table.options(of: command), exclusive: command.exclusive, indent: 12)
      let arguments = command.arguments.enumerated().map { index, argument in
        "            " + shellQuoted(spec(of: argument, at: index + 1, of: command))
      }
      let flags = command.passesThrough ? "-s -S -A '-*'" : "-s -S"
      return """
                \(shellQuoted(command.name)))
                  _arguments \(flags) \\
        \(([options] + arguments).joined(separator: " \\\n")) ;;
        """
    }.joined(separator: "\n")
  }

  private func specs(
    _ options: [OptionDefinition], exclusive: [[String]], indent: Int
  ) -> String {
    options.map { option in
      let others = Set(exclusive.filter { $0.contains(option.name) }.joined())
        .subtracting([option.name]).sorted()
      return String(repeating: " ", count: indent) + spec(of: option, others: others)
    }.joined(separator: " \\\n")
  }

  /// `'(-n --name)'{-n+,--name=}'[help]:NAME:action'`, or `'*'{…}` when it may be repeated.
  private func spec(of option: OptionDefinition, others: [String]) -> String {
    let excluded = (option.isRepeated ? [] : option.spellings) + others.map { "--" + $0 }
    var front = excluded.isEmpty ? "" : "(" + excluded.joined(separator: " ") + ")"
    if option.isRepeated { front += "*" }
    var tail = "[" + bracketsEscaped(table.short(option.help)) + "]"
    if let rule = option.rule {
      tail += ":" + colonsEscaped(rule.placeholder) + ":" + action(for: rule.hint)
    }
    var spellings = [option.long + (option.rule == nil ? "" : "=")]
    if let dashed = option.dashed {
      spellings.insert(dashed + (option.rule == nil ? "" : "+"), at: 0)
    }
    if spellings.count == 1 { return shellQuoted(front + spellings[0] + tail) }
    return (front.isEmpty ? "" : shellQuoted(front))
      + "{" + spellings.joined(separator: ",") + "}" + shellQuoted(tail)
  }

  private func spec(
    of argument: PositionalDefinition, at place: Int, of command: Command
  ) -> String {
    let name = colonsEscaped(argument.name)
    let action = action(for: argument.rule.hint)
    if argument.isRepeated {
      // Behind `*::`, `_normal` would complete the words as a command line of their own.
      if argument.rule.hint == .program { return "*::\(name):_normal" }
      return "*:\(name):\(action)"
    }
    return "\(place)\(argument.places.lowerBound == 0 ? "::" : ":")\(name):\(action)"
  }

  private func action(for hint: CompletionHint) -> String {
    switch hint {
    case .nothing: " "
    case .file: "_files"
    case .directory: "_files -/"
    case .program: "_command_names -e"
    case .choices(let words): "(" + words.map(colonsEscaped).joined(separator: " ") + ")"
    // Without the space in front, _arguments would put options of its own before the words.
    case .names(let words): " \(function)_names " + words.joined(separator: " ")
    }
  }

  private func bracketsEscaped(_ text: String) -> String {
    text.map { "[]\\".contains($0) ? "\\\($0)" : String($0) }.joined()
  }

  private func colonsEscaped(_ text: String) -> String {
    text.map { ":\\".contains($0) ? "\\\($0)" : String($0) }.joined()
  }
}
