import Linux
import TestBed
import Testing

/// Random histories of volumes: whatever happens between two starts, a server has the rows that were acknowledged, and no
/// others.
///
/// THAW_HISTORIES says how many (4 unless told), THAW_SEED where they begin.
@Suite(
  .containerEngines, .staticExecutable, .serialized, .timeLimit(.minutes(120)),
  .enabled(if: !VolumeServer.all.isEmpty, "needs the sample's image: make image"),
  .enabled(if: Machine.has("psql", "nsenter"), "needs psql and nsenter"))
struct HistoryTests {
  @Test(arguments: VolumeServer.all)
  func `no history of a volume loses a row or brings one back`(server: VolumeServer) throws {
    let own = Spawn.ownEnvironment()
    let count = own["THAW_HISTORIES"].flatMap { Int($0) } ?? 4
    let seed = own["THAW_SEED"].flatMap { UInt64($0) } ?? 1
    let volume = try ServerVolume(server)
    // The same server, in an image that is another one.
    try volume.build(server.upgraded)
    var starts: [String: Int] = [:]
    for number in 0..<UInt64(count) {
      var history = History(volume, seed: seed + number)
      do {
        try history.run()
      } catch {
        Issue.record("history \(seed + number) after \(history.steps): \(error)")
        _ = try? volume.bed.shell("docker rm --force one")
      }
      for (tier, times) in history.starts { starts[tier, default: 0] += times }
    }
    print("\(server.built.name): \(count) histories: \(starts.sorted { $0.key < $1.key })")
    #expect(starts["hot"] != nil && starts["warm"] != nil && starts["cold"] != nil, "\(starts)")
  }
}

/// One of them, the same for the same seed.
private struct History {
  /// What happened, for those who have to find out why a row is missing.
  private(set) var steps: [String] = []
  /// How often a server was started in which tier.
  private(set) var starts: [String: Int] = [:]
  private let server: ServerVolume
  private var random: Randomness
  private var next = 0
  /// The rows of each volume, as they were acknowledged.
  private var rows: [String: Set<Int>] = [:]
  private var volume: String

  init(_ server: ServerVolume, seed: UInt64) {
    self.server = server
    random = Randomness(seed: seed)
    volume = "history-\(seed)"
    rows[volume] = []
  }

  mutating func run() throws {
    for _ in 1...Int.random(in: 4...7, using: &random) {
      try start()
      try write()
      try end()
      try between()
    }
    for volume in rows.keys { try server.bed.shell("docker volume rm --force \(volume)") }
  }

  private mutating func step(_ what: String) { steps.append(what) }

  private mutating func start() throws {
    let full = ServerVolume.confined
    let (image, about) = (server.server.image, server.about)
    let ways: [(name: String, options: String, image: String, words: String)] = [
      ("plain", full, image, ""), ("plain", full, image, ""), ("plain", full, image, ""),
      ("read-only", "\(full) --read-only --tmpfs /tmp", image, ""),
      ("variable", "\(full) -e \(about.variable)", image, ""),
      ("arguments", full, image, about.arguments),
      ("no rights", "", image, ""),
      ("stop", full, image, "--on-stop=stop"),
      ("upgraded", full, about.upgraded, ""),
      // Without Thaw: a program that knows nothing of it.
      ("other program", "--entrypoint java", image, about.plain),
    ]
    let way = ways.randomElement(using: &random) ?? ways[0]
    step("\(way.name) on \(volume)")
    let log = try server.start(
      "-v \(volume):\(server.about.data) \(way.options)", way.words, image: way.image)
    let tier = ["hot", "warm", "cold"].first { log.contains("thaw: \($0): ") } ?? "other program"
    starts[tier, default: 0] += 1
    steps[steps.count - 1] += ", \(tier)"
    if rows[volume] == [] {
      // A new volume is filled with what was frozen, in which there is no such table; a copy of one may be as new.
      try server.create()
    }
    let found = try server.rows()
    let expected = (rows[volume] ?? []).sorted()
    #expect(found == expected, "\(steps)\n\(log)")
    guard found == expected else { throw Errno.invalid }
  }

  private mutating func write() throws {
    for _ in 0..<Int.random(in: 0...3, using: &random) {
      next += 1
      try server.insert(next)
      rows[volume]?.insert(next)
    }
    if Bool.random(using: &random), let row = rows[volume]?.min() {
      try server.remove(row)
      rows[volume]?.remove(row)
    }
    step("\(rows[volume]?.count ?? 0) rows")
  }

  private mutating func end() throws {
    let pause = Double(Int.random(in: 0...250, using: &random)) / 1000
    let ways = [
      ("stop", "docker stop one"), ("stop", "docker stop one"), ("stop", "docker stop one"),
      ("kill", "docker kill one"),
      ("kill after \(pause)", "docker kill -s TERM one; sleep \(pause); docker kill one || true"),
      ("stop at once", "docker stop -t 1 one"),
    ]
    let way = ways.randomElement(using: &random) ?? ways[0]
    step(way.0)
    try server.bed.shell("{ \(way.1); } >/dev/null 2>&1 && docker rm one")
  }

  /// What happens to volumes while nobody runs on them.
  private mutating func between() throws {
    let folder = { (volume: String) in "/var/lib/docker/volumes/\(volume)/_data" }
    switch Int.random(in: 0...9, using: &random) {
    case 0, 1:
      let copy = "\(volume.prefix { $0 != "c" })c\(rows.count)"
      try server.bed.shell(
        "docker volume create \(copy) && cp -a \(folder(volume))/. \(folder(copy))/")
      rows[copy] = rows[volume]
      step("copied to \(copy)")
      if Bool.random(using: &random) { volume = copy }
    case 2 where rows.count > 1:
      volume = rows.keys.sorted().randomElement(using: &random) ?? volume
      step("back to \(volume)")
    case 3:
      // A file that nobody reads; and a database that says a moment ago was later.
      try server.bed.shell("touch \(folder(volume))/note")
      step("a file is added")
    case 4:
      try server.bed.shell("rm -rf \(folder(volume))/.thaw")
      step("Thaw's own is removed")
    default: break
    }
  }
}

/// Numbers that look random and are the same for the same seed.
private struct Randomness: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 }

  /// SplitMix64.
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
