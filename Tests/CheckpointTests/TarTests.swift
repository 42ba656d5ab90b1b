import Linux
import TestBed
import Testing

@testable import Checkpoint

/// Headers of tar archives, and reading them back.
@Suite(.timeLimit(.minutes(1)))
struct TarTests {
  static let members = [
    TarMember(path: "a", kind: .directory, mode: 0o700, owner: 20000, group: 20001),
    TarMember(
      path: "a/file", kind: .file(size: 1000), mode: 0o4755, owner: 1, group: 2,
      modified: Timestamp(seconds: 1_795_000_000, nanoseconds: 7)),
    TarMember(path: "a/empty", kind: .file(size: 0), mode: 0o400),
    TarMember(path: "a/hard", kind: .hardLink("a/file")),
    TarMember(path: "a/link", kind: .symbolicLink("/etc/passwd"), mode: 0o777),
    TarMember(path: "a/gone", kind: .whiteout),
    TarMember(path: "a/pipe", kind: .fifo),
    TarMember(path: "a/socket", kind: .socket),
    TarMember(
      path: "a/" + String(repeating: "long ünd ", count: 30), kind: .file(size: 512),
      owner: 4_000_000_000, group: 3_000_000,
      attributes: ["user.one": [0, 10, 61, 255], "trusted.overlay.opaque": [121]]),
    TarMember(path: "a/far", kind: .symbolicLink(String(repeating: "../", count: 60))),
    TarMember(
      path: "a/old", kind: .file(size: 1),
      modified: Timestamp(seconds: -5, nanoseconds: 250_000_000)),
  ]

  static func content(of member: TarMember) -> [UInt8] {
    (0..<Int(member.size)).map { UInt8(truncatingIfNeeded: $0 * 7 + 1) }
  }

  static func archive(_ members: [TarMember]) -> [UInt8] {
    members.flatMap {
      $0.header + content(of: $0)
        + [UInt8](repeating: 0, count: TarMember.padding(after: $0.size))
    } + TarMember.end
  }

  /// All members of an archive and their contents.
  static func read(_ bytes: [UInt8], in folder: Path) throws -> [(TarMember, [UInt8])] {
    try FileSystem.writeFile(folder / "archive", bytes)
    let file = try Descriptor.open(folder / "archive", .readOnly)
    var reader = TarReader(try ArchiveInput(file, name: "archive"))
    var found: [(TarMember, [UInt8])] = []
    while let member = try reader.next() {
      var content: [UInt8] = []
      // What a damaged header says may be long.
      guard member.size < 1 << 20 else { continue }
      try reader.content { content += $0 }
      found.append((member, content))
    }
    return found
  }

