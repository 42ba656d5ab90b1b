/// A shell that completions are made for.
package enum Shell: String, CaseIterable, Sendable {
  /// Bash 4.3 or later; the bash-completion package is not needed.
  case bash
  /// Zsh 5 with compinit.
  case zsh
  /// Fish 3 or later.
  case fish
}
