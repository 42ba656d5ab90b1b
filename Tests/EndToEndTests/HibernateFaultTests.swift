import Linux
import TestBed
import Testing

/// What keeps a server from being hibernated lets it go on, says why, and leaves nothing.
@Suite(.engine, .serialized, .timeLimit(.minutes(5)))
struct HibernateFaultTests {
  /// A bed with a server `one` that runs; with a CRIU that misbehaves, if told so.
  private func running(
    _ fault: StandIn.Fault? = nil, options: [String] = [], server: [String] = [],
    patience: String = "500ms"
  ) throws -> (bed: Bed, environment: [String: String]) {
    let bed = try Bed()
    #expect(try bed.freeze(server: server).isSuccess)
    var environment = ["THAW_CRIU_TIMEOUT": patience]
    if let fault {
      environment["THAW_BUNDLE"] = try StandIn(fault, in: bed.folder.path).path.string
    }
    let run = try bed.thaw(
      ["run", "-d", "--rm", "--name", "one"] + options + ["web"],
      environment: environment.merging(["THAW_CRIU_TIMEOUT": "20s"]) { $1 })
    #expect(run.isSuccess, "\(run.text)\(run.errorText)")
    return (bed, environment)
  }

  private func expectGoesOn(
    _ bed: Bed, memory: Int = 3, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    #expect(try bed.get("/memory") == "\(memory)", sourceLocation: sourceLocation)
    #expect(try bed.thaw("ps", "--quiet").text == "one\n", sourceLocation: sourceLocation)
    #expect(try bed.thaw("stop", "one").isSuccess, sourceLocation: sourceLocation)
    try bed.expectNothingIsLeft(checkpoints: 1)
  }

  @Test func `what does not run cannot be hibernated`() throws {
    let bed = try Bed()
    try bed.freeze()
    #expect(try bed.thaw("hibernate", "web").status == .exited(3))
    #expect(try bed.thaw("run", "-d", "--name", "one", "web").isSuccess)
    #expect(try bed.thaw("stop", "one").isSuccess)
    let ended = try bed.thaw("hibernate", "one")
    #expect(!ended.isSuccess && ended.errorText.contains("does not run"), "\(ended.errorText)")
    try bed.expectNothingIsLeft(kept: 1, checkpoints: 1)
  }

  @Test func `a server with a volume is refused`() throws {
    let (bed, _) = try running(options: ["-v", "books:/books"])
    let refused = try bed.thaw("hibernate", "one")
    #expect(refused.status == .exited(4), "\(refused.errorText)")
    #expect(refused.errorText.contains("/books"), "\(refused.errorText)")
    // It was started cold on it.
    try expectGoesOn(bed, memory: 2)
  }

  @Test func `a server that confines itself is refused`() throws {
    let (bed, _) = try running()
    #expect(try bed.get("/confine") == "confined")
    let refused = try bed.thaw("hibernate", "one")
    #expect(
      refused.status == .exited(1) && refused.errorText.contains("2 seccomp filters"),
      "\(refused.errorText)")
    try expectGoesOn(bed, memory: 4)
  }

  @Test func `a server whose process has left its tree is refused`() throws {
    let (bed, _) = try running()
    #expect(try bed.get("/leave") != nil)
    let refused = try bed.thaw("hibernate", "one")
    #expect(
      refused.status == .exited(1) && refused.errorText.contains("left the server's tree"),
      "\(refused.errorText)")
    try expectGoesOn(bed, memory: 4)
  }

  @Test(arguments: [StandIn.Fault.diesAtDump, .hangsAtDump])
  func `a server goes on when CRIU dies or hangs`(fault: StandIn.Fault) throws {
    let (bed, environment) = try running(fault)
    let failed = try bed.thaw("hibernate", "one", environment: environment)
    #expect(failed.status == .exited(1), "\(failed.status) \(failed.errorText)")
    let reason = fault == .hangsAtDump ? "time" : "SIGKILL"
    #expect(failed.errorText.contains(reason), "\(failed.errorText)")
    try expectGoesOn(bed)
  }

  @Test(arguments: [Signal.interrupt, .terminate, .kill])
  func `a server goes on when the command is stopped in the middle`(signal: Signal) throws {
    let (bed, environment) = try running(.slowAtDump, patience: "20s")
    let command = try bed.start("hibernate", "one", environment: environment)
    try command.waitFor("Dump…")
    try command.signal(signal)
    #expect(try command.wait() == (signal == .kill ? 137 : 143), "\(command.errorText)")
    // A CRIU that lost its caller gives up when it has something to tell.
    let isAlone = eventually {
      !Processes.descendants(of: bed.first).contains { pid in
        Processes.arguments(of: pid).contains("swrk")
      }
    }
    #expect(isAlone)
    try expectGoesOn(bed)
  }

  @Test func `a server is not lost when CRIU ends before it has answered`() throws {
    let (bed, environment) = try running(.losesAnswer, patience: "20s")
    let done = try bed.thaw("hibernate", "one", environment: environment)
    #expect(done.isSuccess, "\(done.errorText)")
    let run = try bed.thaw("run", "-d", "--rm", "--name", "one", "one")
    #expect(run.isSuccess && run.text.contains("hot"), "\(run.text)\(run.errorText)")
    #expect(try bed.get("/memory") == "4")
    #expect(try bed.thaw("stop", "one").isSuccess)
    try bed.expectNothingIsLeft(checkpoints: 2)
  }

  @Test func `two hibernations and a stop do not meet`() throws {
    let (bed, environment) = try running(.slowAtDump, patience: "20s")
    let first = try bed.start("hibernate", "one", environment: environment)
    try first.waitFor("Dump…")
    let second = try bed.thaw("hibernate", "one", environment: environment)
    #expect(second.status == .exited(4), "\(second.errorText)")
    // It waits, and finds that there is nothing left to stop.
    let stop = try bed.thaw("stop", "one")
    #expect(stop.isSuccess, "\(stop.errorText)")
    #expect(try first.wait() == 0, "\(first.errorText)")
    let run = try bed.thaw("run", "-d", "--rm", "--name", "one", "one")
    #expect(run.isSuccess && run.text.contains("hot"), "\(run.text)\(run.errorText)")
    #expect(try bed.get("/memory") == "4", "no signal was frozen with it")
    #expect(try bed.thaw("stop", "one").isSuccess)
    try bed.expectNothingIsLeft(checkpoints: 2)
  }
}
