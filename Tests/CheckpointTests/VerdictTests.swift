import Checkpoint
import Linux
import Testing

@Suite("Verdict")
struct VerdictTests {
  /// One thing that is not as at the freeze, and the condition that must say so.
  struct Case: CustomTestStringConvertible, Sendable {
    var testDescription: String
    var condition: String?
    var change: @Sendable (inout Verdict.Situation) -> Void

    init(
      _ description: String, _ condition: String?,
      _ change: @escaping @Sendable (inout Verdict.Situation) -> Void
    ) {
      testDescription = description
      self.condition = condition
      self.change = change
    }
  }

  static let cases = [
    Case("nothing changed", nil) { _ in },
    Case("a later kernel", nil) { $0.host.kernel = "6.19.1" },
    Case("a later CRIU", nil) { $0.criu = "4.10" },
    Case("more features of the processor", nil) { $0.host.processorFeatures.append("avx512f") },
    Case("another boot of the same kernel", nil) { $0.host.boot = "c" },
    Case("CAP_SYS_ADMIN instead", nil) { $0.capabilities = ["CAP_SYS_ADMIN"] },
    Case("other arguments", "arguments") { $0.program.words.append("-x") },
    Case("a variable more", "environment") { $0.program.environment["A"] = "b" },
    Case("another value of a variable", "environment") { $0.program.environment["LANG"] = "C" },
    Case("a variable less", "environment") { $0.program.environment = [:] },
    Case("another user", "user") { $0.program.user = 0 },
    Case("groups where there were none", nil) { $0.program.supplementaryGroups = [20000] },
    Case("another folder", "working directory") { $0.program.workingDirectory = "/" },
    Case("no capability", "capability") { $0.capabilities = ["CAP_SETPCAP"] },
    Case("clone3 hidden", "seccomp") { $0.clone3 = false },
    Case("no CRIU", "CRIU") { $0.criu = nil },
    Case("an older CRIU", "CRIU") { $0.criu = "4.1.9" },
    Case("another architecture", "architecture") { $0.host.architecture = "aarch64" },
    Case("an older kernel", "kernel") { $0.host.kernel = "6.9.100" },
    Case("a feature less", "processor") { $0.host.processorFeatures = ["sse4_2"] },
    Case("another layout of vector registers", "vector registers") {
      $0.host.vectorStateSize = 832
    },
    Case("a clock behind", "clock") { $0.monotonic = 12.4 },
    Case("a volume with data of its own", "data") { $0.foreignVolumes = ["/srv/data"] },
    Case("a changed file", "files") {
      $0.changedFile = FileTable.Change(path: "/srv/shop.jar", what: "is gone")
    },
  ]

  @Test("the condition that does not hold is told, and no other", arguments: cases)
  func condition(_ one: Case) {
    var situation = Samples.situation
    one.change(&situation)
    let verdict = Verdict.judge(Samples.manifest(), in: situation)
    #expect(
      verdict.conditions.filter { !$0.holds }.map(\.name) == (one.condition.map { [$0] } ?? []))
    #expect(verdict.mayThaw == (one.condition == nil))
    #expect((verdict.reason == nil) == (one.condition == nil))
    if let name = one.condition { #expect(verdict.reason?.hasPrefix(name + ": ") == true) }
  }

  /// What does not matter to a server that was frozen before its main, and what does.
  static let warmCases = [
    Case("nothing changed", nil) { _ in },
    Case("other arguments", nil) { $0.program.words = ["java", "-jar", "shop.jar", "-x"] },
    Case("a variable more", nil) { $0.program.environment["A"] = "b" },
    Case("other data", nil) { $0.foreignVolumes = ["/srv/data"] },
    Case("another command", "command") { $0.program.words = ["java", "-jar", "other.jar"] },
    Case("options of the JVM", "command") {
      $0.program.words = ["java", "-Xmx1g", "-jar", "shop.jar"]
    },
    Case("a variable that a JVM reads", "environment") {
      $0.program.environment["JAVA_TOOL_OPTIONS"] = "-Xmx1g"
    },
    Case("the language", "environment") { $0.program.environment["LANG"] = "C" },
    Case("a variable that malloc reads", "environment") {
      $0.program.environment["MALLOC_ARENA_MAX"] = "1"
    },
    Case("a variable that the recipe names", "environment") {
      $0.program.environment["SHOP_PLUGINS"] = "all"
    },
    Case("another user", "user") { $0.program.user = 0 },
    Case("a feature less", "processor") { $0.host.processorFeatures = ["sse4_2"] },
    Case("a clock behind", "clock") { $0.monotonic = 12.4 },
    Case("a changed jar", "files") {
      $0.changedFile = FileTable.Change(path: "/srv/shop.jar", what: "is gone")
    },
  ]

