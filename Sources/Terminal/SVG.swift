/// What all pictures have in common: texts, numbers, colours.
enum SVG {
  /// A text of a class of the style sheet.
  static func text(_ text: String, x: Int, y: Int, _ style: String) -> String {
    #"<text class="\#(style)" x="\#(x)" y="\#(y)">\#(escaped(text))</text>"#
  }

  /// A number of pixels, to the tenth.
  static func number(_ value: Double) -> String {
    let tenths = Int((value * 10).rounded())
    return tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths / 10).\(abs(tenths) % 10)"
  }

  /// A text as it may stand in XML and HTML; control characters are made harmless.
  static func escaped(_ text: String) -> String {
    TextWidth.safe(text).map { character in
      switch character {
      case "&": "&amp;"
      case "<": "&lt;"
      case ">": "&gt;"
      case "\"": "&quot;"
      default: String(character)
      }
    }.joined()
  }

  /// The first lines of a picture, with what it says for those who cannot see it.
  static func head(width: Int, height: Int, title: String, description: String) -> [String] {
    [
      """
      <svg xmlns="http://www.w3.org/2000/svg" width="\(width)" height="\(height)" \
      viewBox="0 0 \(width) \(height)" role="img" aria-label="\(escaped(title))">
      """,
      "<title>\(escaped(title))</title>", "<desc>\(escaped(description))</desc>", styleSheet,
    ]
  }

  /// Greys of the middle can be read on white and on black, where a viewer does not tell which it
  /// is.
  private static let styleSheet = """
    <style>
      text { font: 13px system-ui, "Segoe UI", "Noto Sans", "DejaVu Sans", sans-serif }
      text { fill: #6e7781 }
      .title { font-size: 16px; font-weight: 600 }
      .note { font-size: 12px }
      .end { text-anchor: end }
      .middle { text-anchor: middle }
      .value { font-variant-numeric: tabular-nums }
      text.strong { font-weight: 600 }
      rect.plain { fill: #8c959f }
      rect.strong { fill: #0ea5a4 }
      .axis { stroke: #8c959f; stroke-opacity: .5 }
      .part0 { fill: #0ea5a4 }
      .part1 { fill: #6366f1 }
      .part2 { fill: #d97706 }
      .part3 { fill: #db2777 }
      .part4 { fill: #65a30d }
      .part5 { fill: #8c959f }
      .grid { stroke: #8c959f; stroke-opacity: .2 }
      polyline { fill: none; stroke-width: 2 }
      .line0 { stroke: #0ea5a4 }
      .line1 { stroke: #6366f1 }
      .line2 { stroke: #d97706 }
      .line3 { stroke: #db2777 }
      .line4 { stroke: #65a30d }
      .line5 { stroke: #8c959f }
      @media (prefers-color-scheme: light) {
        text { fill: #57606a }
        .title, text.strong, .value { fill: #1f2328 }
      }
      @media (prefers-color-scheme: dark) {
        text { fill: #9198a1 }
        .title, text.strong, .value { fill: #f0f6fc }
      }
    </style>
    """
}
