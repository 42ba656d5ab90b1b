/// A page of HTML in one file: no scripts, no fonts, nothing from elsewhere; light or dark as the reader has it.
package struct Page: Sendable {
  private let title: String
  private var body: [String] = []

  /// A page with nothing but its title; `summary` stands below it.
  package init(title: String, summary: String = "") {
    self.title = title
    if !summary.isEmpty { add(paragraph: summary) }
  }

  package mutating func add(heading: String) { body.append("<h2>\(SVG.escaped(heading))</h2>") }

  package mutating func add(paragraph: String) { body.append("<p>\(SVG.escaped(paragraph))</p>") }

  package mutating func add(_ table: Table) { body.append(table.html()) }

  package mutating func add(_ chart: Chart) { add(picture: chart.svg()) }

  package mutating func add(_ chart: LineChart) { add(picture: chart.svg()) }

  /// Names and values, as a list.
  package mutating func add(facts: [(name: String, value: String)]) {
    let rows = facts.map { fact in
      "<dt>\(SVG.escaped(fact.name))</dt><dd>\(SVG.escaped(fact.value))</dd>"
    }
    body.append("<dl>\(rows.joined(separator: "\n"))</dl>")
  }

  private mutating func add(picture: String) { body.append("<figure>\(picture)</figure>") }

  /// The whole file.
  package func html() -> String {
    """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>\(SVG.escaped(title))</title>
    <style>
    \(Self.styleSheet)
    </style>
    </head>
    <body>
    <main>
    <h1>\(SVG.escaped(title))</h1>
    \(body.joined(separator: "\n"))
    </main>
    </body>
    </html>

    """
  }

  private static let styleSheet = """
    :root { --text: #1f2328; --soft: #57606a; --line: #d8dee4; --back: #ffffff; --red: #b42318;
      --green: #067647; --tint: #f6f8fa }
    @media (prefers-color-scheme: dark) {
      :root { --text: #f0f6fc; --soft: #9198a1; --line: #30363d; --back: #0d1117; --red: #ff7b72;
        --green: #3fb950; --tint: #161b22 }
    }
    body { margin: 0; background: var(--back); color: var(--text); line-height: 1.5;
      font: 15px/1.5 system-ui, "Segoe UI", "Noto Sans", "DejaVu Sans", sans-serif }
    main { max-width: 1100px; margin: 0 auto; padding: 32px 20px 64px }
    h1 { font-size: 26px; margin: 0 0 8px }
    h2 { font-size: 20px; margin: 40px 0 8px; padding-top: 16px; border-top: 1px solid var(--line) }
    p { color: var(--soft); max-width: 80ch; margin: 8px 0 16px }
    figure { margin: 20px 0 }
    figure svg { max-width: 100%; height: auto }
    .table { overflow-x: auto; margin: 12px 0 20px }
    table { border-collapse: collapse; font-size: 13.5px }
    th, td { text-align: left; padding: 5px 12px 5px 0; border-bottom: 1px solid var(--line);
      vertical-align: baseline }
    th { color: var(--soft); font-weight: 600; font-size: 12px }
    .figure, th { white-space: nowrap }
    .figure { text-align: right; font-variant-numeric: tabular-nums }
    td.red, td.green { font-weight: 600; white-space: nowrap }
    td.red { color: var(--red) }
    td.green { color: var(--green) }
    dl { display: grid; grid-template-columns: max-content 1fr; gap: 4px 16px; background: var(--tint);
      padding: 12px 16px; border-radius: 8px; font-size: 13.5px; margin: 16px 0 }
    dt { color: var(--soft) }
    dd { margin: 0 }
    """
}
