import Checkpoint
import Linux
import Server
import TestBed
import Testing

@testable import Lifecycle

/// Which of an image's checkpoints a container is thawed from.
@Suite struct VariantChoiceTests {
  private static let host = HostFacts(
    architecture: "x86_64", kernel: "6.18.44", boot: "b", processor: "A processor",
    processorFeatures: ["avx2", "avx512f"], vectorStateSize: 2696)

  private static func program(
    _ arguments: [String], _ environment: [String: String] = [:]
  ) -> Manifest.Program {
    Manifest.Program(
      words: ["java", "shop.Main"] + arguments,
      environment: ["LANG": "C.UTF-8", "HOME": "/srv"].merging(environment) { $1 },
      workingDirectory: "/srv", user: 20000, group: 20000)
  }

  private static func variant(
    _ name: String, _ program: Manifest.Program, host: HostFacts = host
  ) -> ImageRecord.Variant {
    .init(name: name, program: program, host: host, data: FileTable(), recipe: nil)
  }

  private static func record(_ variants: ImageRecord.Variant...) -> ImageRecord {
    var recipe = Recipe(
      name: "shop", command: ["java", "shop.Main"], data: ["/srv/data"])
    recipe.server.arguments = ["-f", "shop.yaml"]
    var record = ImageRecord(
      recipe: recipe, program: program(["-f", "shop.yaml"]), data: FileTable())
    record.tier = .hot
    record.host = host
    if !variants.isEmpty { record.variants = variants }
    return record
  }

  private static let both = record(
    variant("custom", program(["-f", "custom.yaml"])),
    variant("debug", program(["-f", "shop.yaml"], ["LOG": "debug"])))

  private static func asked(
    _ arguments: [String] = ["-f", "shop.yaml"], _ environment: [String: String] = [:],
    folder: Path? = "/srv", user: UInt32 = 20000
  ) -> VariantChoice.Asked {
    .init(
      arguments: arguments, environment: ["LANG": "C.UTF-8"].merging(environment) { $1 },
      workingDirectory: folder, user: user, group: 20000)
  }

  private static func names(_ asked: VariantChoice.Asked, fitting: Bool) -> [String] {
    VariantChoice(both, asked) { host }.options
      .filter { ($0.misfit == nil) == fitting }.map(\.variant.name)
  }

  @Test(
    arguments: [
      (asked(), "shop"), (asked([]), "shop"), (asked(["-f", "custom.yaml"]), "custom"),
      (asked(["-f", "shop.yaml"], ["LOG": "debug"]), "debug"),
      (asked(["-f", "shop.yaml"], ["LOG": "debug", "HOSTNAME": "x", "HOME": "/"]), "debug"),
      (asked(["-f", "custom.yaml"], ["KUBERNETES_PORT": "tcp://10.0.0.1:443"]), "custom"),
      (asked(["-f", "third.yaml"]), nil), (asked(["-f", "custom.yaml"], ["LOG": "debug"]), nil),
      (asked(folder: "/"), nil), (asked(user: 0), nil),
    ] as [(VariantChoice.Asked, String?)])
  func `the one of these arguments and variables is taken, and no other`(
    asked: VariantChoice.Asked, name: String?
  ) {
    #expect(Self.names(asked, fitting: true) == (name.map { [$0] } ?? []))
    #expect(Self.names(asked, fitting: false) == ["shop", "custom", "debug"].filter { $0 != name })
  }

