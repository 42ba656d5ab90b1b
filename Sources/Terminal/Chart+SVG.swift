extension Chart {
  /// The picture, 760 wide, as high as it needs to be.
  package func svg() -> String {
    let layout = ChartLayout(self)
    var lines = [
      """
      <svg xmlns="http://www.w3.org/2000/svg" width="\(ChartLayout.width)" \
      height="\(layout.height)" viewBox="0 0 \(ChartLayout.width) \(layout.height)" role="img" \
      aria-label="\(escaped(title))">
      """,
      "<title>\(escaped(title))</title>", "<desc>\(escaped(description))</desc>", Self.styleSheet,
      text(title, x: ChartLayout.margin, y: ChartLayout.titleBase, "title"),
    ]
    if !subtitle.isEmpty {
      lines.append(text(subtitle, x: ChartLayout.margin, y: ChartLayout.subtitleBase, "note"))
    }
    lines += legend(layout)
    for (index, bar) in bars.enumerated() { lines += row(bar, layout, y: layout.top(of: index)) }
    let axis = layout.axis
    lines.append(
      #"<line class="axis" x1="\#(axis.x)" y1="\#(axis.top)" x2="\#(axis.x)" y2="\#(axis.bottom)"/>"#
    )
    lines.append("</svg>\n")
    return lines.joined(separator: "\n")
  }

  /// What the picture says, for those who cannot see it.
  private var description: String {
    ([subtitle] + bars.map { "\($0.label): \($0.text)" }).filter { !$0.isEmpty }
      .joined(separator: "; ")
  }

  private func row(_ bar: Bar, _ layout: ChartLayout, y: Int) -> [String] {
    let middle = y + ChartLayout.barHeight / 2 + 5
    var lines = [
      text(bar.label, x: layout.axis.x - 10, y: middle, "label end \(bar.role.rawValue)")
    ]
    var position = bar.start
    for segment in bar.segments where segment.length > 0 {
      let x = layout.x(position)
      // What is there must be seen, even if it is a thousandth of the longest.
      // Parts that follow each other have a gap of a pixel.
      let gap = segment.name.isEmpty ? 0.0 : 1.0
      let width = max(layout.x(position + segment.length) - x - gap, 1.5)
      let style = segment.name.isEmpty ? bar.role.rawValue : "part\(layout.index(of: segment.name))"
      lines.append(
        """
        <rect class="\(style)" x="\(number(x))" y="\(y)" width="\(number(width))" \
        height="\(ChartLayout.barHeight)" rx="\(width < 6 ? "0.75" : gap > 0 ? "2" : "3")"/>
        """)
      position += segment.length
    }
    let end = max(layout.x(bar.end), layout.x(bar.start) + 1.5)
    lines.append(text(bar.text, x: Int(end) + 8, y: middle, "value \(bar.role.rawValue)"))
    return lines
  }

  private func legend(_ layout: ChartLayout) -> [String] {
    layout.legend.flatMap { entry in
      [
        """
        <rect class="part\(entry.index)" x="\(entry.x)" y="\(layout.legendTop)" width="12" \
        height="12" rx="3"/>
        """,
        text(entry.name, x: entry.x + 18, y: layout.legendTop + 10, "note"),
      ]
    }
  }

  private func text(_ text: String, x: Int, y: Int, _ style: String) -> String {
    #"<text class="\#(style)" x="\#(x)" y="\#(y)">\#(escaped(text))</text>"#
  }

  private func number(_ value: Double) -> String {
    let tenths = Int((value * 10).rounded())
    return tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths / 10).\(tenths % 10)"
  }

  private func escaped(_ text: String) -> String {
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

  /// Greys of the middle can be read on white and on black, where a viewer does not tell which it
  /// is.
  private static let styleSheet = """
    <style>
      text { font: 13px system-ui, "Segoe UI", "Noto Sans", "DejaVu Sans", sans-serif }
      text { fill: #6e7781 }
      .title { font-size: 16px; font-weight: 600 }
      .note { font-size: 12px }
      .end { text-anchor: end }
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
