import Linux
import TestBed
import Testing

/// SIGTERM, SIGINT and SIGKILL in each phase: nothing is left, and the next command works.
@Suite(.engine, .serialized, .timeLimit(.minutes(5)))
struct SignalTests {
  /// A phase of a freeze: what is told when it begins, and how it is made to last.
  enum Phase: String, CaseIterable, CustomTestStringConvertible {
    case container = "Container"
    case start = "Start"
    case warmUp = "Warm up"
    case dump = "Dump"
    case trial = "Trial thaw"

    var testDescription: String { rawValue }

    /// Waits for ever in the phase, where a server can; the others are met as they pass.
    func options(_ bed: Bed) throws -> [String] {
      let slow = "{command: [perl, -e, 'sleep 1000'], within: 1000s}"
      let more =
        switch self {
        case .start: "ready: {within: 1000s, probes: [{tcp: {port: 1}}]}"
        case .warmUp: "warm-up: {within: 1000s, steps: [\(slow)]}"
        default: ""
        }
      return ["freeze", "--recipe", try bed.recipe(more).string]
    }
  }

  static let cases = Phase.allCases.flatMap { phase in
    [Signal.terminate, .interrupt, .kill].map { (phase, $0) }
  }

  @Test(arguments: cases)
  func `a freeze that is stopped leaves nothing`(phase: Phase, signal: Signal) throws {
    let bed = try Bed()
    let freeze = try bed.start(try phase.options(bed))
    try freeze.waitFor("\(phase.rawValue)…")
    try freeze.signal(signal)
    let status = try freeze.wait()
    // A phase that is met as it passes may be over when the signal comes.
    let mayBeDone = phase == .trial && status == 0
    #expect(status == (signal == .kill ? 137 : 143) || mayBeDone, "\(freeze.errorText)")
    if signal != .kill, !mayBeDone {
      #expect(freeze.errorText.contains("stopped"), "\(freeze.errorText)")
    }
    try bed.expectNothingIsLeft(checkpoints: mayBeDone ? 1 : 0)
    #expect(try bed.freeze().isSuccess)
  }

  @Test(arguments: [2, 15, 30, 45, 60, 75, 90, 110, 130, 160, 200, 250])
  func `a freeze that is killed at any moment leaves nothing`(milliseconds: Int) throws {
    let bed = try Bed()
    let freeze = try bed.start(bed.freezing())
    try freeze.runFor(.milliseconds(milliseconds))
    try freeze.signal(.kill)
    _ = try freeze.wait()
    try bed.expectNothingIsLeft()
    #expect(try bed.freeze().isSuccess)
  }

  @Test(arguments: [Signal.terminate, .kill])
  func `a start that is stopped at any moment leaves nothing`(signal: Signal) throws {
    let bed = try Bed()
    try bed.freeze()
    for milliseconds in [1, 10, 20, 30, 40, 50, 60, 70, 80, 95, 110, 130] {
      let run = try bed.start("run", "--rm", "web")
      try run.runFor(.milliseconds(milliseconds))
      try run.signal(signal)
      let status = try run.wait()
      #expect(status == (signal == .kill ? 137 : 143), "after \(milliseconds) ms: \(run.errorText)")
      try bed.expectNothingIsLeft(checkpoints: 1)
    }
    #expect(try bed.thaw("run", "-d", "--rm", "web").isSuccess)
  }

  @Test func `a command that cleans up while runc is still at work leaves nothing`() throws {
    let bed = try Bed()
    try bed.freeze()
    for milliseconds in stride(from: 5, through: 100, by: 5) {
      let run = try bed.start("run", "--rm", "web")
      try run.runFor(.milliseconds(milliseconds))
      try run.signal(.kill)
      _ = try run.wait()
      let ps = try bed.thaw("ps", "--quiet")
      #expect(ps.isSuccess, "after \(milliseconds) ms: \(ps.errorText)")
    }
    try bed.expectNothingIsLeft(checkpoints: 1)
  }

  @Test func `a server whose monitor is killed ends as its recipe says`() throws {
    let bed = try Bed()
    let recipe = try bed.recipe("stop: {signal: USR1, within: 10s}", arguments: ["stop"])
    try #require(try bed.thaw("freeze", "--recipe", recipe.string).isSuccess)
    let run = try bed.start("run", "--name", "one", "web")
    try run.waitFor("answers after")
    try run.signal(.kill)
    #expect(try run.wait() == 137)
    try bed.expectNothingIsLeft(kept: 1, checkpoints: 1)
    #expect(try bed.thaw("ps", "--all", "--json").text.contains(#""exitCode":137"#))
  }

  @Test func `a caller of run -d that is killed leaves the server to its monitor`() throws {
    let bed = try Bed()
    try bed.freeze()
    let run = try bed.start("run", "-d", "--name", "one", "web", "--", "slow=1")
    let isStarted = eventually {
      run.tree.contains { $0.contains("slow=1") && $0.contains(bed.server.string) }
    }
    #expect(isStarted)
    try run.signal(.kill)
    #expect(try run.wait() == 137, "\(run.text)\(run.errorText)")
    let isUp = try eventually { try bed.get("/memory") != nil }
    #expect(isUp)
    #expect(try bed.thaw("stop", "one").isSuccess)
    try bed.expectNothingIsLeft(kept: 1, checkpoints: 1)
  }
}
