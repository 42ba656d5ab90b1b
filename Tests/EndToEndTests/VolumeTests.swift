import Linux
import TestBed
import Testing

/// A database's memory must match its files: which data a server is thawed on.
@Suite(.engine, .serialized, .timeLimit(.minutes(5)))
struct VolumeTests {
  /// A bed with a checkpoint of a server that has data.
  private func frozen() throws -> (bed: Bed, data: String) {
    let bed = try Bed()
    let data = (bed.folder / "data").string
    let recipe = try bed.recipe("data: [\(data)]", arguments: ["data=\(data)"])
    let frozen = try bed.thaw("freeze", "--recipe", recipe.string)
    #expect(frozen.isSuccess, "\(frozen.errorText)")
    return (bed, data)
  }

  @Test func `an empty volume is filled and thawed on; with data of its own it means a cold start`()
    throws
  {
    let (bed, data) = try frozen()
    let first = try bed.thaw(
      "run", "-d", "--rm", "--on-stop=stop", "--name", "one", "-v", "books:\(data)", "web")
    #expect(first.isSuccess && first.text.contains("hot"), "\(first.text)\(first.errorText)")
    #expect(try bed.get("/starts") == "start\n")
    #expect(try bed.get("/note/kept") != nil)
    #expect(try bed.thaw("stop", "one").isSuccess)

    let second = try bed.thaw(
      "run", "-d", "--rm", "--name", "two", "-v", "books:\(data)", "web",
      environment: ["THAW_ON_STOP": "stop"])
    #expect(
      second.isSuccess && second.text.contains("cold (data: "), "\(second.text)\(second.errorText)")
    #expect(try bed.get("/notes") == "kept\n")
    #expect(try bed.get("/starts") == "start\nstart\n", "the cold start is the second")
    #expect(try bed.thaw("stop", "two").isSuccess)

    let restore = try bed.thaw("restore", "--rm", "-v", "books:\(data)", "web")
    #expect(
      restore.status == .exited(6) && restore.errorText.contains("data"), "\(restore.errorText)")
    try bed.expectNothingIsLeft(checkpoints: 1)
  }

  @Test func `a folder with data of its own is not touched but by the server`() throws {
    let (bed, data) = try frozen()
    let folder = bed.folder / "mine"
    try FileSystem.makeDirectory(folder)
    try FileSystem.writeFile(folder / "notes", Array("mine\n".utf8))
    let run = try bed.thaw("run", "-d", "--rm", "--name", "one", "-v", "\(folder):\(data)", "web")
    #expect(run.isSuccess && run.text.contains("cold (data: "), "\(run.text)\(run.errorText)")
    #expect(try bed.get("/notes") == "mine\n")
    #expect(try bed.thaw("stop", "one").isSuccess)
    #expect(try FileSystem.readText(folder / "notes") == "mine\n")
    #expect(try FileSystem.readText(folder / "starts") == "start\n")
  }

  @Test func `a second server on a volume is refused`() throws {
    let (bed, data) = try frozen()
    let volume = "books:\(data)"
    #expect(try bed.thaw("run", "-d", "--rm", "--name", "one", "-v", volume, "web").isSuccess)
    let second = try bed.thaw("run", "-d", "--name", "two", "-p", "8081:8080", "-v", volume, "web")
    #expect(second.status == .exited(4), "\(second.text)\(second.errorText)")
    #expect(second.errorText.contains("another server runs on this volume"), "\(second.errorText)")
    #expect(try bed.get("/memory") == "3", "the first is not disturbed")
    #expect(try bed.thaw("stop", "one").isSuccess)
    try bed.expectNothingIsLeft(checkpoints: 1)
  }

  @Test func `a volume whose server was killed is free again`() throws {
    let (bed, data) = try frozen()
    let run = try bed.start("run", "--rm", "-v", "books:\(data)", "web")
    try run.waitFor("answers after")
    try run.signal(.kill)
    #expect(try run.wait() == 137)
    try bed.expectNothingIsLeft(checkpoints: 1)
    let again = try bed.thaw("run", "-d", "--rm", "--name", "two", "-v", "books:\(data)", "web")
    #expect(
      again.isSuccess && again.text.contains("cold (data: "), "\(again.text)\(again.errorText)")
  }
}
