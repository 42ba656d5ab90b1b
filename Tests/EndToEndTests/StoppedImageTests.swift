import Linux
import TestBed
import Testing

/// Containers of the sample's image on a volume, hibernated by `docker stop`: the next one goes on where they stopped, and
/// no row is lost whatever happens between.
@Suite(
  .containerEngines, .staticExecutable, .serialized, .timeLimit(.minutes(8)),
  .enabled(if: Machine.ledgerImage != nil, "needs the sample's image: make image"),
  .enabled(if: Machine.has("psql", "nsenter", "mkfs.ext4"), "needs psql, nsenter and mkfs.ext4"))
struct StoppedImageTests {
  @Test func `a stopped container goes on in the next one, and what cannot is started cold`() throws
  {
    let ledger = try ServerVolume(.ledger)
    try generations(ledger)
    try killed(ledger)
    try cutShort(ledger)
    try changed(ledger)
    try cloned(ledger)
    try wishes(ledger)
    try refusals(ledger)
  }

  /// Three generations, each with the last row, and each mark as it should be.
  private func generations(_ ledger: ServerVolume) throws {
    #expect(try ledger.run().contains("thaw: hot: thawed in"))
    for generation in 1...3 {
      #expect(try ledger.write() == generation)
      #expect(try ledger.mark().contains(#""generation":\#(generation)"#))
      #expect(try ledger.mark().contains(#""state":"dirty""#))
      let (log, status) = try ledger.stop()
      #expect(log.contains("thaw: hibernated in"), "\(log)")
      #expect(status == "0")
      #expect(try ledger.mark().contains(#""state":"clean""#))
      let next = try ledger.run()
      #expect(next.contains(", where it was hibernated"), "\(next)")
      try ledger.expectAllRows()
      // What was thawed is of no more use; it may be removed a moment after the first answer.
      let isGone = try eventually {
        let left = try ledger.bed.shell("ls \(ServerVolume.folder)/.thaw")
        return left.contains("hibernated") ? nil : true
      }
      #expect(isGone == true)
    }
    // Told to end twice, and at once.
    _ = try ledger.write()
    let (log, status) = try ledger.stop("--time 1")
    #expect(log.contains("thaw: hibernated in"), "\(log)")
    #expect(status == "0")
  }

