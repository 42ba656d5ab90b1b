/// Where everything in a chart stands, in pixels.
struct ChartLayout {
  static let width = 760
  static let margin = 12
  static let titleBase = 22
  static let subtitleBase = 42
  static let barHeight = 22
  private static let rowHeight = 34

  /// The parts in the order in which they appear first, with their places in the legend.
  let legend: [(name: String, index: Int, x: Int)]
  let legendTop: Int
  private let firstRow: Int
  private let rows: Int
  private let labelWidth: Int
  private let scale: Double

  init(_ chart: Chart) {
    var names: [String] = []
    for segment in chart.bars.flatMap(\.segments)
    where !segment.name.isEmpty && !names.contains(segment.name) {
      names.append(segment.name)
    }
    var x = Self.margin
    legend = names.enumerated().map { index, name in
      defer { x += 18 + Self.columns(name, 6.6) + 20 }
      return (name, min(index, 5), x)
    }
    legendTop = chart.subtitle.isEmpty ? 36 : 56
    firstRow = legendTop + (names.isEmpty ? 4 : 30)
    rows = chart.bars.count
    labelWidth = (chart.bars.map { Self.columns($0.label, 7.6) }.max() ?? 0) + Self.margin + 10
    // The value stands behind its bar, so that the longest pair must fit.
    let room = Double(Self.width - labelWidth - Self.margin)
    scale =
      chart.bars.map { bar in
        bar.end > 0 ? (room - Double(Self.columns(bar.text, 7.8)) - 12) / bar.end : .infinity
      }.min().map { $0.isFinite ? max(0, $0) : 1 } ?? 1
  }

  var height: Int { firstRow + rows * Self.rowHeight + 2 }

  var axis: (x: Int, top: Int, bottom: Int) {
    (labelWidth, firstRow - 2, firstRow + rows * Self.rowHeight - 8)
  }

  func top(of row: Int) -> Int { firstRow + row * Self.rowHeight + 2 }

  func x(_ value: Double) -> Double { Double(labelWidth) + value * scale }

  func index(of name: String) -> Int { legend.first { $0.name == name }?.index ?? 5 }

  /// About how wide a text gets; fonts differ, so it is reckoned rather wide.
  static func columns(_ text: String, _ pixels: Double) -> Int {
    Int((Double(TextWidth.columns(of: text)) * pixels).rounded(.up))
  }
}
