/// Lines over a few steps as SVG: how something grows.
///
/// The steps stand at equal distances, as sizes do that each are the same multiple of the one before. The axis of the
/// values is linear and begins at zero; where the highest value is more than twenty times the lowest, it is logarithmic.
/// Each value is written at its point.
package struct LineChart: Sendable {
  /// One line.
  package struct Line: Sendable {
    let name: String
    let values: [Double?]

    /// A line with a value for each step; nil where there is none.
    package init(_ name: String, _ values: [Double?]) {
      self.name = name
      self.values = values.map { value in
        value.flatMap { $0.isFinite && $0 >= 0 ? $0 : nil }
      }
    }
  }

  let title: String
  let subtitle: String
  let steps: [String]
  let lines: [Line]
  let format: @Sendable (Double) -> String

  /// A chart; `format` writes a value as people read it.
  package init(
    title: String, subtitle: String = "", steps: [String], lines: [Line],
    format: @escaping @Sendable (Double) -> String
  ) {
    self.title = title
    self.subtitle = subtitle
    self.steps = steps
    self.lines = lines
    self.format = format
  }

  /// The picture, 760 wide.
  package func svg() -> String {
    var parts = SVG.head(
      width: ChartLayout.width, height: Self.height, title: title, description: description)
    parts.append(SVG.text(title, x: ChartLayout.margin, y: ChartLayout.titleBase, "title"))
    if !subtitle.isEmpty {
      parts.append(SVG.text(subtitle, x: ChartLayout.margin, y: ChartLayout.subtitleBase, "note"))
    }
    parts += legend() + grid()
    for (index, step) in steps.enumerated() {
      parts.append(SVG.text(step, x: Int(x(index)), y: Self.bottom + 20, "note middle"))
    }
    for (index, line) in lines.enumerated() { parts += drawing(line, colour: min(index, 5)) }
    parts += labels()
    parts.append("</svg>\n")
    return parts.joined(separator: "\n")
  }

  // MARK: Places

  private static let height = 330
  private static let top = 96
  private static let bottom = 290
  private static let left = 70
  private static let right = ChartLayout.width - 50

  private var highest: Double { lines.flatMap(\.values).compactMap { $0 }.max() ?? 0 }

  private func x(_ step: Int) -> Double {
    let inner = Double(Self.right - Self.left - 80)
    return Double(Self.left + 40)
      + (steps.count > 1 ? inner * Double(step) / Double(steps.count - 1) : inner / 2)
  }

  private func y(_ value: Double) -> Double {
    guard let first = marks.first, let last = marks.last, last > first else {
      return Double(Self.bottom)
    }
    let share =
      isLogarithmic
      ? Self.logarithm(max(value, first) / first) / Self.logarithm(last / first)
      : value / last
    return Double(Self.bottom) - share * Double(Self.bottom - Self.top)
  }

  /// Whether equal distances mean equal multiples.
  private var isLogarithmic: Bool { lowest > 0 && highest / lowest > 20 }

  private var lowest: Double { lines.flatMap(\.values).compactMap { $0 }.min() ?? 0 }

  /// The values of the lines across, ascending.
  private var marks: [Double] {
    guard highest > 0 else { return [] }
    if !isLogarithmic {
      return (0...Int((highest / step).rounded(.up))).map { Double($0) * step }
    }
    var mark = 1.0
    while mark > lowest { mark /= 10 }
    while mark * 10 <= lowest { mark *= 10 }
    var marks = [mark]
    while mark < highest {
      mark *= 10
      marks.append(mark)
    }
    return marks
  }

  /// The logarithm to base 2, to a thousandth: pictures need no more, and no library of mathematics.
  private static func logarithm(_ value: Double) -> Double {
    var (whole, rest) = (Double(value.exponent), value.significand)
    var digit = 0.5
    while digit > 0.0005 {
      rest *= rest
      if rest >= 2 {
        rest /= 2
        whole += digit
      }
      digit /= 2
    }
    return whole
  }

  /// The distance of the lines across: 1, 2 or 5 times a power of ten, so that there are at most five.
  private var step: Double {
    guard highest > 0 else { return 1 }
    var power = 1.0
    while power * 10 <= highest { power *= 10 }
    while power > highest { power /= 10 }
    return [0.2, 0.5, 1, 2].map { $0 * power }.first { highest / $0 <= 5 } ?? power * 2
  }

  // MARK: Parts

  private var description: String {
    lines.map { line in
      let values = zip(steps, line.values).compactMap { step, value in
        value.map { "\(step) \(format($0))" }
      }
      return "\(line.name): " + values.joined(separator: ", ")
    }.joined(separator: "; ")
  }

  private func legend() -> [String] {
    var place = ChartLayout.margin
    return lines.enumerated().flatMap { index, line in
      defer { place += 18 + ChartLayout.columns(line.name, 6.6) + 20 }
      return [
        #"<rect class="part\#(min(index, 5))" x="\#(place)" y="56" width="12" height="12" rx="3"/>"#,
        SVG.text(line.name, x: place + 18, y: 66, "note"),
      ]
    }
  }

  private func grid() -> [String] {
    marks.enumerated().flatMap { index, value -> [String] in
      let height = SVG.number(y(value))
      return [
        """
        <line class="\(index == 0 ? "axis" : "grid")" x1="\(Self.left)" y1="\(height)" \
        x2="\(Self.right)" y2="\(height)"/>
        """,
        SVG.text(format(value), x: Self.left - 8, y: Int(y(value)) + 4, "note end"),
      ]
    }
  }

  private func drawing(_ line: Line, colour: Int) -> [String] {
    let points = line.values.prefix(steps.count).enumerated().compactMap { index, value in
      value.map { (x: SVG.number(x(index)), y: SVG.number(y($0))) }
    }
    let path = points.map { "\($0.x),\($0.y)" }.joined(separator: " ")
    return [#"<polyline class="line\#(colour)" points="\#(path)"/>"#]
      + points.map {
        #"<circle class="part\#(colour)" cx="\#($0.x)" cy="\#($0.y)" r="4"/>"#
      }
  }

  /// The values at their points: the lowest of several below, the others above, and all clear of each other.
  private func labels() -> [String] {
    steps.indices.flatMap { step -> [String] in
      let values = lines.compactMap { step < $0.values.count ? $0.values[step] : nil }
      var free = Double.infinity
      return values.sorted().enumerated().map { index, value in
        let isBelow = index == 0 && values.count > 1 && y(value) < Double(Self.bottom - 24)
        let place = min(isBelow ? y(value) + 20 : y(value) - 10, free)
        free = place - 15
        return SVG.text(format(value), x: Int(x(step)), y: Int(place), "value middle")
      }
    }
  }
}
