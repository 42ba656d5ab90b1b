import Linux
import TestBed
import Testing

/// What users do: freeze, run, look, stop, remove.
@Suite(.engine, .serialized, .timeLimit(.minutes(5)))
struct OrdinaryTests {
  @Test func `a frozen server is thawed, listed, heard, stopped and removed`() throws {
    let bed = try Bed()
    let frozen = try bed.freeze()
    #expect(frozen.isSuccess, "\(frozen.errorText)")
    #expect(frozen.text.contains("web is frozen"))
    try bed.expectNothingIsLeft(checkpoints: 1)

    let run = try bed.thaw("run", "-d", "--name", "one", "-p", "18080:8080", "web")
    #expect(run.isSuccess, "\(run.errorText)")
    #expect(run.text.contains("one answers") && run.text.contains("hot"), "\(run.text)")
    // Its memory is that of the freeze: once asked when it was frozen, once by the first answer.
    #expect(try bed.get("/memory", port: 18080) == "3")
    #expect(try bed.get("/memory", port: 8080) == nil, "only what -p says is published")
    #expect(try bed.thaw("ps", "--quiet").text == "one\n")
    #expect(try bed.thaw("ls", "--quiet").text == "web\n")
    #expect(try bed.thaw("logs", "one").text.contains("answered /memory\n"))
    #expect(try bed.thaw("logs", "one").errorText.contains("thaw: hot"))
    #expect(try bed.thaw("inspect", "web").isSuccess)

    let refused = try bed.thaw("rm", "web")
    #expect(refused.status == .exited(4), "a checkpoint in use: \(refused.errorText)")
    let stopped = try bed.thaw("stop", "one")
    #expect(stopped.isSuccess, "\(stopped.errorText)")
    #expect(try bed.thaw("ps", "--quiet").text == "")
    #expect(try bed.thaw("ps", "--quiet", "--all").text == "one\n")
    try bed.expectNothingIsLeft(kept: 1, checkpoints: 1)
    #expect(try bed.thaw("rm", "one").isSuccess)
    #expect(try bed.thaw("rm", "web").isSuccess)
    try bed.expectNothingIsLeft(checkpoints: 0)
  }

  @Test func `each thawed copy has its own memory, files and ports`() throws {
    let bed = try Bed()
    let data = (bed.folder / "data").string
    try bed.freeze(server: ["data=\(data)"])
    for (name, port) in [("one", 8081), ("two", 8082)] {
      let run = try bed.thaw("run", "-d", "--rm", "--name", name, "-p", "\(port):8080", "web")
      #expect(run.text.contains("hot"), "\(run.text)\(run.errorText)")
    }
    #expect(try bed.get("/note/one", port: 8081) != nil)
    #expect(try bed.get("/notes", port: 8081) == "one\n")
    #expect(try bed.get("/notes", port: 8082) == "")
    // Both have what was written before the freeze; this machine has nothing of it.
    #expect(try bed.get("/starts", port: 8082) == "start\n")
    #expect(!FileSystem.exists(Path(data)))
    #expect(try bed.thaw("stop", "one", "two").isSuccess)
    try bed.expectNothingIsLeft(checkpoints: 1)
  }

  @Test func `without -p a server answers on 127.0.0.1 alone, under its own number`() throws {
    let bed = try Bed()
    try bed.freeze()
    let run = try bed.thaw("run", "-d", "--rm", "web")
    #expect(run.text.contains("127.0.0.1:8080"), "\(run.text)\(run.errorText)")
    #expect(try bed.get("/memory") == "3")
    let name = try bed.thaw("ps", "--quiet").text.dropLast()
    #expect(try bed.thaw("stop", String(name)).isSuccess)
    try bed.expectNothingIsLeft(checkpoints: 1)
  }

