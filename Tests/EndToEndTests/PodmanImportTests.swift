import Linux
import TestBed
import Testing

/// What podman itself has checkpointed and exported becomes a checkpoint that Thaw thaws.
@Suite(.containerEngines, .staticExecutable, .serialized, .timeLimit(.minutes(5)))
struct PodmanImportTests {
  @Test func `a container that podman exported goes on where it stopped`() throws {
    let bed = try EngineBed()
    let root = bed.folder / "image"
    try FileSystem.makeDirectory(root / "tmp", parents: true)
    try FileSystem.writeFile(root / "server.pl", Array(QuickServer.source.utf8))
    try bed.shell(
      """
      cd / && tar -hc usr/bin/perl $(ldd /usr/bin/perl | grep -o '/[^ ]*') | tar -C \(root) -x
      tar -c usr/lib/x86_64-linux-gnu/perl-base | tar -C \(root) -x
      tar -C \(root) -c . | podman import -q --change 'CMD ["perl", "/server.pl", "data=/data"]' - localhost/web
      skopeo copy -q containers-storage:localhost/web oci:\(bed.folder / "oci"):web
      podman run -d --name web -e COLOUR=green -p 18080:8080 localhost/web
      """)
    #expect(try bed.get("/note/before", port: 18080) != nil)
    #expect(try bed.get("/memory", port: 18080) == "2")
    let archive = bed.folder / "web.tar.zst"
    try bed.shell("podman container checkpoint --export \(archive) web && podman rm web")

    let image = "oci:\(bed.folder / "oci"):web"
    let refused = try bed.thaw(["import", "--image", image, "--name", "web", archive.string])
    #expect(refused.status == .exited(1) && refused.errorText.contains("--confine"))
    let imported = try bed.thaw(
      ["import", "--confine", "--image", image, "--name", "web", archive.string])
    try #require(imported.isSuccess, "\(imported.errorText)")
    let run = try bed.thaw(["run", "-d", "--rm", "--name", "one", "-p", "18081:8080", "web"])
    try #require(run.isSuccess && run.text.contains("hot"), "\(run.text)\(run.errorText)")
    #expect(try bed.get("/memory", port: 18081) == "3")
    #expect(try bed.get("/notes", port: 18081) == "before\n")
    #expect(try bed.get("/starts", port: 18081) == "start\n", "it was started once")
    #expect(try bed.get("/environment/COLOUR", port: 18081) == "green")
    // As PID 1 of its namespace it does not take SIGTERM, as in podman.
    #expect(try bed.thaw(["rm", "--force", "one"]).isSuccess)
  }
}
