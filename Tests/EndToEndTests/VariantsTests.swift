import Linux
import TestBed
import Testing

/// An image with two checkpoints of the running sample, for other variables each: every container gets its own, on its own
/// data, and no row is lost when a volume is moved between them.
@Suite(
  .containerEngines, .staticExecutable, .serialized, .timeLimit(.minutes(12)),
  .enabled(if: Machine.ledgerImage != nil, "needs the sample's image: make image"),
  .enabled(if: Machine.has("psql", "nsenter"), "needs psql and nsenter"))
struct VariantsTests {
  /// What the variant is asked for with.
  private static let debug = "-e LEDGER_LOG=debug"

  @Test func `each container is thawed from the checkpoint of its variables, on its own data`()
    throws
  {
    var server = VolumeServer.ledger
    server.built.variants = """
      variants:
        - name: debug
          environment: {LEDGER_LOG: debug}
          warm-up: {steps: [{http: {port: 8080, path: /healthz/ready}, repeat: 20}]}
      """
    let ledger = try ServerVolume(server)
    #expect(ledger.progress.contains("Variant debug:"))
    try labels(ledger)
    try choice(ledger)
    try moved(ledger)
    try begun(ledger)
    try again(ledger)
    try refusals(ledger)
  }

  private func labels(_ ledger: ServerVolume) throws {
    let label = "docker inspect --format '{{index .Config.Labels \"dev.thaw.variants\"}}'"
    #expect(try ledger.bed.shell("\(label) \(ledger.server.image)") == "debug\n")
    let sheet = try ledger.bed.thaw(["inspect", "--image", ledger.server.image])
    for part in ["Checkpoint ledger\n", "Checkpoint debug\n", "LEDGER_LOG=debug", "before main"] {
      #expect(sheet.text.contains(part), "\(sheet.text)\(sheet.errorText)")
    }
    let json = try ledger.bed.thaw(["inspect", "--json", "--image", ledger.server.image])
    #expect(json.text.contains(#""isWarm":true"#), "\(json.text)\(json.errorText)")
    let none = try ledger.bed.thaw(["inspect", "--image", "nothing:here"])
    #expect(none.status == .exited(3))
    #expect(none.errorText.contains("docker has no image of that name"))
  }

