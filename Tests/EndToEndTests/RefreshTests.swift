import Linux
import TestBed
import Testing

/// Checkpoints that are made anew, and those that are more than is wanted.
@Suite(.engine, .serialized, .timeLimit(.minutes(5)))
struct RefreshTests {
  @Test func `a server is frozen again where something changed, and old ones are pruned`() throws {
    let bed = try Bed()
    try bed.freeze()
    let first = try bed.checkpoint()
    let same = try bed.thaw("refresh", "web")
    #expect(same.text == "web: nothing has changed\n", "\(same.errorText)")
    #expect(try bed.checkpoint() == first)

    // The server's program is one of the files that it was frozen with.
    let program = try FileSystem.readFile(bed.server)
    try FileSystem.writeFile(bed.server, program + Array("# changed\n".utf8))
    let forced = try bed.thaw("refresh", "--force", "--json", "web")
    #expect(forced.isSuccess, "\(forced.errorText)")
    #expect(forced.text.contains(#""reason":"#))
    let second = try bed.checkpoint()
    #expect(second != first)
    let run = try bed.thaw("run", "-d", "--rm", "--name", "one", "web")
    #expect(run.text.contains("hot"), "\(run.text)\(run.errorText)")

    // What a running server was thawed from stays, and so does it all in a dry run.
    let newer = try bed.thaw(
      ["freeze", "--name", "newer", "--ready", "http://127.0.0.1:8080/", "--", "perl"]
        + [bed.server.string, "x"])
    #expect(newer.isSuccess, "\(newer.errorText)")
    let dry = try bed.thaw("prune", "--keep", "1", "--dry-run")
    #expect(dry.text == "web: would be removed: 1 newer ones are kept\n", "\(dry.text)")
    let busy = try bed.thaw("prune", "--keep", "1")
    #expect(busy.status == .exited(4), "\(busy.text)\(busy.errorText)")
    #expect(try bed.thaw("stop", "one").isSuccess)
    let pruned = try bed.thaw("prune", "--keep", "1", "--quiet")
    #expect(pruned.text == "web\n", "\(pruned.errorText)")
    #expect(try bed.thaw("ls", "--quiet").text == "newer\n")
    #expect(try bed.thaw("prune").errorText.contains("nothing is more than is wanted"))
  }

  @Test func `a hibernated server is not frozen again, for its state would be lost`() throws {
    let bed = try Bed()
    try bed.freeze()
    #expect(try bed.thaw("run", "-d", "--name", "one", "web").isSuccess)
    #expect(try bed.thaw("hibernate", "one").isSuccess)
    let refused = try bed.thaw("refresh", "--force", "one")
    #expect(refused.status == .exited(1))
    #expect(refused.errorText.contains("holds the state of a server that ran"))
  }
}
