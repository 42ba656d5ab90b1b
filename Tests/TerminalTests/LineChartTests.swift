import Linux
import Terminal
import Testing

@Suite struct LineChartTests {
  static let growth = LineChart(
    title: "Growth <of> the heap", subtitle: "live data & time",
    steps: ["64 MB", "256 MB", "1 GB"],
    lines: [.init("thaw", [30, 31, 30.5]), .init("criu \"restore\"", [120, 400, nil])]
  ) { "\(Int($0.rounded())) ms" }

  @Test func `each value has its point and its text`() {
    let svg = Self.growth.svg()
    #expect(svg.components("<circle ") == 5)
    #expect(svg.components("<polyline ") == 2)
    for text in [">30 ms<", ">31 ms<", ">120 ms<", ">400 ms<", ">64 MB<", ">1 GB<"] {
      #expect(svg.contains(text), "\(text)")
    }
  }

  @Test func `texts are escaped`() {
    let svg = Self.growth.svg()
    #expect(svg.contains("Growth &lt;of&gt; the heap"))
    #expect(svg.contains("criu &quot;restore&quot;"))
    #expect(!svg.contains("<of>"))
  }

  @Test func `texts of values that are close do not lie on each other`() throws {
    let chart = LineChart(
      title: "T", steps: ["a", "b"], lines: [.init("x", [100, 10]), .init("y", [101, 10])]
    ) { "\($0)" }
    let places = chart.svg().split(separator: "\n").filter { $0.contains("value middle") }
      .compactMap { line in
        line.firstRange(of: #" y=""#).flatMap { Int(line[$0.upperBound...].prefix { $0 != "\"" }) }
      }
    try #require(places.count == 4)
    #expect(abs(places[0] - places[1]) >= 14)
    #expect(abs(places[2] - places[3]) >= 14)
  }

  @Test func `values that differ much stand on a logarithmic axis`() {
    let chart = LineChart(
      title: "T", steps: ["a", "b"], lines: [.init("x", [30, 30]), .init("y", [120, 4000])]
    ) { "\(Int($0))" }
    let svg = chart.svg()
    for mark in ["10", "100", "1000", "10000"] {
      #expect(svg.contains(#"note end"# + #"" x="62""#) && svg.contains(">\(mark)</text>"))
    }
    // Three decades over 194 pixels from 290 up: 100 stands a third of the way up.
    #expect(svg.contains(#"y1="225.3""#))
  }

  @Test(arguments: [
    LineChart(title: "nothing", steps: [], lines: []) { "\($0)" },
    LineChart(title: "zero", steps: ["a"], lines: [.init("x", [0])]) { "\($0)" },
    LineChart(title: "no number", steps: ["a"], lines: [.init("x", [.nan])]) { "\($0)" },
    LineChart(title: "more values than steps", steps: ["a"], lines: [.init("x", [1, 2, 3])]) {
      "\($0)"
    },
    LineChart(title: "tiny", steps: ["a"], lines: [.init("x", [0.0001])]) { "\($0)" },
    LineChart(title: "huge", steps: ["a"], lines: [.init("x", [1e15])]) { "\($0)" },
    growth,
  ])
  func `every picture is well-formed`(chart: LineChart) {
    let svg = chart.svg()
    #expect(svg.hasPrefix("<svg ") && svg.hasSuffix("</svg>\n"))
    #expect(!svg.contains("nan") && !svg.contains("inf\""))
  }

  @Test(
    .timeLimit(.minutes(1)),
    .enabled(if: Spawn.find("rsvg-convert", path: "/usr/bin:/bin") != nil, "needs rsvg-convert"))
  func `librsvg renders it`() throws {
    let finished = try Spawn("rsvg-convert", ["--format=png"]).run(
      input: Array(Self.growth.svg().utf8), deadline: .after(.seconds(30)))
    #expect(finished.isSuccess && finished.errors.isEmpty, "\(finished.errorText)")
    #expect(finished.output.starts(with: [0x89, 0x50, 0x4E, 0x47]))
  }
}

extension String {
  /// How often another text is in it.
  fileprivate func components(_ text: String) -> Int { ranges(of: text).count }
}
