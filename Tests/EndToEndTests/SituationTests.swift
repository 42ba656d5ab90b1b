import Linux
import TestBed
import Testing

/// What may be otherwise when a container is started, each alone and in pairs: the tier that follows, and that all rows are
/// there.
///
/// THAW_SITUATIONS=all tries all pairs, not only some of them.
@Suite(
  .containerEngines, .staticExecutable, .serialized, .timeLimit(.minutes(30)),
  .enabled(if: Machine.ledgerImage != nil, "needs the sample's image: make image"),
  .enabled(if: Machine.has("psql", "nsenter"), "needs psql and nsenter"))
struct SituationTests {
  /// How warm a start can be at most.
  enum Tier: String, Comparable {
    case cold, warm, hot

    static func < (left: Tier, right: Tier) -> Bool { left.rank < right.rank }

    private var rank: Int { self == .cold ? 0 : self == .warm ? 1 : 2 }
  }

  /// One thing that is otherwise.
  struct Factor {
    var name: String
    /// The best tier that it leaves.
    var tier: Tier
    /// Options of `docker run`.
    var options = ""
    /// Words behind the image's name.
    var words = ""
    /// Rights that are not given.
    var lacks: Set<String> = []
    /// What is done to the volume's folder before.
    var deed = ""
    /// Whether it is another file of configuration.
    var isConfigured: Bool { options.contains(":/usr/local/lib/ledger/config.yaml") }
    /// What the machine's clocks say.
    var clock: SetClock?
  }

  /// The server's configuration, mounted from outside, with something in it replaced.
  private static func configured(_ name: String, _ tier: Tier, _ change: String) -> Factor {
    let (original, changed) = (
      EngineBed.checkout / "Examples/ledger/config.yaml", "/tmp/config.yaml"
    )
    return Factor(
      name: name, tier: tier, options: "-v \(changed):/usr/local/lib/ledger/config.yaml:ro",
      deed: "sed '\(change)' \(original) > \(changed)")
  }

  static let factors = [
    Factor(name: "a variable", tier: .warm, options: "-e LEDGER_LOG=debug"),
    Factor(name: "a time zone", tier: .warm, options: "-e TZ=Asia/Tokyo"),
    Factor(name: "options of the JVM", tier: .cold, options: "-e JAVA_TOOL_OPTIONS=-Xmx200m"),
    Factor(name: "a language", tier: .cold, options: "-e LC_ALL=C"),
    Factor(name: "arguments", tier: .warm, words: "-f ./config.yaml"),
    configured("other comments in the configuration", .hot, "s/ *#.*//"),
    configured("another configuration", .warm, "s/level: info/level: warn/"),
    Factor(name: "no capability", tier: .cold, lacks: ["capability"]),
    Factor(name: "Docker's own seccomp profile", tier: .cold, lacks: ["seccomp"]),
    Factor(name: "a read-only root", tier: .hot, options: "--read-only --tmpfs /tmp"),
    Factor(name: "a host name", tier: .hot, options: "--hostname other"),
    Factor(name: "a network", tier: .hot, options: "--network own"),
    Factor(
      name: "root, who becomes the user", tier: .hot,
      options: "--user 0:0 --cap-add SETUID --cap-add SETGID"),
    Factor(
      name: "variables of an engine", tier: .hot, options: "-e KUBERNETES_SERVICE_HOST=10.0.0.1"),
    Factor(name: "a new file on the volume", tier: .warm, deed: "date > note-$(date +%N)"),
    Factor(name: "a changed time on the volume", tier: .warm, deed: "touch ledger.mv.db"),
    Factor(
      name: "another generation", tier: .warm,
      deed: #"sed -i 's/"generation" *: *[0-9]*/"generation":99999/' .thaw/volume.json"#),
    Factor(
      name: "a clock ahead by a year", tier: .hot, clock: SetClock(timeOfDay: SetClock.year)),
    Factor(
      name: "a clock behind by a year", tier: .hot, clock: SetClock(timeOfDay: -SetClock.year)),
    Factor(
      name: "a machine that was up for a year then, and no longer", tier: .warm,
      clock: SetClock(sinceStart: Double(SetClock.year))),
  ]

  @Test func `every situation has its tier, and no row is missing`() throws {
    let all = Spawn.ownEnvironment()["THAW_SITUATIONS"] == "all"
    let ledger = try ServerVolume(.ledger)
    try ledger.bed.shell("docker network create own")
    var situations = [[]] + Self.factors.map { [$0] }
    for (i, first) in Self.factors.enumerated() {
      for (j, second) in Self.factors.enumerated().dropFirst(i + 1)
      where all || (i * 3 + j) % 11 == 0 {
        // One file cannot be two.
        if first.isConfigured, second.isConfigured { continue }
        situations.append([first, second])
      }
    }
    _ = try ledger.run()
    _ = try ledger.write()
    #expect(try ledger.stop().status == "0")
    for situation in situations { try check(situation, ledger) }
    print("\(situations.count) situations")
  }

  /// The volume is one that was hibernated onto, and is so again afterwards.
  private func check(_ situation: [Factor], _ ledger: ServerVolume) throws {
    let name = situation.map(\.name).joined(separator: " and ")
    let expected = situation.map(\.tier).min() ?? .hot
    for clock in situation.compactMap(\.clock) { try clock.apply(to: try ledger.seenFolder()) }
    for factor in situation where !factor.deed.isEmpty {
      try ledger.bed.shell("cd \(ServerVolume.folder) && \(factor.deed)")
    }
    let lacks = situation.reduce(into: Set<String>()) { $0.formUnion($1.lacks) }
    var options = situation.map(\.options)
    options.append("--security-opt no-new-privileges --cap-drop ALL")
    if !lacks.contains("capability") { options.append("--cap-add CHECKPOINT_RESTORE") }
    if !lacks.contains("seccomp") {
      options.append("--security-opt seccomp=\(EngineBed.checkout / "Images/seccomp.json")")
    }
    let words = situation.map(\.words).joined(separator: " ")
    try ledger.start(
      "-v data:\(ledger.about.data) " + options.joined(separator: " "), words)
    let log = try ledger.log()
    #expect(log.contains("thaw: \(expected): "), "\(name): \(log)")
    if expected == .hot { #expect(log.contains("where it was hibernated"), "\(name): \(log)") }
    try ledger.expectAllRows()
    _ = try ledger.write()
    let stopped = try ledger.stop("--time 30")
    guard !situation.isEmpty, expected != .hot || !stopped.log.contains("hibernated in") else {
      return
    }
    // What was hibernated so is hot for that start alone.
    _ = try ledger.run()
    try ledger.expectAllRows()
    let plain = try ledger.stop()
    #expect(plain.log.contains("hibernated in"), "after \(name): \(plain.log)")
  }
}
