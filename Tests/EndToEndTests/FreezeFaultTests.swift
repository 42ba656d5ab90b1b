import Linux
import TestBed
import Testing

/// Servers and recipes with which no checkpoint can be made: a clear error, its status, and nothing left.
@Suite(.engine, .serialized, .timeLimit(.minutes(5)))
struct FreezeFaultTests {
  @Test func `a recipe with a typo is told with file, line and column`() throws {
    let bed = try Bed()
    let recipe = try bed.recipe("stopp: {signal: TERM}")
    let freeze = try bed.thaw("freeze", "--recipe", recipe.string)
    #expect(freeze.status == .exited(65), "\(freeze.errorText)")
    #expect(freeze.errorText.contains("recipe.yaml:8:1: "), "\(freeze.errorText)")
    #expect(freeze.errorText.contains("'stop'") || freeze.errorText.contains("stop"))
    try bed.expectNothingIsLeft(checkpoints: 0)
  }

  @Test func `a server that never becomes ready ends the freeze in time`() throws {
    let bed = try Bed()
    let freeze = try bed.freeze(["--within", "300ms"], server: ["silent"])
    #expect(freeze.status == .exited(5), "\(freeze.errorText)")
    #expect(freeze.errorText.contains("not ready within 300ms"), "\(freeze.errorText)")
    #expect(freeze.errorText.contains("starting"), "the end of its log: \(freeze.errorText)")
    try bed.expectNothingIsLeft(checkpoints: 0)
  }

  @Test func `a server that dies before it is ready is told with its status and log`() throws {
    let bed = try Bed()
    let freeze = try bed.thaw(
      "freeze", "--name", "web", "--ready", "tcp://127.0.0.1:8080", "--", "perl", "-e",
      "print qq(no licence\\n); exit 4")
    #expect(freeze.status == .exited(5), "\(freeze.errorText)")
    #expect(freeze.errorText.contains("status 4"), "\(freeze.errorText)")
    #expect(freeze.errorText.contains("no licence"), "\(freeze.errorText)")
    try bed.expectNothingIsLeft(checkpoints: 0)
  }

  @Test func `a program that is not there is told`() throws {
    let bed = try Bed()
    let freeze = try bed.thaw(
      "freeze", "--name", "web", "--ready", "tcp://127.0.0.1:8080", "--", "/no/such/program")
    #expect(freeze.status == .exited(5), "\(freeze.errorText)")
    #expect(freeze.errorText.contains("/no/such/program"), "\(freeze.errorText)")
    try bed.expectNothingIsLeft(checkpoints: 0)
  }

  @Test(arguments: [
    ("warm-up: {steps: [{http: {port: 8080, path: /exit/3}}]}", "the server ended in the warm-up"),
    ("before-freeze: [{http: {port: 8080, path: /exit/3}}]", "the server ended in the warm-up"),
    ("warm-up: {steps: [{command: [\"false\"]}]}", "the warm-up failed"),
  ])
  func `a warm-up that fails or ends the server is told`(step: String, words: String) throws {
    let bed = try Bed()
    let recipe = try bed.recipe(step)
    let freeze = try bed.thaw("freeze", "--recipe", recipe.string)
    #expect(freeze.status == .exited(5), "\(freeze.status) \(freeze.errorText)")
    #expect(freeze.errorText.contains(words), "\(freeze.errorText)")
    try bed.expectNothingIsLeft(checkpoints: 0)
  }

  @Test func `a server that dies just after the thaw fails its trial`() throws {
    let bed = try Bed()
    // Only in the trial is there a manifest.
    let words = ["die-if=/run/thaw/checkpoint/manifest.json"]
    let freeze = try bed.freeze(server: words)
    #expect(freeze.status == .exited(5), "\(freeze.status) \(freeze.errorText)")
    #expect(freeze.errorText.contains("trial"), "\(freeze.errorText)")
    #expect(freeze.errorText.contains("status 9"), "\(freeze.errorText)")
    try bed.expectNothingIsLeft(checkpoints: 0)
  }

  @Test func `a server that dies just after the thaw is told with its status`() throws {
    let bed = try Bed()
    try bed.freeze(["--no-trial"], server: ["die-if=/run/thaw/checkpoint/manifest.json"])
    let foreground = try bed.thaw("run", "--rm", "web")
    #expect(foreground.status == .exited(9), "\(foreground.status) \(foreground.errorText)")
    let detached = try bed.thaw("run", "-d", "--name", "one", "web")
    #expect(detached.status == .exited(5), "\(detached.status) \(detached.errorText)")
    #expect(detached.errorText.contains("status 9"), "\(detached.errorText)")
    #expect(detached.errorText.contains("thaw logs one"), "\(detached.errorText)")
    try bed.expectNothingIsLeft(kept: 1, checkpoints: 1)
  }

  @Test(arguments: ["200k", "900k", "1300k", "1700k", "2200k", "3m"])
  func `a disk that is full leaves no half checkpoint`(size: String) throws {
    let bed = try Bed()
    try bed.mountRoot(size: size)
    let freeze = try bed.freeze()
    if freeze.isSuccess {
      #expect(size.hasSuffix("m") || size > "2", "\(size) is too little for the checkpoint")
    } else {
      #expect(freeze.status == .exited(8), "\(freeze.status) \(freeze.errorText)")
      #expect(freeze.errorText.contains("--root"), "\(freeze.errorText)")
    }
    try bed.expectNothingIsLeft(checkpoints: freeze.isSuccess ? 1 : 0)
  }

  @Test func `a full disk while a server starts is told`() throws {
    let bed = try Bed()
    try bed.mountRoot(size: "8m")
    #expect(try bed.freeze().isSuccess)
    try bed.fillRoot()
    let run = try bed.thaw("run", "--rm", "web")
    #expect(run.status == .exited(8), "\(run.status) \(run.errorText)")
    try bed.emptyRoot()
    try bed.expectNothingIsLeft(checkpoints: 1)
    #expect(try bed.thaw("run", "-d", "--rm", "--name", "one", "web").isSuccess)
    #expect(try bed.thaw("stop", "one").isSuccess)
  }
}
