/// Breaks text into lines.
enum TextLayout {
  /// A paragraph, or lines that stay as they are.
  enum Block: Hashable {
    case paragraph(String)
    case verbatim([String])
  }

  /// Takes a discussion apart: empty lines end paragraphs, lines with two spaces in front are
  /// verbatim.
  static func blocks(of text: String) -> [Block] {
    var blocks: [Block] = []
    var isOpen = false
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.allSatisfy(\.isWhitespace) {
        isOpen = false
        continue
      }
      switch (blocks.last, line.hasPrefix("  ")) {
      case (.verbatim(let lines), true) where isOpen:
        blocks[blocks.count - 1] = .verbatim(lines + [String(line.dropFirst(2))])
      case (.paragraph(let text), false) where isOpen:
        blocks[blocks.count - 1] = .paragraph(text + " " + line)
      case (_, true): blocks.append(.verbatim([String(line.dropFirst(2))]))
      case (_, false): blocks.append(.paragraph(String(line)))
      }
      isOpen = true
    }
    return blocks
  }

  /// The lines of a text at this width, each indented.
  static func wrap(_ text: String, width: Int, indent: Int = 0) -> [String] {
    let space = String(repeating: " ", count: indent)
    var lines: [String] = []
    var line = ""
    for word in text.split(whereSeparator: \.isWhitespace) {
      if !line.isEmpty, indent + line.count + 1 + word.count > width {
        lines.append(space + line)
        line = ""
      }
      line += (line.isEmpty ? "" : " ") + word
    }
    if !line.isEmpty { lines.append(space + line) }
    return lines
  }

  /// A table of two columns: terms at the left, their wrapped texts at the right.
  ///
  /// A term that is too long for its column has its text below.
  static func definitions(_ rows: [(term: String, text: String)], width: Int) -> [String] {
    let longest = rows.map(\.term.count).filter { $0 <= width / 3 + 4 }.max() ?? 0
    let column = longest + 4
    return rows.flatMap { row -> [String] in
      let text = wrap(row.text, width: width, indent: column)
      guard let first = text.first else { return ["  " + row.term] }
      guard row.term.count <= longest else { return ["  " + row.term] + text }
      let gap = String(repeating: " ", count: column - 2 - row.term.count)
      return ["  " + row.term + gap + first.dropFirst(column)] + text.dropFirst()
    }
  }
}