  @Test
  func `a header is as it was`() {
    let member = TarMember(
      path: "a/b", kind: .file(size: 5), mode: 0o640, owner: 1000, group: 100,
      modified: Timestamp(seconds: 1_795_000_000))
    let bytes = member.header
    let text = String(decoding: bytes.map { $0 == 0 ? UInt8(ascii: ".") : $0 }, as: UTF8.self)
    let dots = { (count: Int) in String(repeating: ".", count: count) }
    #expect(
      text == "a/b" + dots(97) + "0000640.0001750.0000144.00000000005.15277303300.006405. 0"
        + dots(100) + "ustar.00" + dots(247))
    #expect(bytes.count == 512)
  }

  @Test
  func `what does not fit a header is in records before it`() {
    let member = TarMember(
      path: "s", kind: .socket, modified: Timestamp(seconds: 1, nanoseconds: 5))
    let bytes = member.header
    #expect(bytes.count == 3 * 512)
    #expect(bytes[156] == UInt8(ascii: "x"))
    let records = "24 comment=thaw: socket\n21 mtime=1.000000005\n"
    #expect(String(decoding: bytes[512..<512 + records.utf8.count], as: UTF8.self) == records)
  }

  @Test
  func `what is written is read`() throws {
    try withTemporaryDirectory { root in
      let found = try Self.read(Self.archive(Self.members), in: root)
      #expect(found.map(\.0) == Self.members)
      #expect(found.map(\.1) == Self.members.map(Self.content))
    }
  }

  @Test(arguments: [
    (0, 0, "0"), (1, 500_000_000, "1.500000000"), (-5, 250_000_000, "-4.750000000"),
    (-1, 999_999_999, "-0.000000001"), (-1, 0, "-1"), (1_795_000_000, 7, "1795000000.000000007"),
  ])
  func `moments are written with a decimal point`(
    _ seconds: Int64, _ nanoseconds: Int32, _ text: String
  ) {
    let time = Timestamp(seconds: seconds, nanoseconds: nanoseconds)
    #expect(PaxTime.text(time) == text)
    #expect(PaxTime.parse(text) == time)
  }

  @Test
  func `an archive with any bytes changed is read or refused, never a trap`() throws {
    try withTemporaryDirectory { root in
      let whole = Self.archive(Self.members)
      for round in 0..<1500 {
        var bytes = whole
        for _ in 0..<Int.random(in: 1...4) {
          bytes[Int.random(in: bytes.indices)] = UInt8.random(in: 0...255)
        }
        if round % 5 == 0 { bytes = Array(bytes.prefix(Int.random(in: bytes.indices))) }
        do {
          _ = try Self.read(bytes, in: root)
        } catch let error as CheckpointError {
          #expect(error.code == .damaged)
        }
      }
    }
  }

  @Test
  func `records of any bytes are read or refused, never a trap`() throws {
    try withTemporaryDirectory { root in
      let pieces = [
        "5 a=\n", "99999999999999999999 a=b\n", "-1 x=y\n", "6 a=b\n", "7 ab=c\n", "0 =\n", "=",
        " ",
      ]
      for _ in 0..<500 {
        var records = Array(
          (0..<Int.random(in: 1...4)).flatMap { _ in pieces.randomElement() ?? "" }
        )
        .flatMap { Array(String($0).utf8) }
        if Bool.random(), let last = records.indices.last {
          records[last] = UInt8.random(in: 0...255)
        }
        var header = TarMember(path: "x", kind: .file(size: Int64(records.count))).header
        header[156] = UInt8(ascii: "x")
        let sum = header.enumerated().reduce(0) {
          $0 + ((148..<156).contains($1.offset) ? 32 : Int($1.element))
        }
        let digits = String(sum, radix: 8)
        header.replaceSubrange(
          148..<154, with: Array((String(repeating: "0", count: 6 - digits.count) + digits).utf8))
        records += [UInt8](repeating: 0, count: TarMember.padding(after: Int64(records.count)))
        do {
          _ = try Self.read(header + records + Self.archive(Self.members), in: root)
        } catch let error as CheckpointError {
          #expect(error.code == .damaged)
        }
      }
    }
  }

  @Test(.enabled(if: Machine.has("tar") && Machine.isRoot, "needs tar and root"))
  func `GNU tar unpacks it, and what GNU tar packs is read`() throws {
    try withTemporaryDirectory { root in
      // Attributes of overlayfs and devices would need more rights than a test may have.
      let members = Self.members.filter { $0.kind != .whiteout && $0.attributes.isEmpty }
      try FileSystem.writeFile(root / "it.tar", Self.archive(members))
      let unpack = try Spawn("tar", ["-x", "-f", "\(root)/it.tar", "-C", root.string])
        .run(deadline: .after(.seconds(20)))
      #expect(unpack.isSuccess && !unpack.errorText.contains("unknown"), "\(unpack.errorText)")
      for member in members where member.kind != .socket {
        let status = try FileSystem.linkStatus(root / member.path)
        if case .file(let size) = member.kind {
          #expect(status.size == size && status.mode == member.mode)
          #expect(status.owner == member.owner && status.group == member.group)
          #expect(status.modified == member.modified || status.links > 1)
          #expect(try FileSystem.readFile(root / member.path) == Self.content(of: member))
        }
      }
      let pack = try Spawn(
        "tar",
        ["-c", "--format=pax", "--sort=name", "-f", "\(root)/other.tar", "-C", root.string, "a"]
      ).run(deadline: .after(.seconds(20)))
      #expect(pack.isSuccess, "\(pack.errorText)")
      let found = try Self.read(try FileSystem.readFile(root / "other.tar"), in: root)
      #expect(Set(found.map(\.0.path)) == Set(members.map(\.path)))
      for (member, content) in found where member.path == "a/old" {
        #expect(
          content == [1] && member.modified == Timestamp(seconds: -5, nanoseconds: 250_000_000))
      }
    }
  }
}
