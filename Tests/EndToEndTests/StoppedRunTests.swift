import Linux
import TestBed
import Testing

/// Servers that `thaw run` runs on volumes: told to end they are hibernated onto these, and the next run goes on there.
@Suite(.engine, .serialized, .timeLimit(.minutes(5)))
struct StoppedRunTests {
  /// A bed with a checkpoint of a server that has data, and runs of it on one volume.
  private final class Shop {
    let bed: Bed
    let data: String
    private let more: [String]

    init(_ recipe: String = "", on more: [String] = []) throws {
      bed = try Bed()
      data = (bed.folder / "data").string
      self.more = more
      let folder = try bed.recipe("data: [\(data)]\n\(recipe)", arguments: ["data=\(data)"])
      let frozen = try bed.thaw("freeze", "--recipe", folder.string)
      try #require(frozen.isSuccess, "\(frozen.errorText)")
    }

    var volume: Path { bed.root / "volumes/books" }
    var seenVolume: Path { bed.seenRoot / "volumes/books" }

    func words(_ verb: [String]) -> [String] {
      verb + ["-v", "books:\(data)"] + more + ["web"]
    }

    @discardableResult
    func run(
      _ options: String..., expecting tier: String, environment: [String: String] = [:],
      sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> String {
      let run = try bed.thaw(
        words(["run", "-d", "--name", "one"] + options), environment: environment)
      #expect(
        run.isSuccess && run.text.contains(tier), "\(run.text)\(run.errorText)",
        sourceLocation: sourceLocation)
      return run.text
    }

    /// Stops it; the result is what the command said.
    func stop(_ verb: String = "stop") throws -> String {
      let stopped = try bed.thaw(verb, "one")
      #expect(stopped.isSuccess, "\(stopped.errorText)")
      return stopped.text
    }

    func log() throws -> String { try bed.thaw("logs", "one").errorText }

    func remove() throws {
      #expect(try bed.thaw("rm", "--container", "one").isSuccess)
    }
  }

  @Test func `a stopped server goes on in the next run with its memory and data`() throws {
    let shop = try Shop()
    let bed = shop.bed
    try shop.run(expecting: "hot")
    var asked = 0
    for generation in 1...3 {
      #expect(try bed.get("/note/\(generation)") != nil)
      let stopped = try shop.stop(generation == 2 ? "hibernate" : "stop")
      #expect(stopped.contains("hibernated"), "\(stopped)")
      #expect(try shop.log().contains("thaw: hibernated in"))
      #expect(try bed.thaw("ps", "--all").text.contains("hibernated"))
      try shop.remove()
      let told = try bed.thaw(shop.words(["explain"]))
      #expect(told.text.contains("It would be started hot."), "\(told.text)")
      #expect(told.text.contains("Told to end, it would be hibernated onto its volume."))
      try shop.run(expecting: "hot")
      #expect(try shop.log().contains(", where it was hibernated"))
      #expect(eventually { !FileSystem.exists(shop.seenVolume / ".thaw/hibernated") })
      let now = try bed.get("/memory").flatMap { Int($0) } ?? 0
      #expect(now > asked, "its memory goes on")
      asked = now
    }
    #expect(try bed.get("/notes") == "1\n2\n3\n")
    #expect(try bed.get("/starts") == "start\n", "it was started once")
    #expect(try shop.stop().contains("hibernated"))
    try bed.expectNothingIsLeft(kept: 1, checkpoints: 1)
  }

  @Test func `a run in the foreground is hibernated upon SIGTERM and Ctrl-C`() throws {
    let shop = try Shop()
    for (number, signal) in [Signal.terminate, .interrupt].enumerated() {
      let run = try shop.bed.start(shop.words(["run", "--rm"]))
      try run.waitFor("answers after")
      #expect(try shop.bed.get("/note/\(number)") != nil)
      try run.signal(signal)
      #expect(try run.wait() == 0)
      #expect(run.errorText.contains("thaw: hibernated in"), "\(run.errorText)")
    }
    try shop.run(expecting: "hot")
    #expect(try shop.bed.get("/notes") == "0\n1\n")
    #expect(try shop.stop().contains("hibernated"))
    try shop.bed.expectNothingIsLeft(kept: 1, checkpoints: 1)
  }

