extension Table {
  /// The table in HTML; cells that are red or green have the class of that name.
  package func html() -> String {
    func line(_ cells: [Cell], _ tag: String) -> String {
      let texts = cells.enumerated().map { index, cell in
        var classes = cell.styles.filter { $0 == .red || $0 == .green }.map { "\($0)" }
        if columns[index].alignment == .right { classes.append("figure") }
        let list = classes.isEmpty ? "" : " class=\"\(classes.joined(separator: " "))\""
        return "<\(tag)\(list)>\(SVG.escaped(cell.text))</\(tag)>"
      }
      return "<tr>\(texts.joined())</tr>\n"
    }
    return "<div class=\"table\"><table>\n<thead>"
      + line(columns.map { Cell($0.header) }, "th") + "</thead>\n<tbody>\n"
      + rows.map { line($0, "td") }.joined() + "</tbody>\n</table></div>\n"
  }
}
