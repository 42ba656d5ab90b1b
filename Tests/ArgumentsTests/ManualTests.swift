import Arguments
import Linux
import Testing

@Suite struct ManualTests {
  static let pages = Sample.program.manualPages()

  @Test func `there is a page for the program and each verb that is not hidden`() throws {
    let names = [
      "thaw", "thaw-freeze", "thaw-run", "thaw-ls", "thaw-ps", "thaw-stop", "thaw-help",
      "thaw-completions",
    ]
    #expect(Self.pages.map(\.name) == names)
    #expect(try Sample.shown("manual --list") == names.map { $0 + "\n" }.joined())
    #expect(try Sample.shown("manual") == Self.pages[0].text)
    #expect(try Sample.shown("manual run") == Self.pages[2].text)
    #expect(try Sample.shown("manual thaw-run") == Self.pages[2].text)
    #expect(throws: UsageError.self) { try Sample.shown("manual nonsense") }
  }

  @Test(
    .timeLimit(.minutes(1)), .enabled(if: Tool.isInstalled("groff"), "needs groff"),
    arguments: pages.map(\.name))
  func `groff formats a page without a warning`(name: String) throws {
    let folder = try Scratch()
    try folder.write("page.1", try Sample.shown("manual \(name)"))
    let finished = try Tool.run("groff", ["-man", "-ww", "-Tutf8", "page.1"], in: folder)
    #expect(finished.isSuccess && finished.errors.isEmpty, "\(finished.errorText)")
    #expect(!finished.output.isEmpty)
  }

  @Test(
    .timeLimit(.minutes(1)), .enabled(if: Tool.isInstalled("man"), "needs man"),
    arguments: pages.map(\.name))
  func `man shows a page without a warning`(name: String) throws {
    let folder = try Scratch()
    try folder.write("page.1", try Sample.shown("manual \(name)"))
    let finished = try Tool.run("man", ["--warnings", "-l", "./page.1"], in: folder)
    #expect(finished.isSuccess && finished.errors.isEmpty, "\(finished.errorText)")
    #expect(finished.text.contains(name.uppercased() + "(1)"))
  }

  @Test(.timeLimit(.minutes(1)), .enabled(if: Tool.isInstalled("man"), "needs man"))
  func `what man shows can be copied: dashes, quotes, backslashes, dots, accents`() throws {
    let folder = try Scratch()
    try folder.write("page.1", try Sample.shown("manual run"))
    let text = try Tool.run(
      "man", ["-l", "./page.1"], in: folder, environment: ["MANWIDTH": "100"]
    ).text
    for part in [
      "thaw-run - thaw a checkpoint, or start its server cold",
      "thaw run -dp 8080:8080 shop", "--hot-only", "Thaws 'shop'", "it'\\''s",
      ".A paragraph that begins with a dot – and ends with a \\ backslash.",
      "    thaw run shop   # stays as it is", "No such checkpoint.",
    ] {
      #expect(text.contains(part), "\(part)")
    }
    #expect(!text.contains("seed"))
  }
}
