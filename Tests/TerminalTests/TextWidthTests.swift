import Terminal
import Testing

@Suite struct TextWidthTests {
  @Test(arguments: [
    ("", 0), ("abc", 3), ("é", 1), ("e\u{301}", 1), ("漢字", 4), ("🚀", 2), ("━╸─", 3),
  ])
  func `columns`(text: String, columns: Int) {
    #expect(TextWidth.columns(of: text) == columns)
  }

  @Test(arguments: [
    ("abcdef", 6, "abcdef"), ("abcdef", 5, "abcd…"), ("abcdef", 1, "…"), ("abcdef", 0, ""),
    ("漢字漢字", 5, "漢字…"), ("漢字漢字", 4, "漢…"), ("abc", -1, ""),
  ])
  func `texts are cut to their place`(text: String, limit: Int, fitted: String) {
    #expect(TextWidth.fitted(text, to: limit) == fitted)
    #expect(TextWidth.columns(of: fitted) <= max(0, limit))
  }

  @Test func `three dots where there is no sign for them`() {
    #expect(TextWidth.fitted("abcdef", to: 5, mark: "...") == "ab...")
    #expect(TextWidth.fitted("abcdef", to: 2, mark: "...") == "..")
  }

  @Test func `nothing can move the cursor or turn the text around`() {
    #expect(TextWidth.safe("a\u{1B}[2Jb\u{7}\u{9B}c\nd\te\u{202E}f") == "a?[2Jb??c d e?f")
    #expect(TextWidth.safeLines("a\u{1B}\nb\tc\r\u{0}") == "a?\nb\tc ?")
    #expect(TextWidth.safe("plain é 漢 🚀") == "plain é 漢 🚀")
  }
}
