import Linux
import Terminal
import Testing

@Suite struct SurfaceTests {
  @Test(.timeLimit(.minutes(1))) func `a terminal shows colours and can be redrawn`() throws {
    let pair = try TerminalPair(columns: 97)
    let surface = Surface(of: pair.stream, environment: ["TERM": "xterm", "LANG": "de_DE.UTF-8"])
    #expect(
      surface == Surface(isTerminal: true, hasColours: true, hasUnicode: true, columns: 97))
  }

  @Test(
    .timeLimit(.minutes(1)),
    arguments: [
      (["TERM": "xterm", "NO_COLOR": "1"], true, false),
      (["TERM": "xterm", "NO_COLOR": ""], true, true),
      (["TERM": "dumb"], false, false), ([:], false, false),
    ])
  func `the environment can refuse colours and redrawing`(
    environment: [String: String], isTerminal: Bool, hasColours: Bool
  ) throws {
    let pair = try TerminalPair(columns: 80)
    let surface = Surface(of: pair.stream, environment: environment)
    #expect(surface.isTerminal == isTerminal)
    #expect(surface.hasColours == hasColours)
  }

  @Test(arguments: [
    (["LANG": "C.UTF-8"], true), (["LANG": "en_US.utf8"], true), (["LANG": "C"], false),
    (["LC_ALL": "C", "LANG": "C.UTF-8"], false), (["LC_ALL": "", "LANG": "C.UTF-8"], true),
    (["LC_CTYPE": "C.UTF-8", "LANG": "C"], true), (["LANG": "de_DE.UTF-8@euro"], true),
    ([:], false),
    (["LANG": "de_DE.ISO-8859-1"], false),
  ])
  func `characters beyond ASCII need a locale with UTF-8`(
    environment: [String: String], hasUnicode: Bool
  ) throws {
    let pipe = try Pipe()
    let surface = Surface(
      of: BorrowedDescriptor(pipe.writer.rawValue), environment: environment)
    #expect(surface.hasUnicode == hasUnicode)
    #expect(!surface.isTerminal && !surface.hasColours)
  }

  @Test(arguments: [("120", 120), ("0", 80), ("-4", 80), ("wide", 80), ("", 80)])
  func `COLUMNS counts where there is no terminal`(text: String, columns: Int) throws {
    let pipe = try Pipe()
    let surface = Surface(
      of: BorrowedDescriptor(pipe.writer.rawValue), environment: ["COLUMNS": text])
    #expect(surface.columns == columns)
  }

  @Test func `styles are sequences where there are colours, and nothing elsewhere`() {
    let colours = Surface(hasColours: true)
    #expect(colours.styled("ok", .bold, .green) == "\u{1B}[1;32mok\u{1B}[0m")
    #expect(colours.styled("", .bold) == "")
    #expect(Surface().styled("ok", .bold, .green) == "ok")
  }
}
