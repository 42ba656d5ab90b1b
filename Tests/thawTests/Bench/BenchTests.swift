import Checkpoint
import Images
import Lifecycle
import Linux
import Terminal
import Testing

@testable import thaw

@Suite struct BenchTests {
  @Test func `phases follow each other, those of the engine first`() {
    var sample = BenchSample()
    let entries: [TimelineEntry] = [
      .init(at: 1004, what: .part(.engine)), .init(at: 1010, what: .part(.network)),
      .init(at: 1075, what: .part(.container)), .init(at: 1076, what: .server(.begun)),
      .init(
        at: 1100,
        what: .server(
          .thawed(
            milliseconds: 30,
            phases: [
              ThawPhase("checkpoint opened", endsAfter: 2), ThawPhase("CRIU", endsAfter: 29),
            ]))),
      .init(at: 1110.5, what: .server(.answered(milliseconds: 40))),
    ]
    sample.takePhases(entries, began: 1000)
    let phases = sample.phases.map { "\($0.name) \($0.length)" }
    // PID 1 began at 1070: before runc had returned.
    #expect(
      phases == [
        "engine 4.0", "network 6.0", "container 60.0", "checkpoint opened 2.0", "CRIU 27.0",
        "taken over 1.0", "first answer 10.0",
      ])
    #expect(sample.criu == 27)
    #expect(sample.firstAnswerFromInit == 40)
  }

  @Test func `rare starts are spread over the whole run`() {
    let plan = BenchPlan(ways: [.cold, .hot, .empty], runs: 6, coldRuns: 2)
    #expect(plan.series.map(\.way) == [.cold, .hot, .hot, .empty])
    let turns = plan.turns
    #expect(turns.filter { $0.way == .cold }.count == 2)
    #expect(turns.filter { $0 == BenchSeries(way: .hot) }.count == 6)
    #expect(turns.filter { $0 == BenchSeries(way: .hot, cache: .cold) }.count == 6)
    let places = turns.indices.filter { turns[$0].way == .cold }
    #expect(places[1] - places[0] > turns.count / 3)
    #expect(BenchPlan(ways: [.cold], runs: 20, coldRuns: 3).turns.count == 3)
  }

  @Test func `entries of a timeline are read as they were written`() throws {
    let pipe = try Pipe()
    let writer = TimelineWriter(pipe.writer.rawValue)
    writer.tell(.part(.network))
    writer.tell(.server(.answered(milliseconds: 12)))
    var reader = TimelineReader(pipe.intoReader())
    let entries = try reader.next(deadline: .after(.seconds(5)))
    #expect(entries.count == 2)
    guard case .server(.answered(milliseconds: 12)) = entries[1].what else {
      Issue.record("\(entries[1].what)")
      return
    }
    #expect(try reader.next(deadline: .after(.seconds(5))).isEmpty)
  }

  @Test func `the page tells goals, pictures and all figures`() {
    var figures = [
      Figure(server: "shop", Figure.Name.fromInit, .hot, unit: "ms", [52]),
      Figure(server: "shop", Figure.Name.fromInit, .criu, unit: "ms", [200]),
      Figure(server: "shop", Figure.Name.phase + "network", .hot, unit: "ms", [7]),
      Figure(server: "shop", Figure.Name.phase + "CRIU", .hot, unit: "ms", [30]),
      Figure(server: "heap-64", Figure.Name.fromInit, .hot, unit: "ms", [30]),
      Figure(server: "heap-256", Figure.Name.fromInit, .hot, unit: "ms", [31]),
    ]
    figures = figures.judged()
    let html = BenchPage(figures: figures, facts: MachineFacts.current()).html()
    #expect(html.contains(">short by 12 ms</td>"))
    #expect(html.contains("<title>Time line of a thaw</title>"))
    #expect(html.contains("<h2>Growth with the heap</h2>"))
    #expect(html.contains("<dt>kernel</dt>"))
    // Servers that only differ in their heap have no chapter of their own.
    #expect(html.contains("<h2>shop</h2>") && !html.contains("<h2>heap-64</h2>"))
    for figure in figures { #expect(html.contains("<td>\(figure.figure)</td>")) }
  }
}