  @Test func `what was changed on the volume is seen, and a killed server leaves no hot start`()
    throws
  {
    let shop = try Shop()
    try shop.run(expecting: "hot")
    #expect(try shop.bed.get("/note/kept") != nil)
    #expect(try shop.stop().contains("hibernated"))
    try shop.remove()
    // The second as images call their link to the checkpoint: here it is the server's own.
    for name in ["other", "checkpoint"] {
      try FileSystem.writeFile(shop.seenVolume / name, [])
      try shop.run(expecting: "cold (data: ")
      #expect(try shop.log().contains("\(name) is new since it was hibernated"))
      #expect(try shop.bed.get("/notes") == "kept\n")
      #expect(try shop.stop().contains("hibernated"))
      try shop.remove()
    }
    // Its monitor is gone: nobody may say that the volume is as it was.
    let killed = try shop.bed.start(shop.words(["run", "--rm"]))
    try killed.waitFor("hot")
    try killed.signal(.kill)
    #expect(try killed.wait() == 137)
    try shop.run(expecting: "cold (data: ")
    // What it was thawed from may still have been there.
    let log = try shop.log()
    #expect(
      ["the last server on the volume was not hibernated", "a server ran on the volume"]
        .contains { log.contains($0) }, "\(log)")
    #expect(try shop.bed.get("/starts") == String(repeating: "start\n", count: 4))
    // Started cold, it is hibernated as well.
    #expect(try shop.stop().contains("hibernated"))
    try shop.remove()
    // With other arguments it is not the same server.
    try shop.run("-e", "A=b", expecting: "cold (")
    #expect(try shop.stop().contains("hibernated"))
    try shop.remove()
    try shop.run("-e", "A=b", expecting: "hot")
    #expect(try shop.stop("hibernate").contains("hibernated onto its volume"))
    try shop.bed.expectNothingIsLeft(kept: 1, checkpoints: 1)
  }

  @Test func `a hibernation that is not wanted or cannot be had is an ordinary stop with a reason`()
    throws
  {
    let shop = try Shop()
    try shop.run("--on-stop=stop", expecting: "hot")
    #expect(try shop.stop().contains("stopped after"))
    try shop.remove()
    try shop.run(expecting: "cold", environment: ["THAW_STOP_TIMEOUT": "1ms"])
    let stopped = try shop.stop()
    #expect(stopped.contains("stopped after") && stopped.contains("not hibernated: "), "\(stopped)")
    #expect(try shop.log().contains("thaw: not hibernated: "))
    try shop.remove()
    let wrong = try shop.bed.thaw(
      shop.words(["run", "-d"]), environment: ["THAW_ON_STOP": "perhaps"])
    #expect(wrong.errorText.contains("hibernate or stop"), "\(wrong.errorText)")
    // A server that confines itself cannot be frozen: asked to be, it goes on.
    try shop.run(expecting: "cold")
    #expect(try shop.bed.get("/confine") == "confined")
    for _ in 1...2 {
      let refused = try shop.bed.thaw("hibernate", "one")
      #expect(refused.errorText.contains("a server that confines itself"), "\(refused.errorText)")
    }
    #expect(try shop.bed.get("/note/on") != nil)
    #expect(try shop.stop().contains("not hibernated: "))
    try shop.bed.expectNothingIsLeft(kept: 1, checkpoints: 1)
  }

  @Test
  func `clocks that were set, copies, and a volume without room cost no hot start and no row`()
    throws
  {
    let shop = try Shop()
    let bed = shop.bed
    try shop.run(expecting: "hot")
    #expect(try bed.get("/note/kept") != nil)
    // The engine's containers have clocks of their own, which go on: here a year later.
    for clock in [
      SetClock(timeOfDay: SetClock.year), SetClock(timeOfDay: -SetClock.year),
      SetClock(sinceStart: Double(SetClock.year)), SetClock(sinceStart: -Double(SetClock.year)),
    ] {
      #expect(try shop.stop().contains("hibernated"))
      try shop.remove()
      try clock.apply(to: shop.seenVolume)
      try shop.run(expecting: "hot")
      #expect(try bed.get("/notes") == "kept\n", "\(clock)")
    }
    // A clone of a running server's volume, and a copy of one that was hibernated onto.
    for name in ["clone", "copy"] {
      let copied = try bed.run(
        "cp", "-a", "\(shop.volume)", "\(bed.root / "volumes" / name)")
      #expect(copied.isSuccess, "\(copied.errorText)")
      let other = try bed.thaw(
        "run", "-d", "--rm", "--name", "two", "-p", "8081:8080", "-v", "\(name):\(shop.data)", "web"
      )
      #expect(other.text.contains("cold (data: "), "\(other.text)\(other.errorText)")
      #expect(try bed.get("/notes", port: 8081) == "kept\n")
      #expect(try bed.thaw("stop", "two").text.contains("hibernated"))
      guard name == "clone" else { continue }
      #expect(try shop.stop().contains("hibernated"))
      try shop.remove()
    }
    // The original is none the worse for that; then there is no room for a checkpoint.
    try shop.run(expecting: "hot")
    #expect(try shop.stop().contains("hibernated"))
    let small = bed.root / "volumes/small"
    let mounted = try bed.run(
      "sh", "-c", "mkdir \(small) && mount -t tmpfs -o size=256k tmpfs \(small)")
    #expect(mounted.isSuccess, "\(mounted.errorText)")
    for tier in ["hot", "cold"] {
      let run = try bed.thaw(
        "run", "-d", "--name", "two", "-v", "small:\(shop.data)", "web")
      #expect(run.text.contains(tier), "\(run.text)\(run.errorText)")
      #expect(try bed.get("/note/\(tier)") != nil)
      let stopped = try bed.thaw("stop", "two").text
      #expect(stopped.contains("not hibernated: "), "\(stopped)")
      #expect(try bed.thaw("rm", "--container", "two").isSuccess)
    }
    #expect(try bed.run("cat", "\(small / "notes")").text == "hot\ncold\n")
    #expect(try bed.run("umount", small.string).isSuccess)
  }

  @Test func `other folders are compared, and without volumes nothing is kept`() throws {
    let folder = try TemporaryDirectory("besides")
    try FileSystem.writeFile(folder / "one", [])
    let shop = try Shop(on: ["-v", "\(folder.path):/settings:ro"])
    try shop.run(expecting: "cold (data: ")
    #expect(try shop.stop().contains("hibernated"))
    try shop.remove()
    try shop.run(expecting: "hot")
    #expect(try shop.stop().contains("hibernated"))
    try shop.remove()
    try FileSystem.writeFile(folder / "two", [])
    try shop.run(expecting: "cold (")
    #expect(try shop.log().contains("/settings: two is new"))
    #expect(try shop.stop().contains("hibernated"))
    try shop.remove()

    let alone = try shop.bed.thaw("run", "-d", "--rm", "--name", "two", "web")
    #expect(alone.isSuccess)
    #expect(try shop.bed.thaw("stop", "two").text.contains("stopped after"))
  }
}

