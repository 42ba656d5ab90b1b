import Arguments
import Linux
import Testing

@Suite(.enabled(if: Tool.isInstalled("zsh"), "needs zsh")) struct ZshCompletionTests {
  @Test(.timeLimit(.minutes(1))) func `zsh takes the script`() throws {
    let folder = try Scratch()
    try folder.write("script", Sample.program.completions(for: .zsh))
    let finished = try Tool.run("zsh", ["-n", "script"], in: folder)
    #expect(finished.isSuccess && finished.errors.isEmpty, "\(finished.errorText)")
  }

  @Test(
    .timeLimit(.minutes(1)),
    arguments: CompletionCase.common + [
      CompletionCase("thaw run --engine=ru", ["runc"]),
      CompletionCase("thaw run xtdb:l", ["xtdb:latest"], asks: "ls --quiet"),
      CompletionCase("thaw run --name x --na", []),
      CompletionCase("thaw run --hot-only --col", []),
      CompletionCase("thaw run -p 1:1 --publ", ["--publish"]),
    ])
  func `zsh offers what fits`(example: CompletionCase) throws {
    let folder = try Scratch()
    try folder.write("script", Sample.program.completions(for: .zsh))
    try expect(example, loading: "compinit -u -D; source ./script", in: folder)
  }

  @Test(.timeLimit(.minutes(1))) func `zsh finds the script in its search path`() throws {
    let folder = try Scratch()
    try folder.write("_thaw", Sample.program.completions(for: .zsh))
    let example = CompletionCase("thaw run sh", ["shop"], asks: "ls --quiet")
    try expect(example, loading: "fpath=($PWD $fpath); compinit -u -D", in: folder)
  }

  private func expect(
    _ example: CompletionCase, loading: String, in folder: Scratch
  ) throws {
    try folder.addFakeProgram()
    try folder.write("this-file", "")
    try folder.write("my-program", "", mode: 0o700)
    try folder.write("inner", "autoload -Uz compinit; \(loading)\n" + Self.inner)
    try folder.write("drive", Self.driver)
    let finished = try Tool.run("zsh", ["-f", "drive", example.line], in: folder)
    #expect(finished.isSuccess && finished.errors.isEmpty, "\(finished.errorText)")
    #expect(Set(finished.sortedLines) == Set(example.offers))
    if let asked = example.asked { #expect(try folder.read("asked").hasPrefix(asked + "\n")) }
  }

  /// Types the line and a tabulator into an interactive zsh on a terminal of its own, and prints
  /// what that one tells.
  static let driver = #"""
    zmodload zsh/zpty
    zpty shell zsh -f -i
    zpty -w shell 'PS1= PS2= PROMPT_EOL_MARK=; source ./inner; print READY''-NOW'
    while zpty -r shell text; do [[ $text == *READY-NOW* ]] && break; done
    zpty -n -w shell "$1"$'\t\x07'
    while zpty -r shell text; do
      [[ $text == *'HIT '* ]] && print -r -- "${${text##*HIT }%$'\r'*}"
      [[ $text == *DONE-NOW* ]] && break
    done
    zpty -d shell
    """#

  /// Makes the interactive zsh tell each word that it would offer.
  static let inner = #"""
    zstyle ':completion:*' verbose no
    compadd() {
      if [[ ${@[1,(i)(-|--)]} == *-(O|A|D)\ * ]]; then builtin compadd "$@"; return; fi
      local -a hits
      builtin compadd -A hits "$@"
      local hit
      for hit in $hits; do print -r -- "HIT $hit"; done
      builtin compadd "$@"
    }
    finish() { print -r -- 'DONE''-NOW'; exit }
    zle -N finish
    bindkey '^I' complete-word
    bindkey '^G' finish
    """#
}