  /// A server that was killed left no checkpoint, but all rows; started cold it can be hibernated as well.
  private func killed(_ ledger: ServerVolume) throws {
    #expect(try ledger.run().contains("where it was hibernated"))
    _ = try ledger.write()
    try ledger.kill()
    let log = try ledger.run()
    #expect(
      log.contains(
        "; not hot: data: other data in /var/lib/ledger (the last server on the volume was not hibernated)"
      ), "\(log)")
    try ledger.expectAllRows()
    _ = try ledger.write()
    let stopped = try ledger.stop()
    #expect(stopped.log.contains("thaw: hibernated in"), "\(stopped.log)")
    #expect(try ledger.run().contains("where it was hibernated"))
    try ledger.expectAllRows()
    _ = try ledger.stop()
  }

  /// A container that is killed at any moment of its hibernation: hot or cold, all rows are there.
  private func cutShort(_ ledger: ServerVolume) throws {
    for milliseconds in stride(from: 20, through: 260, by: 40) {
      try ledger.run()
      _ = try ledger.write()
      try ledger.bed.shell(
        "docker kill --signal TERM one; sleep \(Double(milliseconds) / 1000); docker kill one || true"
      )
      try ledger.bed.shell("docker rm one")
      try ledger.run()
      try ledger.expectAllRows()
      _ = try ledger.write()
      try ledger.bed.shell("docker rm --force one")
    }
    try ledger.run()
    _ = try ledger.stop()
  }

  /// Whatever is done to the volume between two containers is seen, and costs no row.
  private func changed(_ ledger: ServerVolume) throws {
    let folder = ServerVolume.folder
    for (change, reason) in [
      ("touch -d '1 hour ago' \(folder)/ledger.mv.db", "ledger.mv.db was changed"),
      ("touch \(folder)/new", "new is new"),
      ("rm \(folder)/new", "new is gone"),
      ("rm -r \(folder)/.thaw/hibernated", "the hibernated checkpoint is gone"),
      ("rm \(folder)/.thaw/volume.json", "nothing says"),
      (
        "cp -a \(folder) \(folder).copy && rm -r \(folder) && mv \(folder).copy \(folder)",
        "a copy or a snapshot"
      ),
    ] {
      try ledger.bed.shell(change)
      let log = try ledger.run()
      #expect(log.contains("; not hot: data: ") && log.contains(reason), "\(change): \(log)")
      try ledger.expectAllRows()
      _ = try ledger.write()
      let stopped = try ledger.stop()
      #expect(stopped.log.contains("thaw: hibernated in"), "\(change): \(stopped.log)")
    }
    // Other arguments and another environment are no reason to lose anything, either.
    for (options, words, reason) in [
      ("-e LEDGER_LOG=debug", "", "environment: another value of LEDGER_LOG"),
      ("", "-f ./config.yaml", "arguments: … ./config.yaml"),
    ] {
      let log = try ledger.run(options, words)
      #expect(log.contains("; not hot: \(reason)"), "\(log)")
      try ledger.expectAllRows()
      _ = try ledger.write()
      _ = try ledger.stop()
    }
  }

  /// A copy of a volume that is made while its server runs is a volume of its own from then on.
  private func cloned(_ ledger: ServerVolume) throws {
    let bed = ledger.bed
    let rows = { (port: Int) in
      try ledger.lines("SELECT n FROM kept ORDER BY n", port: port).compactMap { Int($0) }
    }
    let start = {
      try bed.shell(
        "docker run -d --name two -p 18081:8080 -p 15433:5432 -v clone:/var/lib/ledger "
          + "\(ServerVolume.confined) \(BuiltImage.Server.ledger.image)")
      #expect(try bed.get("/healthz/ready", port: 18081) != nil)
      return try bed.shell("docker logs two 2>&1")
    }
    try ledger.run()
    let last = try ledger.write()
    try bed.shell(
      "docker volume create clone && cp -a \(ServerVolume.folder)/. /var/lib/docker/volumes/clone/_data/"
    )
    _ = try ledger.write()
    let first = try start()
    #expect(first.contains("thaw: warm: "), "\(first)")
    #expect(try rows(15433) == Array(1...last), "what was acknowledged before the copy")
    _ = try ledger.lines("INSERT INTO kept VALUES (1000)", port: 15433)
    try ledger.expectAllRows()
    #expect(try ledger.stop().log.contains("thaw: hibernated in"))
    try bed.shell("docker stop two && docker rm two")
    #expect(try ledger.run().contains("where it was hibernated"))
    let second = try start()
    #expect(second.contains("where it was hibernated"), "\(second)")
    try ledger.expectAllRows()
    #expect(try rows(15433) == Array(1...last) + [1000])
    try bed.shell("docker rm --force two && docker volume rm clone")
    #expect(try ledger.stop().log.contains("thaw: hibernated in"))
  }

  /// What is done on stop is the user's to say.
  private func wishes(_ ledger: ServerVolume) throws {
    for (options, words) in [("", "--on-stop=stop"), ("-e THAW_ON_STOP=stop", "")] {
      try ledger.run(options, words)
      _ = try ledger.write()
      let (log, status) = try ledger.stop("--time 30")
      #expect(log.contains("Database closed") && !log.contains("hibernated in"), "\(log)")
      #expect(status == "143")
    }
    // In no time there is no hibernation, but an ordinary end.
    try ledger.run("-e THAW_STOP_TIMEOUT=1ms")
    _ = try ledger.write()
    let (log, status) = try ledger.stop("--time 30")
    #expect(log.contains("thaw: not hibernated: ") && log.contains("Database closed"), "\(log)")
    #expect(status == "143")
    try ledger.run()
    try ledger.expectAllRows()
    // Without a volume nothing could be kept.
    try ledger.bed.shell("docker rm --force one")
    try ledger.run(
      "--tmpfs /var/lib/ledger:mode=1777", "--on-stop=hibernate", volume: "/dev/null:/tmp/unused")
    let other = try ledger.stop("--time 30")
    #expect(
      other.log.contains("not hibernated: /var/lib/ledger is not on a volume"), "\(other.log)")
    // A mount in a temporary folder is no file of the server's.
    try ledger.run("-v /dev/null:/tmp/unused")
    #expect(try ledger.stop().log.contains("thaw: hibernated in"))
    #expect(other.log.contains("Database closed"))
  }

  /// Volumes that cannot be had, written, or filled any further.
  private func refusals(_ ledger: ServerVolume) throws {
    let bed = ledger.bed
    try ledger.run()
    let second = try bed.run(
      "sh", "-c",
      "docker run --rm -v data:/var/lib/ledger \(ServerVolume.confined) \(BuiltImage.Server.ledger.image)",
      within: .seconds(30))
    #expect(second.errorText.contains("another server runs on /var/lib/ledger"))
    _ = try ledger.write()
    // It had no part in it.
    #expect(try ledger.stop().log.contains("thaw: hibernated in"))

    // A volume of 24 MB, of which a file takes the rest: there is no room for a checkpoint.
    let (small, image) = (bed.folder / "small", bed.folder / "small.img")
    let made = try Spawn("mkfs.ext4", ["-q", image.string, "24M"]).run(
      deadline: .after(.seconds(20)))
    try #require(made.isSuccess, "\(made.errorText)")
    try bed.shell(
      """
      mkdir \(small) && mount -o loop \(image) \(small) && chown 20000:20000 \(small)
      """)
    try ledger.run("", "", volume: "\(small)")
    _ = try ledger.ask("CREATE TABLE small (n INT)")
    _ = try ledger.ask("INSERT INTO small VALUES (1), (2)")
    try bed.shell(
      "fallocate -l 40M \(small)/filler || dd if=/dev/zero of=\(small)/filler bs=64k || true")
    let full = try ledger.stop("--time 30")
    #expect(full.log.contains("thaw: not hibernated: "), "\(full.log)")
    // Also full when it is started: there is not even room for a mark.
    try ledger.run("", "", volume: "\(small)")
    #expect(try ledger.lines("SELECT n FROM small") == ["1", "2"])
    let again = try ledger.stop("--time 30")
    #expect(!again.log.contains("hibernated in"), "\(again.log)")
    try bed.shell("rm \(small)/filler")
    try ledger.run("", "", volume: "\(small)")
    #expect(try ledger.lines("SELECT n FROM small") == ["1", "2"])
    _ = try ledger.stop("--time 30")
    try bed.shell("umount \(small)")

    // One that cannot be written cannot be marked, either, and is what it was afterwards.
    let log = try ledger.run("", "", volume: "data:/var/lib/ledger:ro")
    #expect(log.contains("cannot be marked") && log.contains("thaw: warm: "), "\(log)")
    try ledger.expectAllRows()
    #expect(try !ledger.stop("--time 30").log.contains("hibernated in"))
    #expect(try ledger.run().contains("where it was hibernated"))
    try ledger.expectAllRows()
    try bed.shell("docker rm --force one")
  }
}
