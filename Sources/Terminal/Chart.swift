/// A horizontal bar chart as SVG, for the README and for `thaw bench`: a comparison, or the phases
/// of a thaw.
///
/// ```swift
/// Chart(title: "To the first answer", bars: [
///   .init("cold start", 9_600, text: "9.6 s"),
///   .init("thawed, hot", 36, text: "36 ms", .strong),
/// ]).svg()
/// ```
/// The background is transparent; colours suit light and dark pages, and follow the reader's choice
/// where the viewer tells it. Lengths are true: the axis is linear and begins at zero.
package struct Chart: Sendable {
  /// What a bar shows.
  package enum Role: String, Sendable {
    /// What others are compared with.
    case plain
    /// What the picture is about.
    case strong
  }

  /// A part of a bar.
  package struct Segment: Sendable {
    let name: String
    let length: Double

    /// A part that the legend calls by this name; equal names have equal colours.
    package init(_ name: String, _ length: Double) {
      self.name = name
      self.length = max(0, length.isFinite ? length : 0)
    }
  }

  /// A row of the chart.
  package struct Bar: Sendable {
    let label: String
    let start: Double
    let segments: [Segment]
    let text: String
    let role: Role

    /// A bar of one colour; `text` is its value as people read it.
    ///
    /// `start` moves it to the right, for phases that follow each other.
    package init(
      _ label: String, _ length: Double, from start: Double = 0, text: String,
      _ role: Role = .plain
    ) {
      self.label = label
      self.start = max(0, start.isFinite ? start : 0)
      self.segments = [Segment("", length)]
      self.text = text
      self.role = role
    }

    /// A bar of several parts in a row.
    package init(_ label: String, parts: [Segment], text: String) {
      self.label = label
      start = 0
      segments = parts
      self.text = text
      role = .plain
    }

    var end: Double { segments.reduce(start) { $0 + $1.length } }
  }

  let title: String
  let subtitle: String
  let bars: [Bar]

  /// A chart; the subtitle says what was measured, on what, how often.
  package init(title: String, subtitle: String = "", bars: [Bar]) {
    self.title = title
    self.subtitle = subtitle
    self.bars = bars
  }
}
