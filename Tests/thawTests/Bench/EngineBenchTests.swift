import Checkpoint
import Images
import Linux
import Server
import TestBed
import Terminal
import Testing

@testable import thaw

@Suite(.timeLimit(.minutes(1))) struct EngineBenchTests {
  @Test(
    arguments: [
      ("thaw: Restoring Ledger from CRIU checkpoint\nthaw: hot: thawed in 43 ms\n", .hot, 43, nil),
      (
        "thaw: warm: thawed in 51 ms; not hot: environment: another value of A; freeze it\n", .warm,
        51, "not hot: environment: another value of A; freeze it"
      ),
      ("noise\nthaw: cold: capability: missing\n", nil, nil, "capability: missing"),
    ] as [(String, Manifest.Tier?, Double?, String?)])
  func `a container's log tells the tier of its start`(
    _ log: String, _ tier: Manifest.Tier?, _ milliseconds: Double?, _ because: String?
  ) throws {
    let told = try #require(ToldStart(log: log))
    #expect(told.tier == .init(thawed: tier, because: because))
    #expect(told.milliseconds == milliseconds)
  }

  @Test func `a log without the line tells nothing yet`() {
    #expect(
      ToldStart(log: "thaw: Restoring Ledger from CRIU checkpoint\nhot: thawed in 4 ms") == nil)
  }

  @Test func `a start of another tier than its way ends the run with the reason`() throws {
    var sample = BenchSample()
    #expect(throws: Failure.self) { try sample.check(.hot) }
    sample.tier = .init(thawed: .warm, because: "not hot: data")
    try sample.check(.warm)
    #expect {
      try sample.check(.hot)
    } throws: { error in
      (error as? Failure)?.message == "a start by hot was warm: not hot: data"
    }
    sample.tier = .init(because: "capability: missing")
    try sample.check(.cold)
    #expect {
      try sample.check(.warm)
    } throws: { error in
      (error as? Failure)?.message == "a start by warm was cold: capability: missing"
    }
  }

  @Test func `figures of an engine are judged among themselves`() throws {
    let samples: [BenchSeries: [BenchSample]] = Dictionary(
      uniqueKeysWithValues: [
        (BenchWay.hello, 180.0), (.hot, 250), (.warm, 300), (.restore, 240), (.cold, 2000),
      ].map { way, time in
        var sample = BenchSample()
        sample.firstAnswer = time
        return (BenchSeries(way: way), [sample])
      })
    let figures = FigureCollection(
      server: "s", samples: samples,
      order: samples.keys.sorted { $0.way.rawValue < $1.way.rawValue },
      size: nil, engine: .podman
    ).figures.judged()
    let hot = try #require(figures.first(Figure.Name.firstAnswer, .hot, engine: "podman"))
    #expect(hot.goal == "≤ 1.35 × hello" && hot.target == 243 && hot.short == 7)
    let ahead = try #require(
      figures.first(Figure.Name.timesFasterThanRestore, .hot, engine: "podman"))
    #expect(ahead.holds == false && ahead.short == 0.04)
    #expect(figures.first(Figure.Name.timesHello, .warm, engine: "podman")?.median == 1.667)
    // Eight times faster than cold is what Thaw's own engine is to reach.
    let warm = figures.first(Figure.Name.timesFasterThanCold, .warm, engine: "podman")
    #expect(warm?.holds == nil)
    #expect(figures.first(Figure.Name.firstAnswer, .hot) == nil)
    let html = BenchPage(figures: figures, facts: MachineFacts.current()).html()
    #expect(html.contains("<title>To the first answer, from the start of podman run</title>"))
  }

  @Test func `a wait for an answer ends when it is told to`() throws {
    let server = try Descriptor.listen(on: .loopback(port: 0), backlog: 8)
    guard case .ipv4(_, let port) = try server.localAddress() else { return }
    let probe = Probe.http(HTTPRequest(endpoint: Endpoint(port: port)))
    // Nobody accepts: questions stay, and the wait ends as it is told.
    let began = Clock.monotonic()
    let silent = try AnswerWait().answer(to: probe, deadline: .after(.seconds(20))) {
      Clock.monotonic() - began < .milliseconds(50)
    }
    #expect(silent == nil)
    #expect(Clock.monotonic() - began < .seconds(5))
  }

  @Test func `what a bench holds is told from what one left`() throws {
    guard Host.user == 0 else { return }
    let id: String
    do {
      let lease = try BenchLease()
      id = lease.id
      #expect(BenchLease.isHeld(id: id))
      _ = consume lease
    }
    #expect(!BenchLease.isHeld(id: id))
  }
}
