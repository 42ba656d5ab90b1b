import Terminal

/// How figures are written for people.
enum FigureText {
  /// Three digits that mean something, or all before the point; no zeros at the end of a fraction.
  static func number(_ value: Double) -> String {
    guard value.isFinite else { return "-" }
    let magnitude = abs(value)
    if magnitude >= 100 { return "\(Int64(value.rounded()))" }
    let scale: Double = magnitude >= 10 ? 10 : 100
    let rounded = (value * scale).rounded() / scale
    return rounded == rounded.rounded() ? "\(Int64(rounded))" : "\(rounded)"
  }

  /// A number with its unit: `36.4 ms`, `4.2 times`, `9.6 s`.
  static func value(_ value: Double, unit: String) -> String {
    if unit == "ms", value >= 10_000 { return "\(number(value / 1000)) s" }
    return "\(number(value)) \(unit)"
  }

  /// Whether it is reached, or by how much not: `holds`, `short by 12 ms`.
  static func verdict(_ figure: Figure) -> String {
    guard let holds = figure.holds else { return "" }
    guard !holds, let short = figure.short else { return "holds" }
    return "short by \(value(short, unit: figure.unit))"
  }

  /// The figures as a table.
  static func table(_ figures: [Figure]) -> Table {
    let isMixed = Set(figures.map(\.server)).count > 1
    let isAmongEngines = Self.isAmongEngines(figures)
    var table = Table(
      (isMixed ? [.init("SERVER")] : []) + (isAmongEngines ? [.init("ENGINE")] : []) + [
        .init("FIGURE"), .init("WAY"), .init("CACHE"), .init("MEDIAN", .right),
        .init("MIN", .right), .init("MAX", .right), .init("UNIT"), .init("RUNS", .right),
        .init("TO REACH"), .init("RESULT"),
      ])
    for figure in figures {
      let verdict = Table.Cell(
        verdict(figure), figure.holds == false ? .red : figure.holds == true ? .green : .bold)
      table.add(
        (isMixed ? [.init(figure.server)] : [])
          + (isAmongEngines ? [.init(figure.engine)] : []) + [
            .init(figure.figure), .init(figure.way), .init(figure.cache),
            .init(number(figure.median)), .init(number(figure.min)), .init(number(figure.max)),
            .init(figure.unit), .init("\(figure.runs)"), .init(goal(figure)), verdict,
          ])
    }
    return table
  }

  /// Whether others than Thaw's own engine started containers.
  static func isAmongEngines(_ figures: [Figure]) -> Bool {
    figures.contains { $0.engine != BenchEngine.runc.rawValue }
  }

  /// What is to be reached, with the number that it comes to: `≤ 1.6 × empty: 36 ms`.
  static func goal(_ figure: Figure) -> String {
    guard let goal = figure.goal, let target = figure.target else { return "" }
    let number = value(target, unit: figure.unit)
    return goal.hasSuffix(number) ? goal : "\(goal): \(number)"
  }
}
