import Linux
import TestBed
import Testing

/// A server that is frozen while it runs goes on where it stopped, over and over.
@Suite(.engine, .serialized, .timeLimit(.minutes(5)))
struct HibernateTests {
  /// A bed with a checkpoint `web` of a server with data.
  private func frozen(data folder: String = "data") throws -> Bed {
    let bed = try Bed()
    let data = folder.hasPrefix("/") ? folder : (bed.folder / folder).string
    let frozen = try bed.freeze(server: ["data=\(data)"])
    #expect(frozen.isSuccess, "\(frozen.errorText)")
    return bed
  }

  private func expect(
    _ finished: Finished, hot: Bool = true, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(
      finished.isSuccess && (!hot || finished.text.contains("hot")),
      "\(finished.text)\(finished.errorText)", sourceLocation: sourceLocation)
  }

  @Test func `a hibernated server goes on with its memory and files, through three generations`()
    throws
  {
    let bed = try frozen()
    expect(try bed.thaw("run", "-d", "--rm", "--name", "shop", "web"))
    // Asked once when it was frozen, once for the first answer; one more with each thaw.
    #expect(try bed.get("/memory") == "3")
    #expect(try bed.get("/note/first") != nil)
    for generation in 1...3 {
      let hibernated = try bed.thaw("hibernate", "shop")
      expect(hibernated, hot: false)
      #expect(hibernated.text.contains("shop is hibernated: checkpoint shop"))
      #expect(try bed.thaw("ps", "--quiet", "--all").text == "")
      expect(try bed.thaw("run", "-d", "--rm", "--name", "shop", "shop"))
      #expect(try bed.get("/memory") == "\(3 + 3 * generation)")
      #expect(try bed.get("/note/\(generation)") != nil)
    }
    #expect(try bed.get("/notes") == "first\n1\n2\n3\n")
    #expect(try bed.get("/starts") == "start\n", "it was started once")
    #expect(try bed.thaw("stop", "shop").isSuccess)
    // What was frozen first is as it was.
    expect(try bed.thaw("run", "-d", "--rm", "--name", "other", "web"))
    #expect(try bed.get("/notes") == "")
    #expect(try bed.thaw("stop", "other").isSuccess)
    // Each hibernation replaced the one before.
    try bed.expectNothingIsLeft(checkpoints: 2)
  }

  @Test func `a server that goes on is kept as it was`() throws {
    let bed = try frozen()
    expect(try bed.thaw("run", "-d", "--rm", "--name", "one", "web"))
    #expect(try bed.get("/note/before") != nil)
    let kept = try bed.thaw("hibernate", "--leave-running", "--name", "noon", "one")
    expect(kept, hot: false)
    #expect(kept.text.contains("goes on"), "\(kept.text)")
    #expect(try bed.get("/note/after") != nil)
    #expect(try bed.get("/notes") == "before\nafter\n")
    expect(try bed.thaw("run", "-d", "--rm", "--name", "two", "-p", "8081:8080", "noon"))
    #expect(try bed.get("/notes", port: 8081) == "before\n")
    #expect(try bed.get("/note/own", port: 8081) != nil)
    #expect(try bed.get("/notes") == "before\nafter\n", "each has files of its own")
    #expect(try bed.thaw("stop", "one", "two").isSuccess)
    try bed.expectNothingIsLeft(checkpoints: 2)
  }

  @Test func `the command that ran it ends with status 0, and the list says what became of it`()
    throws
  {
    let bed = try frozen()
    let run = try bed.start("run", "--name", "one", "web")
    try run.waitFor("answers after")
    expect(try bed.thaw("hibernate", "--name", "night", "one"), hot: false)
    #expect(try run.wait() == 0, "\(run.errorText)")
    let listed = try bed.thaw("ps", "--all")
    #expect(listed.text.contains("hibernated"), "\(listed.text)")
    #expect(try bed.thaw("inspect", "--container", "one").text.contains("night"))
    try bed.expectNothingIsLeft(kept: 1, checkpoints: 2)
  }

  @Test func `a server that was started cold can be hibernated`() throws {
    let bed = try frozen()
    expect(try bed.thaw("run", "-d", "--rm", "--cold", "--name", "one", "web"), hot: false)
    #expect(try bed.get("/memory") == "2")
    expect(try bed.thaw("hibernate", "one"), hot: false)
    expect(try bed.thaw("run", "-d", "--rm", "--name", "one", "one"))
    #expect(try bed.get("/memory") == "4")
    #expect(try bed.thaw("stop", "one").isSuccess)
    try bed.expectNothingIsLeft(checkpoints: 2)
  }

  @Test func `files in memory are kept`() throws {
    let bed = try frozen(data: "/dev/shm/web")
    expect(try bed.thaw("run", "-d", "--rm", "--name", "one", "web"))
    #expect(try bed.get("/note/kept") != nil)
    expect(try bed.thaw("hibernate", "one"), hot: false)
    expect(try bed.thaw("run", "-d", "--rm", "--name", "one", "one"))
    #expect(try bed.get("/notes") == "kept\n")
    #expect(try bed.thaw("stop", "one").isSuccess)
    try bed.expectNothingIsLeft(checkpoints: 2)
  }

  @Test func `a frozen checkpoint of the container's name is not replaced unasked`() throws {
    let bed = try frozen()
    expect(try bed.thaw("run", "-d", "--rm", "--name", "web", "web"))
    let refused = try bed.thaw("hibernate", "web")
    #expect(refused.status == .exited(4), "\(refused.errorText)")
    #expect(refused.errorText.contains("--name"), "\(refused.errorText)")
    #expect(try bed.get("/memory") == "3", "the server goes on")
    expect(try bed.thaw("hibernate", "--name", "web", "web"), hot: false)
    expect(try bed.thaw("run", "-d", "--rm", "--name", "web", "web"))
    #expect(try bed.get("/memory") == "5")
    #expect(try bed.thaw("stop", "web").isSuccess)
    try bed.expectNothingIsLeft(checkpoints: 1)
  }
}