/// The sample on a volume.
@Suite(
  .engine, .staticExecutable, .serialized, .timeLimit(.minutes(5)),
  .enabled(if: Machine.ledgerImage != nil, "needs the sample's image: make image"),
  .enabled(if: Machine.has("psql"), "needs psql"))
struct StoppedLedgerTests {
  @Test func `the ledger goes on with its last row, whatever tier it came from`() throws {
    let bed = try Bed()
    let frozen = try bed.thaw(
      ["freeze", "--recipe", try FileSystem.resolve("Recipes/ledger").string]
        + ["--image", "oci:\(Machine.ledgerImage ?? ""):latest"], within: .seconds(200))
    try #require(frozen.isSuccess, "\(frozen.errorText)")
    let ask = { (statement: String) throws -> String in
      var spawn = bed.spawn(
        ["psql", "-h", "127.0.0.1", "-U", "ledger", "-Atqc", statement, "ledger"])
      spawn.environment["PGPASSWORD"] = "ledger"
      return try spawn.run(deadline: .after(.seconds(20))).text
    }
    let volume = "books:/var/lib/ledger"
    var rows = 0
    for (options, tier) in [
      ([], "hot"), ([], "hot"), (["-e", "LEDGER_LOG=debug"], "warm"),
      (["-e", "LEDGER_LOG=debug"], "hot"), (["--cold"], "cold"), ([], "hot"),
    ] {
      let run = try bed.thaw(
        ["run", "-d", "--rm", "--name", "one", "-v", volume] + options + ["ledger"])
      #expect(run.text.contains(", \(tier)"), "\(options): \(run.text)\(run.errorText)")
      if rows == 0 { _ = try ask("CREATE TABLE kept (n INT PRIMARY KEY)") }
      #expect(try ask("SELECT count(*) FROM kept") == "\(rows)\n")
      rows += 1
      _ = try ask("INSERT INTO kept VALUES (\(rows))")
      let stopped = try bed.thaw("stop", "one")
      #expect(stopped.text.contains("hibernated after"), "\(stopped.text)\(stopped.errorText)")
    }
    // One that cannot be written is read, and is what it was afterwards.
    let read = try bed.thaw("run", "-d", "--rm", "--name", "one", "-v", "\(volume):ro", "ledger")
    #expect(read.text.contains(", warm"), "\(read.text)\(read.errorText)")
    #expect(try ask("SELECT count(*) FROM kept") == "\(rows)\n")
    #expect(try bed.thaw("stop", "one").text.contains("stopped after"))
    let last = try bed.thaw("run", "-d", "--rm", "--name", "one", "-v", volume, "ledger")
    #expect(last.text.contains(", hot"), "\(last.text)\(last.errorText)")
    #expect(try ask("SELECT count(*) FROM kept") == "\(rows)\n")
    #expect(try bed.thaw("stop", "one").text.contains("hibernated after"))
    try bed.expectNothingIsLeft(checkpoints: 2)
  }
}
