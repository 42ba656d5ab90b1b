import Linux
import TestBed
import Testing

@Suite struct CopyTreeTests {
  /// A tree with one of everything.
  private func makeTree(_ tree: Path) throws {
    try FileSystem.makeDirectory(tree / "sub", mode: 0o750, parents: true)
    try FileSystem.writeFile(tree / "plain", Array("hello".utf8), mode: 0o640)
    try FileSystem.link(tree / "plain", to: tree / "sub/second name")
    try FileSystem.symbolicLink(at: tree / "link", to: "sub/nowhere")
    try FileSystem.makeFIFO(tree / "fifo", mode: 0o622)
    let holes = try Descriptor.open(tree / "holes", .writeOnly, .create, mode: 0o600)
    try holes.writeAll(Array("start".utf8), at: 0)
    try holes.writeAll(Array("end".utf8), at: 8 << 20)
    try holes.truncate(to: 16 << 20)
    try FileSystem.setTimes(
      tree / "plain", modified: Timestamp(seconds: 1_000_000_000, nanoseconds: 123_456_789))
    try FileSystem.changeMode(tree / "sub", 0o2750)
    try FileSystem.setTimes(tree / "sub", modified: Timestamp(seconds: 900_000_000))
  }

  @Test func `a copy keeps modes, times, links and holes`() throws {
    try withTemporaryDirectory { folder in
      try makeTree(folder / "old")
      try FileSystem.copyTree(from: folder / "old", to: folder / "new")
      let new = folder / "new"
      #expect(try FileSystem.list(new) == FileSystem.list(folder / "old"))
      let plain = try FileSystem.status(new / "plain")
      #expect(plain.mode == 0o640)
      #expect(plain.modified == Timestamp(seconds: 1_000_000_000, nanoseconds: 123_456_789))
      #expect(try FileSystem.readText(new / "plain") == "hello")
      #expect(try FileSystem.status(new / "sub/second name").inode == plain.inode)
      #expect(plain.links == 2)
      #expect(try FileSystem.readLink(new / "link") == "sub/nowhere")
      #expect(try FileSystem.linkStatus(new / "fifo").kind == .fifo)
      #expect(try FileSystem.status(new / "sub").mode == 0o2750)
      #expect(try FileSystem.status(new / "sub").modified == Timestamp(seconds: 900_000_000))
    }
  }

  @Test func `a copy has the holes of its original`() throws {
    try withTemporaryDirectory { folder in
      try makeTree(folder / "old")
      try FileSystem.copyTree(from: folder / "old/holes", to: folder / "copy")
      let copy = try FileSystem.status(folder / "copy")
      #expect(copy.size == 16 << 20)
      #expect(copy.blocks * 512 < 1 << 20)
      let bytes = try FileSystem.readFile(folder / "copy")
      #expect(bytes == (try FileSystem.readFile(folder / "old/holes")))
      #expect(Array(bytes[..<5]) == Array("start".utf8))
    }
  }

  @Test(.enabled(if: Machine.isRoot, "needs root"))
  func `a copy keeps owners, devices and attributes`() throws {
    try withTemporaryDirectory { folder in
      let old = folder / "old"
      try FileSystem.makeDirectory(old / "opaque", parents: true)
      try FileSystem.makeNode(old / "whiteout", kind: .character)
      try FileSystem.makeNode(
        old / "null", kind: .character, mode: 0o666, device: FileSystem.device(major: 1, minor: 3))
      try FileSystem.changeMode(old / "null", 0o666)
      try FileSystem.setAttribute(old / "opaque", "trusted.overlay.opaque", Array("y".utf8))
      try FileSystem.setAttribute(old / "whiteout", "trusted.note", [0, 1, 2])
      try FileSystem.symbolicLink(at: old / "link", to: "x")
      try FileSystem.setAttribute(old / "link", "trusted.note", [3])
      try FileSystem.writeFile(old / "file", [1], mode: 0o4755)
      try FileSystem.changeOwner(old / "file", user: 1234, group: 5678)
      try FileSystem.changeMode(old / "file", 0o4755)
      try FileSystem.changeOwner(old / "link", user: 1234)
      try FileSystem.copyTree(from: old, to: folder / "new")
      let new = folder / "new"
      #expect(try FileSystem.attributes(new / "opaque") == ["trusted.overlay.opaque": [121]])
      #expect(try FileSystem.attributes(new / "whiteout") == ["trusted.note": [0, 1, 2]])
      #expect(try FileSystem.attributes(new / "link") == ["trusted.note": [3]])
      let whiteout = try FileSystem.linkStatus(new / "whiteout")
      #expect(whiteout.kind == .character && whiteout.specialDevice == 0)
      let null = try FileSystem.status(new / "null")
      #expect(null.specialDevice == FileSystem.device(major: 1, minor: 3))
      #expect(null.mode == 0o666)
      let file = try FileSystem.status(new / "file")
      #expect(file.owner == 1234 && file.group == 5678 && file.mode == 0o4755)
      #expect(try FileSystem.linkStatus(new / "link").owner == 1234)
    }
  }

  @Test func `a copy into its own source ends`() throws {
    try withTemporaryDirectory { folder in
      try makeTree(folder / "old")
      try FileSystem.copyTree(from: folder / "old", to: folder / "old/sub/inside")
      #expect(try FileSystem.readText(folder / "old/sub/inside/plain") == "hello")
      #expect(!FileSystem.exists(folder / "old/sub/inside/sub/inside"))
    }
  }

  @Test func `a copy does not write over a file`() throws {
    try withTemporaryDirectory { folder in
      try FileSystem.writeFile(folder / "a", [1])
      try FileSystem.writeFile(folder / "b", [2])
      #expect(throws: Errno.exists) {
        try FileSystem.copyTree(from: folder / "a", to: folder / "b")
      }
      #expect(try FileSystem.readFile(folder / "b") == [2])
    }
  }
}
