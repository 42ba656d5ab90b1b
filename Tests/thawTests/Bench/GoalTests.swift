import Testing

@testable import thaw

@Suite struct GoalTests {
  private func figure(
    _ name: String, _ way: BenchWay = .hot, _ cache: BenchCache = .warm, _ median: Double,
    server: String = "s", unit: String = "ms"
  ) -> Figure {
    Figure(server: server, name, way, cache, unit: unit, [median])
  }

  @Test(
    arguments: [(39.0, true, nil), (40, true, nil), (52.5, false, 12.5)]
      as [(Double, Bool, Double?)])
  func `at most so many milliseconds`(_ median: Double, _ holds: Bool, _ short: Double?) {
    let judged = [figure(Figure.Name.fromInit, .hot, .warm, median)].judged()[0]
    #expect(judged.holds == holds)
    #expect(judged.short == short)
    #expect(judged.target == 40)
    #expect(judged.goal == "≤ 40 ms")
  }

  @Test func `at least so many times`() {
    let judged = [figure(Figure.Name.timesFaster, .hot, .warm, 3.5, unit: "times")].judged()[0]
    #expect(judged.holds == false)
    #expect(judged.short == 0.5)
    #expect(FigureText.verdict(judged) == "short by 0.5 times")
  }

  @Test func `times another figure of the same server`() throws {
    let figures = [
      figure(Figure.Name.inCRIU, .hot, .warm, 30), figure(Figure.Name.inCRIU, .empty, .warm, 20),
      figure(Figure.Name.inCRIU, .empty, .warm, 1, server: "other"),
    ].judged()
    #expect(figures[0].holds == true)
    #expect(figures[0].target == 32)
    #expect(figures[0].goal == "≤ 1.6 × criu restore without memory")
    #expect(FigureText.goal(figures[0]) == "≤ 1.6 × criu restore without memory: 32 ms")
    #expect(figures[1].holds == nil && figures[1].goal == nil)
  }

  @Test func `a share of another figure`() {
    let figures = [
      figure(Figure.Name.own, .hot, .warm, 60, unit: "MB"),
      figure(Figure.Name.own, .cold, .warm, 200, unit: "MB"),
    ].judged()
    #expect(figures[0].goal == "≤ 25 % of cold start")
    #expect(figures[0].short == 10)
    #expect(FigureText.verdict(figures[0]) == "short by 10 MB")
  }

  @Test func `nothing is judged whose measure was not taken`() {
    let figures = [
      figure(Figure.Name.inCRIU, .hot, .warm, 30),
      Figure(server: "s", Figure.Name.fromInit, .hot, unit: "ms", []),
      figure(Figure.Name.fromInit, .criu, .warm, 300),
    ].judged()
    #expect(figures.allSatisfy { $0.holds == nil })
  }

  @Test func `a cold page cache has a limit of its own`() {
    let judged = [figure(Figure.Name.fromInit, .hot, .cold, 90)].judged()[0]
    #expect(judged.holds == true && judged.target == 100)
  }

  @Test func `growth compares the largest heap with the smallest`() throws {
    let figures = [
      figure(Figure.Name.fromInit, .hot, .warm, 33, server: "heap-4096"),
      figure(Figure.Name.fromInit, .hot, .warm, 31, server: "heap-64"),
      figure(Figure.Name.fromInit, .hot, .warm, 500, server: "heap-1024"),
    ]
    let growth = try #require(HeapGrowth(figures))
    #expect(growth.sizes == [64, 1024, 4096])
    let judged = [try #require(growth.figure)].judged()[0]
    #expect(abs(judged.median - 33.0 / 31) < 1e-3)
    #expect(judged.holds == true)
    #expect(HeapGrowth([figures[0]]) == nil)
    #expect(figures.judged().allSatisfy { $0.holds == nil })
  }
}
