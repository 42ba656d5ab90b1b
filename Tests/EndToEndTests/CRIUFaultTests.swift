import Linux
import TestBed
import Testing

/// A CRIU that is missing, too old, hangs or dies: no freeze and a clear error, or a cold start with its reason.
@Suite(.engine, .serialized, .timeLimit(.minutes(5)))
struct CRIUFaultTests {
  @Test func `without CRIU nothing is frozen, and servers start cold`() throws {
    let bed = try Bed()
    try bed.freeze()
    let bundle = try StandIn.withoutCRIU(in: bed.folder.path)
    let environment = ["THAW_BUNDLE": bundle.string]
    let freeze = try bed.freeze(environment: environment)
    #expect(freeze.status == .exited(7), "\(freeze.status) \(freeze.errorText)")
    #expect(freeze.errorText.contains("Setup/bundle.sh"), "\(freeze.errorText)")
    try expectCold(bed, environment, because: "CRIU")
    try bed.expectNothingIsLeft(checkpoints: 1)
  }

  @Test func `a CRIU that is too old freezes nothing, and servers start cold`() throws {
    let bed = try Bed()
    try bed.freeze()
    let environment = ["THAW_BUNDLE": try StandIn(.old, in: bed.folder.path).path.string]
    let freeze = try bed.freeze(environment: environment)
    #expect(freeze.status == .exited(7), "\(freeze.status) \(freeze.errorText)")
    #expect(freeze.errorText.contains("3.17") && freeze.errorText.contains("4.2"))
    try expectCold(bed, environment, because: "3.17")
    try bed.expectNothingIsLeft(checkpoints: 1)
  }

  @Test(arguments: [StandIn.Fault.hangsAtVersion, .hangsAtDump])
  func `a freeze does not wait for a CRIU that hangs`(fault: StandIn.Fault) throws {
    let bed = try Bed()
    let bundle = try StandIn(fault, in: bed.folder.path).path.string
    let freeze = try bed.freeze(
      environment: ["THAW_BUNDLE": bundle, "THAW_CRIU_TIMEOUT": "500ms"])
    #expect(freeze.status == .exited(1), "\(freeze.status) \(freeze.errorText)")
    #expect(freeze.errorText.contains("time"), "\(freeze.errorText)")
    try bed.expectNothingIsLeft(checkpoints: 0)
  }

  @Test(arguments: [StandIn.Fault.hangsAtVersion, .hangsAtRestore, .diesAtRestore])
  func `a start does not wait for a CRIU that hangs or dies`(fault: StandIn.Fault) throws {
    let bed = try Bed()
    try bed.freeze()
    let bundle = try StandIn(fault, in: bed.folder.path).path.string
    let environment = ["THAW_BUNDLE": bundle, "THAW_CRIU_TIMEOUT": "500ms"]
    try expectCold(bed, environment, because: fault == .diesAtRestore ? "ended" : "time")
    try bed.expectNothingIsLeft(checkpoints: 1)
  }

  @Test func `a CRIU that dies in the dump is told`() throws {
    let bed = try Bed()
    let bundle = try StandIn(.diesAtDump, in: bed.folder.path).path.string
    let freeze = try bed.freeze(environment: ["THAW_BUNDLE": bundle])
    #expect(freeze.status == .exited(1), "\(freeze.status) \(freeze.errorText)")
    #expect(freeze.errorText.contains("SIGKILL"), "\(freeze.errorText)")
    try bed.expectNothingIsLeft(checkpoints: 0)
  }

  @Test func `a server that dies in the dump is told`() throws {
    let bed = try Bed()
    let bundle = try StandIn(.killsServer, in: bed.folder.path).path.string
    let freeze = try bed.freeze(environment: ["THAW_BUNDLE": bundle])
    #expect(freeze.status == .exited(5), "\(freeze.status) \(freeze.errorText)")
    #expect(freeze.errorText.contains("the server ended in the dump"), "\(freeze.errorText)")
    try bed.expectNothingIsLeft(checkpoints: 0)
  }

  @Test(arguments: [Signal.terminate, .kill])
  func `a freeze that is stopped while CRIU dumps leaves nothing`(signal: Signal) throws {
    let bed = try Bed()
    let bundle = try StandIn(.hangsAtDump, in: bed.folder.path).path.string
    let freeze = try bed.start(bed.freezing(), environment: ["THAW_BUNDLE": bundle])
    try freeze.waitFor("Dump…")
    try freeze.signal(signal)
    #expect(try freeze.wait() == (signal == .kill ? 137 : 143), "\(freeze.errorText)")
    try bed.expectNothingIsLeft(checkpoints: 0)
  }

  @Test(arguments: [Signal.terminate, .interrupt, .kill])
  func `a start that is stopped while CRIU thaws leaves nothing`(signal: Signal) throws {
    let bed = try Bed()
    try bed.freeze()
    let bundle = try StandIn(.hangsAtRestore, in: bed.folder.path).path.string
    let run = try bed.start("run", "--rm", "web", environment: ["THAW_BUNDLE": bundle])
    let isThawing = eventually { run.tree.contains { $0.contains("swrk") } }
    #expect(isThawing, "\(run.errorText)")
    try run.signal(signal)
    #expect(try run.wait() == (signal == .kill ? 137 : 143), "\(run.errorText)")
    try bed.expectNothingIsLeft(checkpoints: 1)
  }

  private func expectCold(
    _ bed: Bed, _ environment: [String: String], because reason: String,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let run = try bed.thaw("run", "-d", "--rm", "--name", "one", "web", environment: environment)
    #expect(
      run.isSuccess && run.text.contains("cold (") && run.text.contains(reason),
      "\(run.text)\(run.errorText)", sourceLocation: sourceLocation)
    #expect(try bed.get("/memory") == "2", sourceLocation: sourceLocation)
    #expect(try bed.thaw("stop", "one").isSuccess, sourceLocation: sourceLocation)
    let restore = try bed.thaw("restore", "--rm", "web", environment: environment)
    #expect(
      restore.status == .exited(6) && restore.errorText.contains(reason),
      "\(restore.status) \(restore.errorText)", sourceLocation: sourceLocation)
  }
}
