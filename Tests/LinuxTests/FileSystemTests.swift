import Linux
import TestBed
import Testing

@Suite struct FileSystemTests {
  @Test func `what is written is read back`() throws {
    try withTemporaryDirectory { folder in
      let file = folder / "file"
      try FileSystem.writeFile(file, [1, 2, 3], mode: 0o640)
      #expect(try FileSystem.readFile(file) == [1, 2, 3])
      try FileSystem.writeFile(file, Array("text".utf8), mode: 0o600, durable: true)
      #expect(try FileSystem.readText(file) == "text")
      #expect(try FileSystem.status(file).mode == 0o600)
      #expect(try FileSystem.list(folder) == ["file"])
    }
  }

  @Test func `a durable write that fails leaves the old content and nothing else`() throws {
    try withTemporaryDirectory { folder in
      let file = folder / "file"
      try FileSystem.makeDirectory(file)
      try FileSystem.writeFile(file / "inside", [1])
      #expect(throws: Errno.self) { try FileSystem.writeFile(file, [2], durable: true) }
      #expect(try FileSystem.list(folder) == ["file"])
    }
  }

  @Test func `files of proc are read whole`() throws {
    #expect(try FileSystem.readText("/proc/self/status").contains("Name:"))
    #expect(try FileSystem.readFile("/proc/cpuinfo").count > 100)
  }

  @Test func `reads and writes at a position leave the descriptor where it is`() throws {
    try withTemporaryDirectory { folder in
      let file = try Descriptor.open(folder / "f", .readWrite, [.create, .exclusive])
      try file.writeAll(Array("0123456789".utf8))
      try file.writeAll([UInt8(ascii: "x")], at: 4)
      #expect(try file.read(upTo: 3, at: 3) == Array("3x5".utf8))
      #expect(try file.read(upTo: 3).isEmpty)
      #expect(try file.seek(-2, from: .end) == 8)
      #expect(try file.readAll() == Array("89".utf8))
      try file.truncate(to: 4)
      #expect(try file.status().size == 4)
      try file.synchronize()
      let other = try file.duplicate()
      #expect(try other.seek(0, from: .current) == 10)
    }
  }

  @Test func `folders are made with their parents, once or again`() throws {
    try withTemporaryDirectory { folder in
      let deep = folder / "a/b/c"
      #expect(throws: Errno.noEntry) { try FileSystem.makeDirectory(deep) }
      try FileSystem.makeDirectory(deep, parents: true)
      try FileSystem.makeDirectory(deep, parents: true)
      #expect(throws: Errno.exists) { try FileSystem.makeDirectory(deep) }
      try FileSystem.writeFile(folder / "file", [])
      #expect(throws: Errno.exists) {
        try FileSystem.makeDirectory(folder / "file", parents: true)
      }
    }
  }

  @Test func `a walk tells everything, folders first`() throws {
    try withTemporaryDirectory { folder in
      try FileSystem.makeDirectory(folder / "b/c", parents: true)
      try FileSystem.writeFile(folder / "b/c/file", [1])
      try FileSystem.symbolicLink(at: folder / "a", to: "b")
      var seen: [String] = []
      try FileSystem.walk(folder) { path, status in seen.append("\(path) \(status.kind)") }
      #expect(seen == ["a symbolicLink", "b directory", "b/c directory", "b/c/file file"])
    }
  }

  @Test func `removing a tree does not follow links`() throws {
    try withTemporaryDirectory { folder in
      try FileSystem.makeDirectory(folder / "kept")
      try FileSystem.writeFile(folder / "kept/file", [1])
      try FileSystem.makeDirectory(folder / "gone/deep", parents: true)
      try FileSystem.symbolicLink(at: folder / "gone/deep/link", to: folder / "kept")
      try FileSystem.symbolicLink(at: folder / "link", to: folder / "kept")
      try FileSystem.removeTree(folder / "gone")
      try FileSystem.removeTree(folder / "link")
      #expect(try FileSystem.list(folder) == ["kept"])
      #expect(try FileSystem.list(folder / "kept") == ["file"])
      #expect(throws: Errno.noEntry) { try FileSystem.removeTree(folder / "gone") }
    }
  }

  @Test func `removing a tree removes names that are not UTF-8`() throws {
    try withTemporaryDirectory { folder in
      let shell = Spawn("sh", ["-c", "mkdir -p x && touch \"x/$(printf 'a\\377b')\""])
      var there = shell
      there.workingDirectory = folder
      #expect(try there.run(deadline: .after(.seconds(10))).isSuccess)
      #expect(try FileSystem.list(folder / "x").count == 1)
      try FileSystem.copyTree(from: folder / "x", to: folder / "y")
      try FileSystem.removeTree(folder / "x")
      #expect(!FileSystem.exists(folder / "x"))
      there.arguments = ["-c", "test -e \"y/$(printf 'a\\377b')\""]
      #expect(try there.run(deadline: .after(.seconds(10))).isSuccess)
    }
  }

  @Test func `the space of a file system adds up`() throws {
    let space = try FileSystem.space(of: "/")
    #expect(space.total >= space.free)
    #expect(space.free >= space.available)
    #expect(space.total > .mebibytes(1))
  }
}