  @Test func `each that is not what is asked for says why`() {
    let choice = VariantChoice(Self.both, Self.asked(["-f", "third.yaml"])) { Self.host }
    let whys = choice.options.compactMap(\.misfit)
    #expect(
      whys.map { $0.prefix { $0 != ";" } } == [
        "arguments: … third.yaml, the checkpoint needs … shop.yaml",
        "arguments: … third.yaml, the checkpoint needs … custom.yaml",
        "arguments: … third.yaml, the checkpoint needs … shop.yaml",
      ])
  }

  @Test func `of two for the same request the first is taken that this machine can run`() {
    var older = Self.host
    older.processorFeatures = ["avx2"]
    let record = Self.record(Self.variant("v3", Self.program(["-f", "shop.yaml"]), host: older))
    #expect(
      VariantChoice(record, Self.asked()) { Self.host }.options.map(\.variant.name)
        == ["shop", "v3"])
    #expect(
      VariantChoice(record, Self.asked()) { older }.options.map(\.variant.name) == ["v3", "shop"])
    // Where neither can be run, the verdict says why.
    var another = older
    another.vectorStateSize = 832
    #expect(
      VariantChoice(record, Self.asked()) { another }.options.map(\.variant.name)
        == ["shop", "v3"])
  }

  @Test func `the machine is looked at only where several are asked for`() {
    _ = VariantChoice(Self.both, Self.asked()) {
      Issue.record("it was looked at")
      return Self.host
    }
  }

  @Test func `only the first is thawed onto data, and the one before main comes last`() {
    let choice = VariantChoice(Self.both, Self.asked(["-f", "custom.yaml"])) { Self.host }
    let candidates = choice.candidates(Self.both)
    #expect(
      candidates.map(\.path.string) == [
        "/usr/local/lib/thaw/variants/custom", "/usr/local/lib/thaw/checkpoint",
        "/usr/local/lib/thaw/variants/debug", "/usr/local/lib/thaw/warm",
      ])
    #expect(candidates.map(\.hasOtherData) == [false, true, true, false])
    #expect(candidates.map { $0.misfit == nil } == [true, false, false, true])
    #expect(choice.program.words.suffix(1) == ["custom.yaml"])
    // A server without data has none that could be another's.
    var empty = Self.both
    empty.recipe.data = []
    #expect(choice.candidates(empty).allSatisfy { !$0.hasOtherData })
  }

  @Test func `an image of one is as it was`() throws {
    let record = try JSONText.decode(
      ImageRecord.self, from: try JSONText.encode(Self.record()))
    let choice = VariantChoice(record, Self.asked(["-f", "third.yaml"])) { Self.host }
    let candidates = choice.candidates(record)
    #expect(candidates.map(\.path) == [ImageHome.checkpoint, ImageHome.warm])
    #expect(candidates.allSatisfy { $0.variant == nil && !$0.hasOtherData })
    #expect(choice.program.words == ["java", "shop.Main", "-f", "third.yaml"])
    // One that was frozen before its main is for any request.
    var warm = record
    warm.tier = .warm
    #expect(
      VariantChoice(warm, Self.asked(["-f", "third.yaml"])) { Self.host }.options[0].misfit == nil)
  }

  @Test func `data of one is foreign to the others`() throws {
    try withTemporaryDirectory { folder in
      let data = folder / "data"
      try FileSystem.makeDirectory(data)
      try FileSystem.writeFile(data / "LOG", Array("one".utf8))
      var record = Self.record(Self.variant("custom", Self.program(["-f", "custom.yaml"])))
      record.recipe.data = [data]
      record.data = try FileTable.taken(of: [data / "LOG"], digesting: true)
      #expect(ImageFolders(record, record.all[0], fills: false).foreign == [])
      #expect(ImageFolders(record, record.all[1], fills: false).foreign == [data])
      #expect(ImageFolders(record, record.all[1]).foreign == [data])
      #expect(try FileSystem.readText(data / "LOG") == "one")
      // An empty one would be filled with those of whichever is thawed.
      for name in try FileSystem.list(data) { try FileSystem.removeTree(data / name) }
      let folders = ImageFolders(record, record.all[1], fills: false)
      #expect(folders.foreign == [])
      #expect(folders.unfilled == [data])
    }
  }

  @Test func `temporary files of another are replaced, the user's own stay`() throws {
    try withTemporaryDirectory { folder in
      let (seed, temporary) = (folder / "seed", folder / "tmp")
      let copy = seed / temporary.string
      try FileSystem.makeDirectory(copy, parents: true)
      try FileSystem.makeDirectory(temporary)
      try FileSystem.writeFile(copy / "socket", Array("mine".utf8))
      try FileSystem.writeFile(temporary / "socket", Array("another's".utf8))
      try FileSystem.writeFile(temporary / "log", Array("log".utf8))
      ImageFolders.fill(temporary: temporary, from: seed, replaces: false)
      #expect(try FileSystem.readText(temporary / "socket") == "another's")
      ImageFolders.fill(temporary: temporary, from: seed, replaces: true)
      #expect(try FileSystem.readText(temporary / "socket") == "mine")
      #expect(try FileSystem.readText(temporary / "log") == "log")
    }
  }
}
