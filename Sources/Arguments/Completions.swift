extension Program {
  /// The completion script for a shell; it needs nothing but the shell itself, and calls the
  /// program for names only.
  package func completions(for shell: Shell) -> String {
    switch shell {
    case .bash: BashCompletion(self).script
    case .zsh: ZshCompletion(self).script
    case .fish: FishCompletion(self).script
    }
  }
}

/// What the completion scripts of all shells need from the tables.
struct CompletionTable {
  let program: Program

  /// The verbs that are offered.
  var commands: [Command] { program.commands.filter { !$0.isHidden } }

  /// The options that are offered before a verb.
  var globals: [OptionDefinition] { program.options.filter { !$0.isHidden } }

  /// The options that are offered behind a verb.
  func options(of command: Command) -> [OptionDefinition] {
    program.options(of: command).filter { !$0.isHidden }
  }

  /// The program's name as a part of a shell function's name.
  var identifier: String {
    String(program.name.map { $0.isLetter || $0.isNumber ? $0 : "_" })
  }

  /// Help in one line without the full stop.
  func short(_ text: String) -> String {
    let line = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    return line.hasSuffix(".") ? String(line.dropLast()) : line
  }
}

/// Quotes a text for a POSIX shell and for zsh: 'it'\''s'.
func shellQuoted(_ text: String) -> String {
  "'" + text.map { $0 == "'" ? "'\\''" : String($0) }.joined() + "'"
}
