import Checkpoint
import Linux

/// Checkpoints made by hand: no server was ever frozen into them.
enum Samples {
  static let created = Timestamp(seconds: 1_795_460_400)

  /// The manifest of a server that was frozen on a machine like this one.
  static func manifest(
    _ server: String = "shop", contents: [Manifest.Content] = [], host: HostFacts = .current()
  ) -> Manifest {
    Manifest(
      created: created, server: server, tier: .hot,
      program: Manifest.Program(
        words: ["java", "-jar", "my shop.jar"],
        environment: ["PATH": "/bin", "SHOP_PASSWORD": "hunter2"], workingDirectory: "/srv",
        user: 20000, group: 20000, supplementaryGroups: [20001]),
      base: Manifest.Base(reference: nil, digest: nil), facts: facts(host), ports: [8080, 5432],
      data: ["/srv/data"], contents: contents,
      history: Manifest.History(
        coldStart: 9612.5, warmUp: 6800, warmUpSteps: ["shop.sql: 120 queries in 6.8 s"],
        dump: 310, trialThaw: 63.2))
  }

  private static func facts(_ host: HostFacts) -> FrozenFacts {
    FrozenFacts(
      host: host, criu: Manifest.CRIUFacts(version: "4.2.1", build: "b1"),
      clock: Manifest.ClockFacts(monotonic: 12.5, bootTime: 12.5, young: true),
      processes: Manifest.ProcessFacts(
        root: 1001, ids: [1001, 1002, 1003, 1010], noNewPrivileges: true, capabilities: [],
        output: "pipe:[1]", errors: "pipe:[2]"),
      memory: Manifest.MemoryFacts(copied: ByteCount(12_000_000), resident: ByteCount(144_000_000)),
      openFiles: FileTable())
  }

  /// Puts a checkpoint with one image into the store of a folder, and returns its id.
  @discardableResult
  static func store(
    _ name: String, in root: Path, host: HostFacts = .current()
  ) throws -> String {
    let bytes = [UInt8](repeating: 7, count: 5000)
    let draft = try Draft(in: CheckpointStore(root: root))
    try FileSystem.makeDirectory(draft.path / "images")
    try FileSystem.writeFile(draft.path / "images/pages-1.img", bytes)
    let content = Manifest.Content(
      path: "images/pages-1.img", size: 5000, digest: Digest(of: bytes))
    let path = draft.path
    do {
      return try draft.commit(manifest(name, contents: [content], host: host), name: name).id
    } catch {
      try FileSystem.removeTree(path)
      throw error
    }
  }
}
