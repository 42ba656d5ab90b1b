import Checkpoint
import Linux

/// A manifest and a situation that fits it, to be changed one thing at a time.
enum Samples {
  static let host = HostFacts(
    architecture: "x86_64", kernel: "6.18.44", boot: "b", processor: "A processor",
    processorFeatures: ["avx2", "sse4_2"], vectorStateSize: 2696)

  static let program = Manifest.Program(
    words: ["java", "-jar", "shop.jar"], environment: ["LANG": "C.UTF-8"],
    workingDirectory: "/srv", user: 20000, group: 20000)

  static func manifest(contents: [Manifest.Content] = [], noNewPrivileges: Bool = true) -> Manifest
  {
    Manifest(
      created: Timestamp(seconds: 1_795_000_000), server: "shop", tier: .hot, program: program,
      base: Manifest.Base(reference: nil, digest: nil),
      facts: FrozenFacts(
        host: host, criu: Manifest.CRIUFacts(version: "4.2.1", build: "b1"),
        clock: Manifest.ClockFacts(monotonic: 12.5, bootTime: 12.5, young: true),
        processes: Manifest.ProcessFacts(
          root: 1001, ids: [1001, 1002], noNewPrivileges: noNewPrivileges, capabilities: [],
          output: "pipe:[7]", errors: "pipe:[8]"),
        memory: Manifest.MemoryFacts(copied: ByteCount(1000), resident: ByteCount(2000)),
        openFiles: FileTable()),
      ports: [8080], data: ["/srv/data"], contents: contents,
      history: Manifest.History(coldStart: 900, warmUp: 20, warmUpSteps: [], dump: 100))
  }

  static let situation = Verdict.Situation(
    host: host, program: program, now: Timestamp(seconds: 1_795_000_100), monotonic: 13,
    capabilities: ["CAP_CHECKPOINT_RESTORE"],
    clone3: true, criu: "4.2.1", changedFile: nil, foreignVolumes: [])
}
