/// Writes the completion script for fish: one `complete` line for each verb, option and argument,
/// and a small reader of the command line that their conditions ask.
struct FishCompletion {
  private let table: CompletionTable
  private let function: String

  init(_ program: Program) {
    table = CompletionTable(program: program)
    function = "__" + table.identifier
  }

  private var program: String { table.program.name }

  var script: String {
    """
    # fish completion for \(program), made by '\(program) completions fish'. Do not edit.

    # Prints the options of the verb $argv[1] whose value is the next word.
    function \(function)_with_value
        switch "$argv[1]"
    \(valueCases)
        end
    end

    # Prints the verb that was typed, the number of arguments behind it, whether options have ended.
    function \(function)_state
        set -l verb ''
        set -l arguments 0
        set -l ended no
        set -l skip no
        set -l takes (\(function)_with_value '')
        set -l words (commandline -opc)
        set -e words[1]
        for word in $words
            if test $skip = yes
                set skip no
            else if test $ended = no; and test "$word" = --
                set ended yes
            else if test $ended = no; and string match -q -- '--*=*' $word
                continue
            else if test $ended = no; and string match -q -- '--*' $word
                contains -- $word $takes; and set skip yes
            else if test $ended = no; and string match -qr -- '^-.' $word
                # In a group such as -dp the last letter may have its value in the next word.
                contains -- -(string sub -s -1 -- $word) $takes; and set skip yes
            else if test -z "$verb"
                set verb $word
                set takes (\(function)_with_value $verb)
            else
                set arguments (math $arguments + 1)
                contains -- $verb\(passThroughVerbs); and set ended yes
            end
        end
        printf '%s\\n' "$verb" $arguments $ended
    end

    # Tells whether the verb is $argv[1] and options may still come.
    function \(function)_options
        set -l state (\(function)_state)
        test "$state[1]" = "$argv[1]"; and test "$state[3]" = no
    end

    # Tells whether the verb is $argv[1] and argument $argv[2] comes next, or with $argv[3] later.
    function \(function)_argument
        set -l state (\(function)_state)
        test "$state[1]" = "$argv[1]"; or return 1
        set -l next (math $state[2] + 1)
        test $next -eq $argv[2]; and return
        test -n "$argv[3]"; and test $next -gt $argv[2]
    end

    # Prints what the program prints for these words, with the --root that was typed.
    function \(function)_names
        set -l words (commandline -opc)
        set -l root
        for index in (seq (count $words))
            if test "$words[$index]" = --root
                set root --root $words[(math $index + 1)]
            else if string match -q -- '--root=*' $words[$index]
                set root --root (string replace -- --root= '' $words[$index])
            end
        end
        $words[1] $root $argv 2>/dev/null
    end

    complete -c \(program) -f
    \(lines.joined(separator: "\n"))

    """
  }

  /// The verbs as further words for `contains`; a word that no verb is when there are none.
  private var passThroughVerbs: String {
    let verbs = table.program.commands.filter(\.passesThrough).map(\.name)
    return verbs.map { " " + quoted($0) }.joined() + (verbs.isEmpty ? " --" : "")
  }

  private var valueCases: String {
    func words(_ options: [OptionDefinition]) -> String {
      options.filter { $0.rule != nil }.flatMap(\.spellings).map { " " + $0 }.joined()
    }
    var lines = table.commands.map { command in
      (command.name, words(table.program.options(of: command)))
    }
    lines.append(("*", words(table.program.options)))
    return lines.map { name, words in
      "        case \(quoted(name))\n            "
        + (words.isEmpty ? "return 0" : "printf '%s\\n'\(words)")
    }.joined(separator: "\n")
  }

  private var lines: [String] {
    var lines = table.globals.map { line(for: $0, verb: "") }
    for command in table.commands {
      lines.append(
        "complete -c \(program) -n \"\(function)_argument '' 1\" -a \(quoted(command.name))"
          + " -d \(quoted(table.short(command.summary)))")
    }
    for command in table.commands {
      lines += table.options(of: command).map { line(for: $0, verb: command.name) }
      lines += command.arguments.enumerated().compactMap { index, argument in
        guard let action = action(for: argument.rule.hint) else { return nil }
        let later = argument.isRepeated ? " more" : ""
        return
          "complete -c \(program) -n \"\(function)_argument \(command.name) \(index + 1)\(later)\""
          + action
      }
    }
    return lines
  }

  private func line(for option: OptionDefinition, verb: String) -> String {
    var line = "complete -c \(program) -n \"\(function)_options \(verb.isEmpty ? "''" : verb)\""
    if let short = option.short { line += " -s \(short)" }
    line += " -l \(option.name)"
    if let rule = option.rule { line += " -r" + (action(for: rule.hint) ?? " -f") }
    return line + " -d \(quoted(table.short(option.help)))"
  }

  private func action(for hint: CompletionHint) -> String? {
    switch hint {
    case .nothing: nil
    case .file: " -F"
    case .directory: " -f -a '(__fish_complete_directories)'"
    case .program: " -F -a '(__fish_complete_command)'"
    case .choices(let words): " -f -a " + quoted(words.joined(separator: " "))
    case .names(let words): " -f -a '(\(function)_names \(words.joined(separator: " ")))'"
    }
  }

  /// Quotes for fish, where only `\` and `'` mean something inside of single quotes.
  private func quoted(_ text: String) -> String {
    "'" + text.map { "\\'".contains($0) ? "\\\($0)" : String($0) }.joined() + "'"
  }
}