  @Test(arguments: [
    (["--", "more"], [], "arguments: "),
    ([], ["-e", "COLOUR=red"], "environment: another value of COLOUR"),
    ([], ["--cold"], "a cold start was asked for"),
  ])
  func `what is not as it was frozen is started cold, and the reason is told`(
    words: [String], options: [String], reason: String
  ) throws {
    let bed = try Bed()
    try bed.freeze()
    let run = try bed.thaw(["run", "-d", "--name", "one"] + options + ["web"] + words)
    #expect(run.isSuccess && run.text.contains("cold (\(reason)"), "\(run.text)\(run.errorText)")
    // Freshly started: only the first answer was asked before.
    #expect(try bed.get("/memory") == "2")
    #expect(try bed.thaw("logs", "one").errorText.contains("thaw: cold: \(reason)"))
    guard !options.contains("--cold") else { return }
    let restore = try bed.thaw(
      ["restore", "--name", "two", "-p", "8081:8080"] + options + ["web"] + words)
    #expect(
      restore.status == .exited(6) && restore.errorText.contains(reason), "\(restore.errorText)")
    #expect(try bed.thaw("rm", "--force", "one").isSuccess)
    try bed.expectNothingIsLeft(kept: 1, checkpoints: 1)
  }

  @Test func `the server's own status is the command's`() throws {
    let bed = try Bed()
    try bed.freeze()
    let run = try bed.start("run", "--rm", "web")
    try run.waitFor("answers after")
    #expect(try bed.get("/exit/7") == nil)
    #expect(try run.wait() == 7)
    #expect(run.text.contains("ending\n"))
    try bed.expectNothingIsLeft(checkpoints: 1)
  }

  @Test(arguments: [Signal.terminate, .interrupt])
  func `a signal that ends the command ends the server as its recipe says`(signal: Signal) throws {
    let bed = try Bed()
    let recipe = try bed.recipe("stop: {signal: USR1, within: 10s}", arguments: ["stop"])
    let frozen = try bed.thaw("freeze", "--recipe", recipe.string)
    #expect(frozen.isSuccess, "\(frozen.errorText)")
    let run = try bed.start("run", "--rm", "web")
    try run.waitFor("answers after")
    try run.signal(signal)
    #expect(try run.wait() == 3)
    #expect(run.text.contains("told to stop\n"))
    try bed.expectNothingIsLeft(checkpoints: 1)
  }

  @Test func `a server that SIGTERM ends gives 143`() throws {
    let bed = try Bed()
    try bed.freeze()
    let run = try bed.start("run", "--rm", "web")
    try run.waitFor("answers after")
    try run.signal(.terminate)
    #expect(try run.wait() == 143)
    try bed.expectNothingIsLeft(checkpoints: 1)
  }

  @Test func `a name, a checkpoint that is not there and a port in use have their status`() throws {
    let bed = try Bed()
    try bed.freeze()
    #expect(try bed.thaw("run", "wob").status == .exited(3))
    #expect(try bed.thaw("run", "-d", "--rm", "--name", "one", "web").isSuccess)
    let name = try bed.thaw("run", "-d", "--name", "one", "-p", "8081:8080", "web")
    #expect(name.status == .exited(4) && name.errorText.contains("one"), "\(name.errorText)")
    let port = try bed.thaw("run", "-d", "--name", "two", "web")
    #expect(port.status == .exited(4), "\(port.errorText)")
    #expect(port.errorText.contains("8080") && port.errorText.contains("-p"), "\(port.errorText)")
    #expect(try bed.thaw("stop", "one").isSuccess)
    try bed.expectNothingIsLeft(checkpoints: 1)
  }

  @Test func `a second freeze under a name replaces the checkpoint, and leaves one in use`() throws
  {
    let bed = try Bed()
    try bed.freeze()
    try bed.freeze()
    try bed.expectNothingIsLeft(checkpoints: 1)
    #expect(try bed.thaw("run", "-d", "--rm", "--name", "one", "web").isSuccess)
    try bed.freeze()
    #expect(try bed.names(in: "checkpoints").count == 2)
    #expect(try bed.get("/memory") == "3")
    #expect(try bed.thaw("stop", "one").isSuccess)
  }
}
