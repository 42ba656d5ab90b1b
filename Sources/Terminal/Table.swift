/// A table for people: a header, columns two spaces apart, no lines around it and no spaces at the
/// ends of lines.
package struct Table: Sendable {
  /// Where the text of a column stands.
  package enum Alignment: Sendable {
    /// Names and sentences.
    case left
    /// Figures.
    case right
  }

  /// A column.
  package struct Column: Sendable {
    let header: String
    let alignment: Alignment
    /// How narrow it may get when the table is too wide; nil: it is never cut.
    let minimum: Int?

    /// A column whose text is never cut.
    package init(_ header: String, _ alignment: Alignment = .left) {
      self.header = header
      self.alignment = alignment
      minimum = nil
    }

    /// A column that is cut, down to so many columns of the terminal, when the table is too wide.
    package init(flexible header: String, minimum: Int = 12) {
      self.header = header
      alignment = .left
      self.minimum = minimum
    }
  }

  /// A text with a style.
  package struct Cell: Hashable, Sendable, ExpressibleByStringLiteral {
    let text: String
    let styles: [Style]

    /// A text; control characters are made harmless.
    package init(_ text: String, _ styles: Style...) {
      self.text = TextWidth.safe(text)
      self.styles = styles
    }

    package init(stringLiteral text: String) { self.init(text) }
  }

  let columns: [Column]
  private(set) var rows: [[Cell]] = []

  /// A table without rows.
  package init(_ columns: [Column]) { self.columns = columns }

  /// A table of figures: the first column to the left, the others to the right.
  package init(figures headers: [String]) {
    columns = headers.enumerated().map { Column($1, $0 == 0 ? .left : .right) }
  }

  /// Whether it has no rows.
  package var isEmpty: Bool { rows.isEmpty }

  /// Adds a row; cells that are missing are empty, those beyond the last column are left out.
  package mutating func add(_ cells: [Cell]) {
    let row = cells.prefix(columns.count)
    rows.append(row + Array(repeating: "", count: columns.count - row.count))
  }

  /// Adds a row of plain texts.
  package mutating func add(_ cells: String...) { add(cells.map { Cell($0) }) }

  /// The lines for a surface; only on a terminal columns are cut.
  package func lines(on surface: Surface) -> [String] {
    let widths = self.widths(on: surface)
    let header = columns.map { Cell($0.header, .bold) }
    return ([header] + rows).map { row in
      var line = ""
      var gap = ""
      for (index, cell) in row.enumerated() {
        let text = TextWidth.fitted(
          cell.text, to: widths[index], mark: surface.symbols.ellipsis)
        let space = String(
          repeating: " ", count: max(0, widths[index] - TextWidth.columns(of: text)))
        let styled = surface.styled(text, cell.styles)
        let isRight = columns[index].alignment == .right
        // Spaces are held back until something follows them.
        if isRight { gap += space }
        if !text.isEmpty {
          line += gap + styled
          gap = ""
        }
        gap += (isRight ? "" : space) + "  "
      }
      return line
    }
  }

  /// The table in Markdown, for a README or an issue.
  package func markdown() -> String {
    func line(_ cells: [String]) -> String { "| " + cells.joined(separator: " | ") + " |\n" }
    return line(columns.map { escaped($0.header) })
      + line(columns.map { $0.alignment == .right ? "---:" : "---" })
      + rows.map { row in line(row.map { escaped($0.text) }) }.joined()
  }

  private func escaped(_ text: String) -> String {
    text.map { "|\\<`*_".contains($0) ? "\\\($0)" : String($0) }.joined()
  }

  private func widths(on surface: Surface) -> [Int] {
    var widths = columns.indices.map { index in
      (rows.map { $0[index].text } + [columns[index].header]).map(TextWidth.columns).max() ?? 0
    }
    guard surface.isTerminal else { return widths }
    var excess = widths.reduce(0, +) + 2 * (widths.count - 1) - surface.columns
    // The widest flexible column gives way first, one column of the terminal at a time.
    while excess > 0 {
      let candidates = widths.indices.filter { index in
        columns[index].minimum.map { widths[index] > $0 } ?? false
      }
      guard let widest = candidates.max(by: { widths[$0] < widths[$1] }) else { break }
      widths[widest] -= 1
      excess -= 1
    }
    return widths
  }
}