  /// On volumes of their own, and on none.
  private func choice(_ ledger: ServerVolume) throws {
    for options in ["", "--read-only --tmpfs /tmp -v /var/lib/ledger"] {
      let own = try ledger.start("\(ServerVolume.confined) \(options)")
      #expect(own.contains("thaw: hot: thawed in") && !own.contains("variant"), "\(own)")
      try ledger.remove()
      let other = try ledger.start("\(ServerVolume.confined) \(options) \(Self.debug)")
      #expect(other.contains("thaw: hot: thawed in"), "\(other)")
      #expect(other.contains(" ms, variant debug\n"), "\(other)")
      #expect(try ledger.inside("cat /proc/1001/environ").contains("LEDGER_LOG=debug"))
      #expect(
        try ledger.bed.run("docker", "exec", "one", "/usr/local/lib/thaw/thaw", "init", "--health")
          .isSuccess)
      try ledger.remove()
    }
    // What asks in advance says the same.
    for (options, words, tier, table) in [
      ("", "", "hot", "hot (ledger)"), (Self.debug, "", "hot", "hot (debug)"),
      ("", "-f ./config.yaml", "warm", "hot (debug)"),
    ] {
      let told = try ledger.bed.shell(
        "docker run --rm \(ServerVolume.confined) \(options) \(ledger.server.image) --explain \(words)"
      )
      #expect(told.hasSuffix("It would be started \(tier).\n"), "\(told)")
      #expect(told.contains(table), "\(told)")
    }
    // What is for neither says why of both.
    let third = try ledger.start(ServerVolume.confined, "-f ./config.yaml")
    #expect(third.contains("thaw: warm: thawed in"), "\(third)")
    #expect(third.contains("; not hot (ledger): arguments: … ./config.yaml"), "\(third)")
    #expect(third.contains("; not hot (debug): arguments: … ./config.yaml"), "\(third)")
    try ledger.remove()
    // Without the right there is no thaw of either.
    let cold = try ledger.start(ServerVolume.seccomp + " --cap-drop ALL", Self.none)
    #expect(cold.contains("thaw: cold: "), "\(cold)")
    try ledger.remove()
  }

  private static let none = ""

  /// A volume that is hibernated onto by one and started by the other.
  private func moved(_ ledger: ServerVolume) throws {
    #expect(try ledger.run().contains("thaw: hot: thawed in"))
    for _ in 1...2 {
      for options in [Self.debug, Self.none] {
        _ = try ledger.write()
        let stopped = try ledger.stop()
        #expect(stopped.log.contains("thaw: hibernated in"), "\(stopped.log)")
        // The other one: the data are not those of its memory.
        let moved = try ledger.run(options)
        #expect(moved.contains("thaw: warm: ") && moved.contains("not hot"), "\(moved)")
        try ledger.expectAllRows()
        _ = try ledger.write()
        #expect(try ledger.stop().log.contains("thaw: hibernated in"))
        // The same again.
        let same = try ledger.run(options)
        #expect(same.contains("where it was hibernated"), "\(same)")
        try ledger.expectAllRows()
      }
    }
    // One that ended without a hibernation.
    _ = try ledger.write()
    try ledger.kill()
    for options in [Self.debug, Self.none] {
      let log = try ledger.run(options)
      #expect(log.contains("thaw: warm: ") && log.contains("not hot"), "\(log)")
      try ledger.expectAllRows()
      try ledger.kill()
    }
  }

  /// A volume that begins with the variant, and is filled with its data.
  private func begun(_ ledger: ServerVolume) throws {
    let rows = { try ledger.lines("SELECT n FROM begun").compactMap { Int($0) } }
    let first = try ledger.run(Self.debug, volume: "begun")
    #expect(first.contains(" ms, variant debug\n"), "\(first)")
    _ = try ledger.ask("CREATE TABLE begun (n INT)")
    _ = try ledger.ask("INSERT INTO begun VALUES (7)")
    #expect(try ledger.stop().log.contains("thaw: hibernated in"))
    #expect(try ledger.run(Self.debug, volume: "begun").contains("where it was hibernated"))
    #expect(try rows() == [7])
    #expect(try ledger.stop().log.contains("thaw: hibernated in"))
    let other = try ledger.run(volume: "begun")
    #expect(other.contains("thaw: warm: "), "\(other)")
    #expect(try rows() == [7])
    try ledger.kill()
  }

  /// Filled with one's data and never written: byte for byte what was frozen, but for that one alone.
  private func again(_ ledger: ServerVolume) throws {
    let fill = { (name: String, seed: String) in
      // As PID 1 fills it, without a server that would write.
      _ = try ledger.bed.shell(
        """
        docker volume create \(name) && docker run --rm --user 0 -v \(name):/to --entrypoint /bin/cp \
        \(ledger.server.image) -a /usr/local/lib/thaw/\(seed)/var/lib/ledger/. /to/ \
        && chown 20000:20000 /var/lib/docker/volumes/\(name)/_data
        """)
    }
    for (name, seed, hot, warm) in [
      ("mine", "seed", Self.none, Self.debug),
      ("its", "variants/debug/seed", Self.debug, Self.none),
    ] {
      try fill(name, seed)
      let refused = try ledger.run(warm, volume: name)
      #expect(
        refused.contains("thaw: warm: ")
          && refused.contains("data: other data in /var/lib/ledger"), "\(refused)")
      try ledger.kill()
      try ledger.bed.shell("docker volume rm \(name)")
      try fill(name, seed)
      let taken = try ledger.run(hot, volume: name)
      #expect(taken.contains("thaw: hot: thawed in"), "\(taken)")
      try ledger.kill()
    }
  }

  /// What could not be one image, told before any is made.
  private func refusals(_ ledger: ServerVolume) throws {
    let build = { (words: [String]) in
      try ledger.bed.thaw(["build", "--tag", "no:image", "--to", "docker"] + words)
    }
    let twice = try build(["--from", "ledger", "--from", "ledger"])
    #expect(!twice.isSuccess)
    #expect(twice.errorText.contains("variant ledger: is there twice"), "\(twice.errorText)")
    let nothing = try build(["--from", "ledger", "--from", "none"])
    #expect(!nothing.isSuccess && nothing.errorText.contains("none"))
    #expect(try ledger.bed.shell("docker images -q no") == "")
    // The other way round, of what is in the store.
    let built = try build(["--from", "ledger-debug", "--from", "ledger", "--json"])
    #expect(!built.isSuccess)
    #expect(
      built.errorText.contains(
        "no container could ask for it: environment: another value of LEDGER_LOG"),
      "\(built.errorText)")
  }
}
