/// Puts a help text together, section by section; empty sections are left out.
struct HelpPage {
  private let format: HelpFormat
  private var sections: [[String]] = []

  init(_ format: HelpFormat) { self.format = format }

  /// The whole page with a line end.
  var content: String {
    sections.map { $0.joined(separator: "\n") }.joined(separator: "\n\n") + "\n"
  }

  mutating func text(_ text: String) {
    for block in TextLayout.blocks(of: text) {
      switch block {
      case .paragraph(let text): sections.append(TextLayout.wrap(text, width: format.width))
      case .verbatim(let lines): sections.append(lines.map { "  " + $0 })
      }
    }
  }

  mutating func usage(_ text: String) {
    var lines = TextLayout.wrap("Usage: " + text, width: format.width)
    // What follows the first line stands under the first word of the usage.
    if lines.count > 1 {
      lines =
        [lines[0]]
        + TextLayout.wrap(
          lines.dropFirst().joined(separator: " "), width: format.width, indent: 9)
    }
    lines[0] = format.heading("Usage:") + lines[0].dropFirst("Usage:".count)
    sections.append(lines)
  }

  mutating func definitions(_ heading: String, _ rows: [(term: String, text: String)]) {
    guard !rows.isEmpty else { return }
    sections.append(
      [format.heading(heading + ":")] + TextLayout.definitions(rows, width: format.width))
  }

  mutating func options(_ heading: String, _ options: [OptionDefinition]) {
    let rows = options.filter { !$0.isHidden }.map { option in
      // Long names stand under each other, whether there is a short one or not.
      ((option.dashed.map { $0 + ", " } ?? "    ") + option.spelled, option.helpText)
    }
    definitions(heading, rows)
  }

  mutating func examples(_ examples: [Command.Example]) {
    guard !examples.isEmpty else { return }
    let lines = examples.flatMap { example in
      ["  " + example.line] + TextLayout.wrap(example.meaning, width: format.width, indent: 6)
    }
    sections.append([format.heading("Examples:")] + lines)
  }
}
