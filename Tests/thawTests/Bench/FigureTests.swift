import Arguments
import Checkpoint
import Linux
import TestBed
import Terminal
import Testing

@testable import thaw

@Suite struct FigureTests {
  @Test(
    arguments: [
      ([], 0), ([7], 7), ([3, 1, 2], 2), ([4, 1, 3, 2], 2.5), ([1, 1, 100], 1),
    ] as [([Double], Double)])
  func `the median is the value in the middle`(_ values: [Double], _ median: Double) {
    #expect(Figure.median(of: values) == median)
    let figure = Figure(server: "s", "f", .hot, unit: "ms", values)
    #expect(figure.median == median)
    #expect(figure.runs == values.count)
    #expect(figure.min == values.min() ?? 0)
    #expect(figure.max == values.max() ?? 0)
  }

  @Test func `a ratio's extremes are those that the values allow`() throws {
    let cold = Figure(server: "s", "f", .cold, unit: "ms", [900, 1000, 1200])
    let hot = Figure(server: "s", "f", .hot, unit: "ms", [90, 100])
    let ratio = try #require(Figure.ratio("faster", cold, to: hot))
    #expect(ratio.unit == "times")
    #expect(abs(ratio.median - 1000 / 95) < 1e-3)
    #expect(ratio.min == 9)
    #expect(abs(ratio.max - 1200 / 90) < 1e-3)
    #expect(ratio.runs == 2)
    #expect(Figure.ratio("x", cold, to: Figure(server: "s", "f", .hot, unit: "ms", [])) == nil)
  }

  @Test func `a figure is one line of JSON and is read back`() throws {
    var figure = Figure(server: "shop", "first answer", .lazyPages, .cold, unit: "ms", [1, 2, 4])
    let plain =
      #"{"cache":"cold","engine":"runc","figure":"first answer","max":4,"median":2,"min":1,"runs":3,"server":"shop","unit":"ms","way":"lazy-pages"}"#
    #expect(try JSONLine.text(figure) == plain)
    figure.goal = "≤ 1 ms"
    figure.target = 1
    figure.holds = false
    figure.short = 1
    let line = try JSONLine.text(figure)
    #expect(line.contains(#""holds":false"#) && line.contains(#""short":1"#))
    #expect(try JSONText.decode(Figure.self, from: Array(line.utf8)) == figure)
  }

  @Test(
    arguments: [
      (1234.5, "1235"), (99.96, "100"), (36.44, "36.4"), (9.876, "9.88"), (4, "4"), (0.5, "0.5"),
      (0, "0"), (.nan, "-"),
    ] as [(Double, String)])
  func `numbers have three digits that mean something`(_ number: Double, _ text: String) {
    #expect(FigureText.number(number) == text)
  }

  @Test func `files of figures are read, and a line that is none is named`() throws {
    let folder = try TemporaryDirectory()
    let file = folder.path / "a.jsonl"
    let line = try JSONLine.text(Figure(server: "s", "f", .hot, unit: "ms", [1]))
    try FileSystem.writeFile(file, Array("\(line)\n\n\(line)\n".utf8))
    #expect(try BenchVerb.figures(in: file).count == 2)
    try FileSystem.writeFile(file, Array("\(line)\n{}\n".utf8))
    #expect { try BenchVerb.figures(in: file) } throws: { error in
      "\(Failure(error).message)".contains("a.jsonl, line 2: is no figure")
    }
  }
}
