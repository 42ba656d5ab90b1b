import Linux
import TestBed
import Testing

/// A checkpoint on its way to another host: saved, loaded below another folder, thawed.
@Suite(.engine, .serialized, .timeLimit(.minutes(5)))
struct ArchiveTests {
  @Test func `a checkpoint that was saved and loaded elsewhere is thawed`() throws {
    let bed = try Bed()
    let data = (bed.folder / "data").string
    try bed.freeze(server: ["data=\(data)"])
    let archive = (bed.folder / "web.thaw").string
    let saved = try bed.thaw("save", "web", "-o", archive)
    #expect(saved.isSuccess && saved.text.contains("web is saved"), "\(saved.errorText)")
    #expect(try FileSystem.status(Path(archive)).mode == 0o600)
    let kept = try FileSystem.readFile(Path(archive))
    #expect(try bed.thaw("save", "web", "-o", archive).isSuccess)
    #expect(try FileSystem.readFile(Path(archive)) == kept, "the same checkpoint, other bytes")
    #expect(try bed.thaw("rm", "web").isSuccess)

    let other = (bed.folder / "other").string
    let loaded = try bed.thaw("--root", other, "load", "-i", archive)
    #expect(loaded.isSuccess && loaded.text.contains("web is loaded"), "\(loaded.errorText)")
    #expect(try bed.thaw("--root", other, "ls", "-q").text == "web\n")
    #expect(try bed.thaw("--root", other, "inspect", "--verify", "web").isSuccess)
    let run = try bed.thaw("--root", other, "run", "-d", "--rm", "--name", "one", "web")
    #expect(run.isSuccess && run.text.contains("hot"), "\(run.text)\(run.errorText)")
    // Its memory and its files are those of the freeze.
    #expect(try bed.get("/memory") == "3")
    #expect(try bed.get("/starts") == "start\n")
    let busy = try bed.thaw("--root", other, "load", "-i", archive, "--name", "again")
    #expect(busy.isSuccess && busy.text.contains("again was there already"), "\(busy.errorText)")
    #expect(try bed.thaw("--root", other, "stop", "one").isSuccess)
    #expect(try bed.thaw("--root", other, "rm", "web").isSuccess)
    try bed.expectNothingIsLeft(checkpoints: 0)
  }

  @Test func `an archive goes through a pipe`() throws {
    let bed = try Bed()
    try bed.freeze()
    let program = Needs.executable?.string ?? ""
    let other = (bed.folder / "other").string
    let piped = try bed.run(
      "sh", "-c",
      "\(program) --root \(bed.root) save web | \(program) --root \(other) load --name shop -q")
    #expect(piped.isSuccess && piped.text == "shop\n", "\(piped.errorText)")
    let run = try bed.thaw("--root", other, "run", "-d", "--rm", "--name", "one", "shop")
    #expect(run.isSuccess && run.text.contains("hot"), "\(run.text)\(run.errorText)")
    #expect(try bed.thaw("--root", other, "stop", "one").isSuccess)
    try bed.expectNothingIsLeft(checkpoints: 1)
  }

  @Test func `a full disk leaves neither an archive nor a checkpoint`() throws {
    let bed = try Bed()
    try bed.freeze()
    let archive = (bed.folder / "web.thaw").string
    #expect(try bed.thaw("save", "web", "-o", archive).isSuccess)
    let small = (bed.folder / "small").string
    #expect(try bed.run("mkdir", small).isSuccess)
    let mounted = try bed.run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", small)
    #expect(mounted.isSuccess, "\(mounted.errorText)")
    let loaded = try bed.thaw("--root", small, "load", "-i", archive)
    #expect(loaded.status == .exited(8), "\(loaded.status) \(loaded.errorText)")
    #expect(try bed.run("ls", "-A", "\(small)/checkpoints").text == "")
    #expect(try bed.run("dd", "if=/dev/zero", "of=\(small)/filler", "bs=4k").isSuccess == false)
    let saved = try bed.thaw("save", "web", "-o", "\(small)/web.thaw")
    #expect(saved.status == .exited(8), "\(saved.status) \(saved.errorText)")
    #expect(try bed.run("ls", small).text == "checkpoints\nfiller\n")
    #expect(try bed.run("umount", small).isSuccess)
    try bed.expectNothingIsLeft(checkpoints: 1)
  }

  @Test(arguments: [Signal.terminate, .interrupt])
  func `a load that waits for its archive is ended by a signal`(signal: Signal) throws {
    let bed = try Bed()
    let pipe = bed.folder / "pipe"
    try FileSystem.makeFIFO(pipe)
    let run = try bed.start("load", "-i", pipe.string)
    try run.waitFor("Load")
    try run.signal(signal)
    #expect(try run.wait() == 143)
    try bed.expectNothingIsLeft(checkpoints: 0)
  }
}
