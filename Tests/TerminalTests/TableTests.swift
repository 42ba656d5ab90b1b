import Terminal
import Testing

@Suite struct TableTests {
  private func sample() -> Table {
    var table = Table([
      .init("NAME"), .init("SIZE", .right), .init(flexible: "COMMAND", minimum: 8),
    ])
    table.add("shop", "144 MB", "java -jar shop.jar --port 8080")
    table.add("漢字", "9.8 MB", "")
    table.add([Cell("a-long-name", .bold), "1 B", Cell("x\ny\u{1B}[2J")])
    return table
  }

  typealias Cell = Table.Cell

  @Test func `columns stand under each other, without spaces at the ends`() {
    #expect(
      sample().lines(on: Surface(columns: 20)) == [
        "NAME           SIZE  COMMAND",
        "shop         144 MB  java -jar shop.jar --port 8080",
        "漢字         9.8 MB",
        "a-long-name     1 B  x y?[2J",
      ])
  }

  @Test func `on a terminal the flexible column is cut`() {
    let lines = sample().lines(on: Surface(isTerminal: true, hasUnicode: true, columns: 36))
    #expect(lines[1] == "shop         144 MB  java -jar shop…")
    let ascii = sample().lines(on: Surface(isTerminal: true, columns: 36))
    #expect(ascii[1] == "shop         144 MB  java -jar sh...")
    let narrow = sample().lines(on: Surface(isTerminal: true, hasUnicode: true, columns: 10))
    #expect(narrow[1] == "shop         144 MB  java -j…")
  }

  @Test func `colours do not count as columns`() {
    let lines = sample().lines(on: Surface(hasColours: true))
    #expect(lines[3] == "\u{1B}[1ma-long-name\u{1B}[0m     1 B  x y?[2J")
    #expect(lines[0].hasPrefix("\u{1B}[1mNAME\u{1B}[0m           \u{1B}[1mSIZE"))
  }

  @Test func `missing cells are empty, further ones are left out`() {
    var table = Table([.init("A"), .init("B", .right)])
    #expect(table.isEmpty)
    table.add("1")
    table.add("1", "2", "3")
    #expect(table.lines(on: Surface()) == ["A  B", "1", "1  2"])
  }

  @Test func `Markdown has alignment and escapes`() {
    var table = Table(figures: ["way", "median"])
    table.add("cold|start", "9.6 s")
    table.add("a_b <c>", "`36` ms")
    #expect(
      table.markdown() == """
        | way | median |
        | --- | ---: |
        | cold\\|start | 9.6 s |
        | a\\_b \\<c> | \\`36\\` ms |

        """)
  }
}
