import Arguments
import Linux
import Testing

@Suite(.enabled(if: Tool.isInstalled("bash"), "needs bash")) struct BashCompletionTests {
  @Test(.timeLimit(.minutes(1))) func `bash takes the script`() throws {
    let folder = try Scratch()
    try folder.write("script", Sample.program.completions(for: .bash))
    let finished = try Tool.run("bash", ["-n", "script"], in: folder)
    #expect(finished.isSuccess && finished.errors.isEmpty, "\(finished.errorText)")
  }

  @Test(
    .timeLimit(.minutes(1)), .enabled(if: Tool.isInstalled("shellcheck"), "needs shellcheck"))
  func `shellcheck has nothing to say`() throws {
    let folder = try Scratch()
    try folder.write("script", Sample.program.completions(for: .bash))
    let finished = try Tool.run("shellcheck", ["--shell=bash", "script"], in: folder)
    #expect(finished.isSuccess, "\(finished.text)")
  }

  @Test(
    .timeLimit(.minutes(1)),
    arguments: CompletionCase.common.filter { $0.line != "thaw freeze --name x my-program thi" } + [
      CompletionCase("thaw --", CompletionCase.globals),
      CompletionCase("thaw run --engine=", ["docker", "host", "podman", "runc"]),
      CompletionCase("thaw run --engine=ru", ["runc"]),
      // Bash replaces what stands behind the last colon only.
      CompletionCase("thaw run xtdb:", ["criu-checkpoint", "latest"], asks: "ls --quiet"),
      CompletionCase("thaw run xtdb:l", ["latest"], asks: "ls --quiet"),
      CompletionCase("thaw run --name a:b=c --within=1s xtdb:l", ["latest"], asks: "ls --quiet"),
      CompletionCase("thaw stop -- -", []),
      CompletionCase("thaw run --nonsense --js", ["--json"]),
    ])
  func `bash offers what fits`(example: CompletionCase) throws {
    let folder = try Scratch()
    try folder.addFakeProgram()
    try folder.write("this-file", "")
    try folder.write("my-program", "", mode: 0o700)
    try folder.write("script", Sample.program.completions(for: .bash))
    try folder.write("drive", Self.driver)
    let finished = try Tool.run("bash", ["drive", example.line], in: folder)
    #expect(finished.isSuccess && finished.errors.isEmpty, "\(finished.errorText)")
    #expect(Set(finished.sortedLines) == Set(example.offers))
    if let asked = example.asked { #expect(try folder.read("asked") == asked + "\n") }
  }

  /// Cuts the line into COMP_WORDS as bash does: at spaces, and at the characters of
  /// COMP_WORDBREAKS, which are words of their own; then calls the function that the script
  /// registered.
  static let driver = #"""
    source ./script
    registered=$(complete -p thaw) || exit 1
    [[ $registered == 'complete -F _thaw thaw' ]] || exit 1
    COMP_WORDBREAKS=$' \t\n"\'><=;|&(:'
    COMP_LINE=$1 COMP_POINT=${#1} COMP_WORDS=() COMPREPLY=()
    rest=$1 gap=yes
    while [[ -n $rest ]]; do
      if [[ $rest =~ ^[[:space:]]+ ]]; then
        gap=yes
      elif [[ $rest =~ ^[:=]+ || $rest =~ ^[^:=[:space:]]+ ]]; then
        COMP_WORDS+=("${BASH_REMATCH[0]}")
        gap=
      fi
      rest=${rest#"${BASH_REMATCH[0]}"}
    done
    if [[ -n $gap ]]; then COMP_WORDS+=(''); fi
    COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
    _thaw
    if ((${#COMPREPLY[@]} > 0)); then printf '%s\n' "${COMPREPLY[@]}"; fi
    """#
}
