import Arguments
import Linux
import Testing

@Suite(.enabled(if: Tool.isInstalled("fish"), "needs fish")) struct FishCompletionTests {
  @Test(.timeLimit(.minutes(1))) func `fish takes the script`() throws {
    let folder = try Scratch()
    try folder.write("script", Sample.program.completions(for: .fish))
    let finished = try Tool.run("fish", ["--no-execute", "script"], in: folder)
    #expect(finished.isSuccess && finished.errors.isEmpty, "\(finished.errorText)")
  }

  @Test(
    .timeLimit(.minutes(1)),
    arguments: CompletionCase.common + [
      CompletionCase("thaw --", CompletionCase.globals.sorted()),
      CompletionCase("thaw run --engine=ru", ["--engine=runc"]),
      CompletionCase("thaw run xtdb:l", ["xtdb:latest"], asks: "ls --quiet"),
    ])
  func `fish offers what fits`(example: CompletionCase) throws {
    let folder = try Scratch()
    try folder.addFakeProgram()
    try folder.write("this-file", "")
    try folder.write("my-program", "", mode: 0o700)
    try folder.write("script", Sample.program.completions(for: .fish))
    let finished = try Tool.run(
      "fish", ["-c", "source ./script; complete -C $argv[1]", "--", example.line], in: folder)
    #expect(finished.isSuccess && finished.errors.isEmpty, "\(finished.errorText)")
    // Behind a tabulator stands the description.
    let offers = finished.sortedLines.map { String($0.prefix { $0 != "\t" }) }
    #expect(Set(offers) == Set(example.offers))
    if let asked = example.asked { #expect(try folder.read("asked").hasPrefix(asked + "\n")) }
  }
}
