import Linux
import TestBed
import Testing

/// What `thaw build` makes, run by Docker and podman: the sample's image, and the seventeen defects of the first attempt at
/// such an image (docker images that never held a checkpoint), by number.
@Suite(
  .containerEngines, .staticExecutable, .serialized, .timeLimit(.minutes(8)),
  .enabled(if: Machine.ledgerImage != nil, "needs the sample's image: make image"))
struct BuiltImageTests {
  /// The image in both engines.
  private final class Built: BuiltImage {
    static let name = Server.ledger.image

    init() throws {
      try super.init(.ledger)
      let podman = try bed.thaw(
        ["build", "--from", "ledger", "--tag", Self.name, "--to", "podman"])
      try #require(podman.isSuccess, "\(podman.errorText)")
    }

    /// Starts a container, and looks at its log.
    func run(
      _ engine: String = "docker", _ options: String = Built.confined, _ arguments: String = "",
      tier: String = "hot", sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
      let log = try start(
        options, arguments, engine: engine, sourceLocation: sourceLocation)
      #expect(
        log.contains("thaw: \(tier): "), "\(options): \(log)", sourceLocation: sourceLocation)
      #expect(
        log.contains("Restoring Ledger from CRIU checkpoint") == (tier != "cold"),
        sourceLocation: sourceLocation)
    }
  }

  @Test func `Docker and podman thaw the image with one capability, and mend what never worked`()
    throws
  {
    let built = try Built()
    let bed = built.bed
    // What the base has is not made again.
    #expect(built.progress.contains("the image has a class-data archive of its own, ledger.jsa"))
    // 4, 14: a CRIU that this kernel bears, and a checkpoint of a size to be carried.
    let bytes = try bed.shell(
      "docker history --format '{{.Size}} {{.CreatedBy}}' --human=false \(Built.name)")
    #expect(bytes.contains("thaw build: checkpoint"))
    try engines(built)
    try defects(built)
    try data(built)
    try cold(built)
    try refusals(built)
    try failures(bed)
    try bench(bed)
  }

  /// Each start is of the tier that it is measured as, and nothing is left of all.
  private func bench(_ bed: EngineBed) throws {
    let list = "docker ps -aq; docker images -q; docker volume ls -q"
    let before = try bed.shell(list)
    let measured = try bed.thaw(
      ["bench", "--json", "--engine", "docker", "--runs", "2", "--cold-runs", "1", Built.name],
      within: .seconds(60))
    try #require(measured.isSuccess, "\(measured.errorText)")
    let lines = measured.text.split(separator: "\n").filter {
      $0.contains(#""figure":"first answer""#) && $0.contains(#""engine":"docker""#)
    }
    for (way, runs) in [("hello", 2), ("cold", 1), ("hot", 2), ("warm", 2)] {
      #expect(
        lines.contains { $0.contains(#""way":"\#(way)""#) && $0.contains(#""runs":\#(runs)"#) },
        "\(way): \(measured.text)")
    }
    // Without the image there is nothing to start, and again nothing is left.
    let failed = try bed.thaw(["bench", "--engine", "docker", "nothing:here"])
    #expect(failed.status == .exited(3))
    #expect(
      failed.errorText.contains("nothing:here: neither an image of docker nor a checkpoint"))
    #expect(try bed.shell(list) == before)
  }

  private func engines(_ built: Built) throws {
    // A volume of each container's own: a database that was closed is no longer the one that was frozen.
    let volume = "-v /var/lib/ledger"
    for engine in ["docker", "podman"] {
      try built.run(engine, "\(Built.confined) -e THAW_ON_STOP=stop")
      // It ends as the recipe says, and its log goes on after the thaw (6).
      try built.bed.shell("\(engine) stop --time 30 one")
      #expect(try built.log(engine).contains("Database closed"))
      #expect(
        try built.bed.shell("\(engine) inspect --format '{{.State.ExitCode}}' one") == "143\n")
      try built.remove(engine)
      for options in [
        "--read-only --tmpfs /tmp \(volume)", "--read-only --tmpfs /tmp --memory 512m \(volume)",
        "--hostname another", "--tmpfs /var/lib/ledger:mode=1777",
      ] {
        try built.run(engine, "\(Built.confined) \(options)")
        try built.remove(engine)
      }
      // Root as PID 1 becomes the server's user.
      let root = "--user 0 --cap-add SETUID --cap-add SETGID"
      try built.run(engine, "\(Built.confined) \(root)")
      try built.remove(engine)
    }
    // Another address, on a network of the user's own (10).
    try built.bed.shell("docker network create other")
    try built.run("docker", "\(Built.confined) --network other")
    try built.remove()
    try built.bed.shell("docker network rm other")
  }

  private func defects(_ built: Built) throws {
    // 2, 5: the checkpoint is outside of the volume, and seen in it; /tmp is a tmpfs, the log of CRIU lies there.
    try built.run("docker", "\(Built.confined) -v data:/var/lib/ledger --tmpfs /tmp")
    let user = try built.bed.shell("docker inspect --format '{{.Config.User}}' \(Built.name)")
    #expect(user == "20000:20000\n")
    #expect(try built.inside("cat /var/lib/ledger/checkpoint/manifest.json").contains("\"hot\""))
    _ = try built.inside("ls /tmp/criu-restore.log")
    _ = try built.bed.shell(
      "docker run --rm --entrypoint /bin/ls \(Built.name) /tmp/criu-dump.log")
    // 1, 7: PID 1 and the server run as the server's user, the server above those that others take, and without rights.
    let status = try built.inside("cat /proc/1/status /proc/1001/status")
    #expect(status.split(separator: "\n").count { $0 == "Uid:\t20000\t20000\t20000\t20000" } == 2)
    #expect(try built.inside("cat /proc/1001/status").contains("CapPrm:\t0000000000000000"))
    // 4: CRIU is there, and is new enough for this kernel.
    #expect(try built.inside("criu --version").contains("Version: 4."))
    // 15: and its tools, without Python.
    let inventory = "/usr/local/lib/thaw/checkpoint/images/inventory.img"
    #expect(try built.inside("crit show \(inventory)").contains("\"magic\": \"INVENTORY\""))
    #expect(try built.inside("compel plugins").isEmpty == false)
    #expect(try built.inside("ls /usr/local/bin/criu-ns") == "/usr/local/bin/criu-ns\n")
    // The health check is the image's own.
    #expect(
      try built.bed.run("docker", "exec", "one", "/usr/local/lib/thaw/thaw", "init", "--health")
        .isSuccess)
    try built.remove()
    try built.bed.shell("docker volume rm data")
  }

  /// 12: memory is never thawed onto data that others wrote, and two servers never share a volume.
  private func data(_ built: Built) throws {
    let options = "\(Built.confined) -v data:/var/lib/ledger"
    try built.run("docker", options)
    let second = try built.bed.run(
      "sh", "-c", "docker run --rm \(options) \(Built.name)", within: .seconds(30))
    #expect(second.errorText.contains("another server runs on /var/lib/ledger"))
    #expect(second.status == .exited(126))
    let posted = try built.bed.shell(
      """
      docker exec one sh -c 'echo mark > /var/lib/ledger/mark'
      """)
    #expect(posted == "")
    try built.remove()
    // Without --volumes the named volume stays; what is on it is no longer what was frozen.
    try built.run("docker", options, tier: "warm")
    #expect(try built.log().contains("; not hot: data: other data in /var/lib/ledger"))
    #expect(try built.inside("cat /var/lib/ledger/mark") == "mark\n")
    try built.remove()
    try built.bed.shell("docker volume rm data")
  }

  /// 9, 11: where no thaw is possible or wanted the server starts all the same, with what was asked for; before its main
  /// where the rights are there.
  private func cold(_ built: Built) throws {
    // Another file by the same name.
    let configuration = built.bed.folder / "other.yaml"
    try FileSystem.writeFile(configuration, Array("log: {level: warn}\n".utf8))
    for (options, arguments, tier, reason) in [
      ("", "", "cold", ": capability: missing, the checkpoint needs CAP_CHECKPOINT_RESTORE"),
      (Built.rights, "", "cold", ": seccomp: hidden"),
      (
        "\(Built.confined) -e LEDGER_LOG=debug", "", "warm",
        "; not hot: environment: another value of LEDGER_LOG"
      ),
      (
        "\(Built.confined) --read-only --tmpfs /tmp", "-f ./config.yaml", "warm",
        "; not hot: arguments: … ./config.yaml"
      ),
      (
        "\(Built.confined) -v \(configuration):/usr/local/lib/ledger/config.yaml:ro", "", "warm",
        "; not hot: files: /usr/local/lib/ledger/config.yaml has "
      ),
      (
        "\(Built.confined) -e LC_ALL=C", "", "cold",
        "; not warm: environment: another value of LC_ALL"
      ),
    ] {
      try built.run("docker", options, arguments, tier: tier)
      let log = try built.log()
      #expect(log.contains(reason), "\(log)")
      // What asks in advance says the same, and starts nothing.
      let told = try built.bed.shell(
        "docker run --rm \(options) \(Built.name) --explain \(arguments)")
      #expect(told.hasSuffix("It would be started \(tier).\n"), "\(told)")
      try built.remove()
    }
  }

  /// 8: `--restore-only` never starts cold, and its status tells why not.
  private func refusals(_ built: Built) throws {
    for (options, arguments, status) in [
      ("\(Built.confined) -e LC_ALL=C", "", 120), (Built.seccomp, "", 121), (Built.rights, "", 121),
    ] {
      let said = try built.bed.run(
        "sh", "-c", "docker run --rm \(options) \(Built.name) --restore-only \(arguments)",
        within: .seconds(30))
      #expect(said.status == .exited(Int32(status)), "\(said.errorText)")
      #expect(said.errorText.contains("thaw: not thawed: "))
    }
    // Thawed before its main, the server says itself what is wrong with its arguments.
    let missing = try built.bed.run(
      "sh", "-c",
      "docker run --rm \(Built.confined) \(Built.name) --restore-only -f other.yaml",
      within: .seconds(30))
    #expect(missing.status == .exited(2), "\(missing.errorText)")
    #expect(missing.errorText.contains("ledger: other.yaml: no such file"))
  }

  /// 3, 13: no image without a checkpoint that was tried, and nothing left of one that failed.
  private func failures(_ bed: EngineBed) throws {
    let failed = try bed.thaw(
      ["build", "--image", "oci:\(Machine.ledgerImage ?? ""):latest", "--name", "none"]
        + ["--tag", "none:criu-checkpoint", "--to", "docker", "--ready", "tcp://127.0.0.1:1"]
        + ["--", "/bin/false"])
    #expect(!failed.isSuccess)
    #expect(failed.errorText.contains("the server ended before it was ready"))
    #expect(try bed.shell("docker images -q none") == "")
    #expect(try FileSystem.list(bed.folder / "state/builds") == [])
  }
}

extension EngineBed {
  /// Runs `thaw` inside, with its state in the bed's folder.
  func thaw(_ words: [String], within: Duration = .seconds(200)) throws -> Finished {
    let program = (Needs.executable ?? "").string
    return try run(
      ["env", "THAW_BUNDLE=\(Machine.bundle?.string ?? "")", program]
        + ["--root", (folder / "state").string] + words, within: within)
  }
}
