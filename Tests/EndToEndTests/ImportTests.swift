import CRIU
import Linux
import TestBed
import Testing

/// Dumps that Thaw did not make become checkpoints that it thaws.
@Suite(.engine, .serialized, .timeLimit(.minutes(5)))
struct ImportTests {
  /// Dumps the quick server with CRIU itself, once it has answered; `confined` as Thaw starts servers.
  private func dump(_ bed: Bed, confined: Bool = true) throws -> Path {
    let images = bed.folder / "dump"
    try FileSystem.makeDirectory(images)
    let rights = confined ? "setpriv --no-new-privs --bounding-set=-all --inh-caps=-all" : ""
    let criu = Installation(bundle: try #require(Machine.bundle)).command.joined(separator: " ")
    let script = """
      set -e; cd \(bed.folder.path)
      echo 3000 > /proc/sys/kernel/ns_last_pid
      COLOUR=green setsid \(rights) perl server.pl data=\(bed.folder / "data") \
        < /dev/null > output 2>&1 & server=$!
      until perl client.pl 127.0.0.1 8080 /note/before; do kill -0 $server; done
      \(criu) dump -t $server -D \(images) --tcp-close --file-locks || cat \(images)/dump.log >&2
      wait $server || :
      """
    let done = try bed.spawn(["sh", "-c", script]).run(deadline: .after(.seconds(30)))
    try #require(FileSystem.exists(images / "inventory.img"), "\(done.errorText)")
    return images
  }

  private func expectGoesOn(_ bed: Bed, _ name: String, asked: Int) throws {
    let run = try bed.thaw("run", "-d", "--rm", "--name", "one", name)
    #expect(run.isSuccess && run.text.contains("hot"), "\(run.text)\(run.errorText)")
    #expect(try bed.get("/memory") == "\(asked)")
    #expect(try bed.get("/notes") == "before\n")
    #expect(try bed.get("/starts") == "start\n", "it was started once")
    #expect(try bed.get("/environment/COLOUR") == "green")
    #expect(try bed.thaw("stop", "one").isSuccess)
  }

  @Test func `a dump of CRIU's goes on where it stopped, also after an export`() throws {
    let bed = try Bed()
    let images = try dump(bed)
    let imported = try bed.thaw("import", "--name", "web", images.string)
    #expect(imported.isSuccess, "\(imported.errorText)")
    try expectGoesOn(bed, "web", asked: 2)
    let exported = bed.folder / "exported"
    #expect(try bed.thaw("export", "web", exported.string).isSuccess)
    let again = try bed.thaw("import", exported.string)
    #expect(again.isSuccess, "\(again.errorText)")
    try expectGoesOn(bed, "exported", asked: 2)
    try bed.expectNothingIsLeft(checkpoints: 2)
  }

  @Test(arguments: ["gz", "zst"])
  func `an archive in podman's layout is taken over`(packing: String) throws {
    let bed = try Bed()
    let images = try dump(bed)
    try FileSystem.rename(images, to: bed.folder / "checkpoint")
    try FileSystem.writeFile(bed.folder / "config.dump", Array(#"{"id": "1"}"#.utf8))
    let archive = bed.folder / "web.tar.\(packing)"
    let packed = try bed.run(
      "tar", "--auto-compress", "-cf", archive.string, "-C", bed.folder.path.string, "checkpoint",
      "config.dump")
    try #require(packed.isSuccess, "\(packed.errorText)")
    let bytes = try FileSystem.readFile(archive)
    let short = bed.folder / "short.tar.\(packing)"
    try FileSystem.writeFile(short, Array(bytes[..<(bytes.count / 2)]))
    let cut = try bed.thaw("import", "--name", "web", short.string)
    #expect(cut.status == .exited(1), "\(cut.text)\(cut.errorText)")
    #expect(cut.errorText.contains("make the archive anew") || packing == "gz", "\(cut.errorText)")
    let imported = try bed.thaw("import", archive.string)
    #expect(imported.isSuccess, "\(imported.errorText)")
    try expectGoesOn(bed, "web", asked: 2)
    try bed.expectNothingIsLeft(checkpoints: 1)
  }

  @Test func `what cannot be thawed is told before anything is tried`() throws {
    let bed = try Bed()
    let images = try dump(bed, confined: false)
    let refused = try bed.thaw("import", "--name", "web", images.string)
    #expect(refused.status == .exited(1))
    #expect(refused.errorText.contains("has capabilities"), "\(refused.errorText)")
    #expect(refused.errorText.contains("--confine"))
    try bed.expectNothingIsLeft(checkpoints: 0)
    let confined = try bed.thaw("import", "--confine", "--name", "web", images.string)
    #expect(confined.isSuccess, "\(confined.errorText)")
    try expectGoesOn(bed, "web", asked: 2)
    // CRIU would refuse a file of another size in the middle of a thaw.
    try FileSystem.writeFile(bed.folder / "output", [])
    let changed = try bed.thaw("import", "--confine", "--name", "other", images.string)
    #expect(changed.errorText.contains("has 0 bytes, and had"), "\(changed.errorText)")
    let nothing = try bed.thaw("import", bed.folder.path.string, "--name", "other")
    #expect(nothing.errorText.contains("no dump of CRIU's"), "\(nothing.errorText)")
    try bed.expectNothingIsLeft(checkpoints: 1)
  }
}