  @Test("before its main only what was loaded counts", arguments: warmCases)
  func warm(_ one: Case) {
    var manifest = Samples.manifest()
    manifest.tier = .warm
    manifest.warm = .init(command: ["java", "-jar", "shop.jar"], variables: ["SHOP_PLUGINS"])
    var situation = Samples.situation
    one.change(&situation)
    #expect(
      Verdict.judge(manifest, in: situation).conditions.filter { !$0.holds }.map(\.name)
        == (one.condition.map { [$0] } ?? []))
  }

  @Test
  func `groups that a server had must be had by who thaws it`() {
    var manifest = Samples.manifest()
    manifest.program.supplementaryGroups = [20000, 44]
    let judged = { (groups: [UInt32]) in
      var situation = Samples.situation
      situation.program.supplementaryGroups = groups
      return Verdict.judge(manifest, in: situation).reason?.prefix { $0 != ":" }
    }
    #expect(judged([44, 20000]) == nil)
    #expect(judged([]) == "groups")
    #expect(judged([20000]) == "groups")
  }

  @Test
  func `a server without no_new_privs needs CAP_SETPCAP as well`() {
    let manifest = Samples.manifest(noNewPrivileges: false)
    #expect(!Verdict.judge(manifest, in: Samples.situation).mayThaw)
    var situation = Samples.situation
    situation.capabilities.append("CAP_SETPCAP")
    #expect(Verdict.judge(manifest, in: situation).mayThaw)
  }

  @Test(
    "a checkpoint with a limit is thawed until it is too old",
    arguments: [
      (100.0, true), (60, true), (59, false), (1, false),
    ])
  func age(limit: Double, holds: Bool) {
    var manifest = Samples.manifest()
    manifest.created = Timestamp(seconds: Samples.situation.now.seconds - 60)
    manifest.maxAge = limit
    #expect(Verdict.judge(manifest, in: Samples.situation).mayThaw == holds)
    // A clock that was set back by as much tells as little.
    manifest.created = Timestamp(seconds: Samples.situation.now.seconds + 60)
    #expect(Verdict.judge(manifest, in: Samples.situation).mayThaw == holds)
  }

  @Test
  func `the reason says what to do`() {
    var situation = Samples.situation
    situation.clone3 = false
    let reason = Verdict.judge(Samples.manifest(), in: situation).reason
    #expect(
      reason
        == "seccomp: hidden, the checkpoint needs the system call clone3; add --security-opt seccomp=Images/seccomp.json"
    )
  }
}

/// What is known of a checkpoint without its manifest.
extension VerdictTests {
  @Test(
    "what is asked for is compared as the verdict does",
    arguments: cases.filter {
      ["arguments", "environment", "user", "working directory", nil].contains($0.condition)
    })
  func misfit(_ one: Case) {
    var situation = Samples.situation
    one.change(&situation)
    #expect(
      Verdict.misfit(of: Samples.program, asked: situation.program)
        == Verdict.judge(Samples.manifest(), in: situation).reason)
  }

  @Test(
    "whether a machine offers what is needed is compared as the verdict does",
    arguments: cases.filter {
      ["architecture", "kernel", "processor", "vector registers", nil].contains($0.condition)
    })
  func offers(_ one: Case) {
    var situation = Samples.situation
    one.change(&situation)
    #expect(
      Verdict.offers(situation.host, asFrozenOn: Samples.host) == (one.condition == nil))
  }
}
