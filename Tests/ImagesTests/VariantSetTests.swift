import Checkpoint
import Linux
import Server
import TestBed
import Testing

@testable import Images

/// Which checkpoints can be in one image, and which of a variant's files it has.
@Suite struct VariantSetTests {

  private static func program(
    _ arguments: [String], _ environment: [String: String] = [:]
  ) -> Manifest.Program {
    Manifest.Program(
      words: ["shop"] + arguments, environment: ["HOME": "/"].merging(environment) { $1 },
      workingDirectory: "/srv", user: 7, group: 7)
  }

  private static func host(_ features: [String]) -> HostFacts {
    HostFacts(
      architecture: "x86_64", kernel: "6.18.44", boot: "b", processor: "A processor",
      processorFeatures: features, vectorStateSize: 2696)
  }

  private static var recipe: Recipe {
    var recipe = Recipe(name: "shop", command: ["shop"], data: ["/srv/data"], temporary: ["/tmp"])
    recipe.server.arguments = ["-f", "shop.yaml"]
    return recipe
  }

  private static func manifest(
    _ program: Manifest.Program, _ change: (inout Manifest) -> Void = { _ in }
  ) -> Manifest {
    var manifest = Manifest(
      created: Timestamp(seconds: 1_795_000_000), server: "shop", tier: .hot, program: program,
      base: Manifest.Base(reference: "oci:/shop:latest", digest: "sha256:1"),
      facts: FrozenFacts(
        host: host(["avx2"]), criu: Manifest.CRIUFacts(version: "4.2.1", build: "b1"),
        clock: Manifest.ClockFacts(monotonic: 12.5, bootTime: 12.5, young: true),
        processes: Manifest.ProcessFacts(
          root: 1001, ids: [1001], noNewPrivileges: true, capabilities: [], output: "pipe:[7]",
          errors: "pipe:[8]"),
        memory: Manifest.MemoryFacts(copied: ByteCount(1000), resident: ByteCount(2000)),
        openFiles: FileTable()),
      ports: [], data: ["/srv/data"], contents: [],
      history: Manifest.History(coldStart: 900, warmUp: 20, warmUpSteps: [], dump: 100))
    change(&manifest)
    return manifest
  }

  private static func checkpoint(_ folder: Path, _ manifest: Manifest) throws -> Checkpoint {
    try FileSystem.makeDirectory(folder / "files", parents: true)
    try FileSystem.writeFile(folder / "manifest.json", try JSONText.encode(manifest))
    return try Checkpoint.read(folder)
  }

  private static func set(
    _ folder: Path, _ variants: [(name: String, manifest: Manifest)], recipe other: Recipe = recipe
  ) throws -> VariantSet {
    try FileSystem.makeDirectory(folder / "base", parents: true)
    return VariantSet(
      main: try checkpoint(folder / "main", manifest(program(["-f", "shop.yaml"]))),
      name: "shop", recipe: recipe, fallback: nil,
      variants: try variants.enumerated().map { place, one in
        ImageVariant(
          name: one.name, checkpoint: try checkpoint(folder / "\(place)", one.manifest),
          recipe: other)
      }, rootfs: folder / "base")
  }

  @Test func `those for other arguments, variables and processors can be`() throws {
    try withTemporaryDirectory { folder in
      try Self.set(
        folder,
        [
          ("custom", Self.manifest(Self.program(["-f", "custom.yaml"]))),
          ("debug", Self.manifest(Self.program(["-f", "shop.yaml"], ["LOG": "debug"]))),
          ("older", Self.manifest(Self.program(["-f", "shop.yaml"])) { $0.host = Self.host([]) }),
        ]
      ).check()
    }
  }

