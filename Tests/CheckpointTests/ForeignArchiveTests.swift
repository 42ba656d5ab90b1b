import Linux
import TestBed
import Testing

@testable import Checkpoint

/// Archives that nobody's `thaw save` wrote.
@Suite(.enabled(if: Machine.isRoot, "needs root"), .timeLimit(.minutes(1)))
struct ForeignArchiveTests {
  private static let content = Array("pages".utf8)

  /// A manifest of one file in `files/`, and of another that is not below it.
  private static func manifest() throws -> (id: String, bytes: [UInt8]) {
    let digest = Digest(of: content)
    let bytes = try JSONText.encode(
      Samples.manifest(contents: [
        .init(path: "files/a", size: 5, digest: digest),
        .init(path: "images/pages-1.img", size: 5, digest: digest),
      ]))
    return (Digest(of: bytes).hexadecimal, bytes)
  }

  private static func file(_ path: String, _ bytes: [UInt8] = content) -> [UInt8] {
    TarMember(path: path, kind: .file(size: Int64(bytes.count))).header + bytes
      + [UInt8](repeating: 0, count: TarMember.padding(after: Int64(bytes.count)))
  }

  private static func folder(_ path: String) -> [UInt8] {
    TarMember(path: path, kind: .directory, mode: 0o755).header
  }

  private static func index(_ ids: [String], version: Int = 1, names: [String] = ["shop"]) throws
    -> [UInt8]
  {
    let index = ArchiveIndex(
      version: version, checkpoints: ids.map { .init(id: $0, names: names, bytes: 10) })
    return file("thaw.json", try JSONText.encode(index))
  }

  /// All that comes before a checkpoint's files.
  private static func beginning() throws -> [UInt8] {
    let (id, bytes) = try manifest()
    return try index([id]) + folder(id) + file("\(id)/manifest.json", bytes)
      + folder("\(id)/files") + folder("\(id)/images")
  }

  private func load(_ bytes: [UInt8], in root: Path) throws -> CheckpointError? {
    try FileSystem.writeFile(root / "archive", bytes)
    let store = CheckpointStore(root: root / "store")
    defer {
      let folder = root / "store/checkpoints"
      #expect((try? FileSystem.list(folder)) ?? [] == [])
    }
    return #expect(throws: CheckpointError.self) {
      try store.load(try .open(root / "archive", .readOnly), called: "it")
    }
  }

  @Test
  func `one that is made by hand is loaded`() throws {
    try withTemporaryDirectory { root in
      let (id, _) = try Self.manifest()
      let bytes =
        try Self.beginning() + Self.file("\(id)/files/a")
        + Self.file("\(id)/images/pages-1.img") + TarMember.end
      try FileSystem.writeFile(root / "archive", bytes)
      let loaded = try CheckpointStore(root: root / "store").load(
        try .open(root / "archive", .readOnly), called: "it")
      #expect(loaded.checkpoint.id == id)
    }
  }

  @Test(arguments: [
    "../x", "files/../../x", "/etc/x", "files//a", "./files/a", "files/b", "files/a/", "lock",
    "manifest.json", "verified", "none/a", "files/link/a", "",
  ])
  func `a file that is no part of the checkpoint is refused`(_ path: String) throws {
    try withTemporaryDirectory { root in
      let (id, _) = try Self.manifest()
      let link = TarMember(path: "\(id)/files/link", kind: .symbolicLink(root.string)).header
      for prefix in ["\(id)/", ""] {
        let bytes = try Self.beginning() + link + Self.file(prefix + path) + TarMember.end
        let error = try load(bytes, in: root)
        #expect(error?.code == .damaged, "\(error.map { "\($0)" } ?? "")")
        #expect(try FileSystem.list(root) == ["archive", "store"])
      }
    }
  }

  @Test
  func `links and special files have their place`() throws {
    try withTemporaryDirectory { root in
      let (id, _) = try Self.manifest()
      let kinds: [(String, TarMember.Kind)] = [
        ("images/x", .symbolicLink("/etc/passwd")), ("images/x", .fifo), ("x", .whiteout),
        ("images/pages-1.img", .symbolicLink("/etc/passwd")), ("files/a", .symbolicLink("b")),
        ("files/a", .hardLink("/etc/passwd")), ("files/a", .hardLink("\(id)/../../x")),
        ("files/a", .hardLink("\(id)/files/later")), ("files/x", .hardLink("\(id)/files/a")),
      ]
      for (path, kind) in kinds {
        let member = TarMember(path: "\(id)/\(path)", kind: kind)
        let error = try load(try Self.beginning() + member.header + TarMember.end, in: root)
        #expect(error?.code == .damaged)
      }
    }
  }

  @Test
  func `what is missing, twice, changed or too long is told`() throws {
    try withTemporaryDirectory { root in
      let (id, manifest) = try Self.manifest()
      let begin = try Self.beginning()
      let (a, pages) = (Self.file("\(id)/files/a"), Self.file("\(id)/images/pages-1.img"))
      let cases: [([UInt8], String)] = [
        (begin + a + TarMember.end, "'images/pages-1.img' is missing"),
        (begin + a + a + pages + TarMember.end, "no part of the checkpoint"),
        (begin + Self.folder("\(id)/files") + TarMember.end, "is in it twice"),
        (begin + Self.file("\(id)/files/a", Array("PAGES".utf8)), "another content"),
        (begin + Self.file("\(id)/files/a", Array("page".utf8)), "has 4 bytes"),
        (begin + a + pages, "ends in the middle"),
        (begin + a + pages + TarMember.end + [1], "something follows its end"),
        (begin + a + pages + Self.file("more") + TarMember.end, "no part of a checkpoint"),
        (try Self.index([id]) + TarMember.end, "is missing in it"),
        (
          try Self.index([id]) + Self.folder(id)
            + Self.file("\(id)/manifest.json", manifest + [10]),
          "not the one of checkpoint"
        ),
        (try Self.index([id, id]), "list of checkpoints"),
        (try Self.index([]), "list of checkpoints"),
        (try Self.index(["../x"]), "list of checkpoints"),
        (Self.file("thaw.json", Array("{".utf8)), "thaw.json"),
        (
          Self.file("thaw.json", Array("{\"format\":\"x\",\"version\":1}".utf8)),
          "no archive of Thaw"
        ),
        (Self.file("index.json"), "no archive of Thaw"),
        ([UInt8](repeating: 7, count: 2000), "no archive of Thaw"),
        (TarMember.end, "no archive of Thaw"),
      ]
      for (bytes, text) in cases {
        let error = try load(bytes, in: root)
        #expect(
          error?.code == .damaged && error?.cause.contains(text) == true,
          "\(text): \(error.map { "\($0)" } ?? "")")
      }
    }
  }

  @Test
  func `an archive or a manifest of a later version is told`() throws {
    try withTemporaryDirectory { root in
      let (id, _) = try Self.manifest()
      let error = try load(try Self.index([id], version: 2), in: root)
      #expect(error?.code == .tooNew)
      let later = Array("{\"version\": 99}".utf8)
      let other = Digest(of: later).hexadecimal
      let bytes =
        try Self.index([other]) + Self.folder(other)
        + Self.file("\(other)/manifest.json", later)
      #expect(try load(bytes + TarMember.end, in: root)?.code == .tooNew)
    }
  }

  @Test
  func `names that no checkpoint may have are refused`() throws {
    try withTemporaryDirectory { root in
      let (id, _) = try Self.manifest()
      let error = try load(try Self.index([id], names: ["../../etc/x"]), in: root)
      #expect(error?.code == .badName)
    }
  }
}
