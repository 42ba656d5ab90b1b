import Linux
import Terminal
import Testing

@Suite struct ChartTests {
  static let comparison = Chart(
    title: "XTDB: to the first answer",
    subtitle: "median of 10 runs, \"page cache\" warm <&>",
    bars: [
      .init("cold start", 9_600, text: "9.6 s"),
      .init("CRIU", 207, text: "207 ms"),
      .init("thawed", 48, text: "48 ms", .strong),
    ])

  static let parts = Chart(
    title: "Where the time goes",
    bars: [
      .init(
        "host", parts: [.init("engine", 3), .init("CRIU", 24), .init("answer", 9)], text: "36 ms"),
      .init(
        "runc", parts: [.init("engine", 40), .init("CRIU", 25), .init("answer", 0)], text: "65 ms"),
    ])

  @Test func `bars are as long as their values`() throws {
    let widths =
      try Self.widths(of: Self.comparison, "plain") + Self.widths(of: Self.comparison, "strong")
    #expect(widths.count == 3)
    #expect(abs(widths[1] / widths[0] - 207 / 9600) < 0.001)
    #expect(abs(widths[2] / widths[0] - 48 / 9600) < 0.001)
    // Nothing stands outside of the picture.
    #expect(widths[0] < 700 && widths[0] > 400)
  }

  @Test func `what is very short can still be seen`() throws {
    let chart = Chart(
      title: "T", bars: [.init("a", 1_000_000, text: "1"), .init("b", 1, text: "2", .strong)])
    #expect(try Self.widths(of: chart, "strong") == [1.5])
  }

  @Test func `parts have a legend and equal colours`() throws {
    let svg = Self.parts.svg()
    for name in ["engine", "CRIU", "answer"] {
      #expect(svg.contains(">\(name)</text>"))
    }
    // The legend's own square and one in each bar.
    #expect(try Self.widths(of: Self.parts, "part1").count == 3)
    // A part of no length is not drawn.
    #expect(try Self.widths(of: Self.parts, "part2").count == 2)
  }

  @Test func `texts are escaped`() {
    let svg = Self.comparison.svg()
    #expect(svg.contains("&quot;page cache&quot; warm &lt;&amp;&gt;"))
    #expect(!svg.contains("<&>"))
  }

  @Test(arguments: [
    Chart(title: "nothing", bars: []),
    Chart(title: "zero", bars: [.init("a", 0, text: "0 ms")]),
    Chart(title: "no number", bars: [.init("a", .nan, text: "-"), .init("b", -3, text: "-")]),
    Chart(
      title: "long", bars: [.init(String(repeating: "x", count: 200), 1, text: "1")]),
    comparison, parts,
  ])
  func `every picture is well-formed`(chart: Chart) throws {
    let svg = chart.svg()
    #expect(svg.hasPrefix("<svg ") && svg.hasSuffix("</svg>\n"))
    #expect(!svg.contains("nan") && !svg.contains("inf\""))
  }

  @Test(
    .timeLimit(.minutes(1)),
    .enabled(if: Spawn.find("rsvg-convert", path: "/usr/bin:/bin") != nil, "needs rsvg-convert"),
    arguments: [comparison, parts])
  func `librsvg renders it`(chart: Chart) throws {
    let finished = try Spawn("rsvg-convert", ["--format=png"]).run(
      input: Array(chart.svg().utf8), deadline: .after(.seconds(30)))
    #expect(finished.isSuccess && finished.errors.isEmpty, "\(finished.errorText)")
    #expect(finished.output.starts(with: [0x89, 0x50, 0x4E, 0x47]))
  }

  /// The widths of the rectangles of a class.
  private static func widths(of chart: Chart, _ style: String) throws -> [Double] {
    try chart.svg().split(separator: "\n").filter { $0.hasPrefix(#"<rect class="\#(style)""#) }
      .map { line in
        let start = try #require(line.firstRange(of: #" width=""#)).upperBound
        return try #require(Double(line[start...].prefix { $0 != "\"" }))
      }
  }
}