  @Test(
    arguments: [
      ("is there twice", "shop", manifest(program([]))),
      (
        "would never be thawed: shop is for the same arguments, variables and processors", "same",
        manifest(program(["-f", "shop.yaml"]))
      ),
      (
        "would never be thawed: shop", "newer",
        manifest(program(["-f", "shop.yaml"])) { $0.host = host(["avx2", "avx512f"]) }
      ),
      (
        "no container could ask for it: arguments: … -f shop.yaml, the checkpoint needs shop",
        "none", manifest(program([]))
      ),
      (
        "was frozen on oci:/other:latest, shop on oci:/shop:latest", "other",
        manifest(program(["x"])) {
          $0.base = .init(reference: "oci:/other:latest", digest: "sha256:2")
        }
      ),
      (
        "was frozen on this machine's own files", "host",
        manifest(program(["x"])) { $0.base = .init(reference: nil, digest: nil) }
      ),
      ("was frozen as another user", "root", manifest(program(["x"])) { $0.program.user = 0 }),
      (
        "one of both was frozen before its main", "warm",
        manifest(program(["x"])) { $0.tier = .warm }
      ),
    ])
  func `one that would never be thawed, or is of another server, cannot`(
    message: String, name: String, manifest: Manifest
  ) throws {
    try withTemporaryDirectory { folder in
      let set = try Self.set(folder, [(name, manifest)])
      let error = #expect(throws: EngineError.self) { try set.check() }
      #expect(
        error.map { "\($0)" }?.contains("variant \(name): \(message)") == true)
    }
  }

  @Test func `one without a variable that the image sets cannot be asked for`() throws {
    try withTemporaryDirectory { folder in
      var set = try Self.set(folder, [("plain", Self.manifest(Self.program(["x"])))])
      try set.check()
      let main = Self.manifest(Self.program(["-f", "shop.yaml"], ["LOG": "info"]))
      set = VariantSet(
        main: try Self.checkpoint(folder / "main", main), name: "shop", recipe: set.recipe,
        fallback: nil,
        variants: set.variants, rootfs: set.rootfs)
      let error = #expect(throws: EngineError.self) { try set.check() }
      #expect(error.map { "\($0)" }?.contains("another value of LOG") == true)
    }
  }

  @Test func `one with other folders for data cannot`() throws {
    try withTemporaryDirectory { folder in
      var other = Self.recipe
      other.data = ["/var/data"]
      let set = try Self.set(folder, [("x", Self.manifest(Self.program(["x"])))], recipe: other)
      #expect(throws: EngineError.self) { try set.check() }
    }
  }

  /// What the variant's server wrote, what the main one and the base have there, and what comes of it; nil: an error.
  struct Case: Sendable {
    var path: String
    var its: String?
    var mains: String?
    var bases: String?
    var isNew: Bool?
  }

  @Test(
    arguments: [
      Case(path: "var/cache/x", its: "1", isNew: true),
      Case(path: "srv/data/x", its: "1", mains: "2", isNew: false),
      Case(path: "tmp/x", its: "1", mains: "2", isNew: false),
      Case(path: "run/x", its: "1", mains: "2", isNew: false),
      Case(path: "etc/hosts", its: "", bases: "2", isNew: false),
      Case(path: "var/cache/x", its: "1", mains: "1", isNew: false),
      Case(path: "var/cache/x", its: "1", bases: "1", isNew: false),
      Case(path: "var/cache/x", its: "1", mains: "1", bases: "2", isNew: false),
      Case(path: "var/cache/x", its: "1", mains: "2"),
      Case(path: "var/cache/x", its: "1", mains: "12"),
      Case(path: "var/cache/x", its: "1", bases: "2"),
      Case(path: "var/cache/x", its: "1", mains: "2", bases: "1"),
    ])
  func `what its server wrote is new, or the same, or an error`(_ one: Case) throws {
    try withTemporaryDirectory { folder in
      let set = try Self.set(folder, [("x", Self.manifest(Self.program(["x"])))])
      for (root, text) in [
        (set.variants[0].checkpoint.files, one.its), (set.main.files, one.mains),
        (set.rootfs, one.bases),
      ] {
        guard let text else { continue }
        let file = root / one.path
        try FileSystem.makeDirectory(file.parent, parents: true)
        try FileSystem.writeFile(file, Array(text.utf8))
      }
      guard let isNew = one.isNew else {
        let error = #expect(throws: EngineError.self) { try set.newFiles(of: set.variants[0]) }
        #expect(
          error.map { "\($0)" }?.contains("its server wrote /\(one.path), which shop has otherwise")
            == true)
        return
      }
      #expect(try set.newFiles(of: set.variants[0]).contains(Path(one.path)) == isNew)
    }
  }
}
