extension Chart {
  /// The picture, 760 wide, as high as it needs to be.
  package func svg() -> String {
    let layout = ChartLayout(self)
    var lines = SVG.head(
      width: ChartLayout.width, height: layout.height, title: title, description: description)
    lines.append(SVG.text(title, x: ChartLayout.margin, y: ChartLayout.titleBase, "title"))
    if !subtitle.isEmpty {
      lines.append(SVG.text(subtitle, x: ChartLayout.margin, y: ChartLayout.subtitleBase, "note"))
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
      SVG.text(bar.label, x: layout.axis.x - 10, y: middle, "label end \(bar.role.rawValue)")
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
        <rect class="\(style)" x="\(SVG.number(x))" y="\(y)" width="\(SVG.number(width))" \
        height="\(ChartLayout.barHeight)" rx="\(width < 6 ? "0.75" : gap > 0 ? "2" : "3")"/>
        """)
      position += segment.length
    }
    let end = max(layout.x(bar.end), layout.x(bar.start) + 1.5)
    lines.append(SVG.text(bar.text, x: Int(end) + 8, y: middle, "value \(bar.role.rawValue)"))
    return lines
  }

  private func legend(_ layout: ChartLayout) -> [String] {
    layout.legend.flatMap { entry in
      [
        """
        <rect class="part\(entry.index)" x="\(entry.x)" y="\(layout.legendTop)" width="12" \
        height="12" rx="3"/>
        """,
        SVG.text(entry.name, x: entry.x + 18, y: layout.legendTop + 10, "note"),
      ]
    }
  }
}
