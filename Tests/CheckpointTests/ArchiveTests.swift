import Linux
import TestBed
import Testing

@testable import Checkpoint

/// Checkpoints as one file: out of one store, into another.
@Suite(.enabled(if: Machine.isRoot, "needs root"), .timeLimit(.minutes(2)))
struct ArchiveTests {
  /// Makes a checkpoint with all kinds of files.
  @discardableResult
  private func make(_ name: String, in root: Path, memory: String? = nil) throws -> Checkpoint {
    let draft = try Draft(in: CheckpointStore(root: root))
    let path = draft.path
    try FileSystem.changeOwner(path, user: 20000, group: 20000)
    try FileSystem.makeDirectory(path / "images", mode: 0o700)
    try FileSystem.changeOwner(path / "images", user: 20000, group: 20000)
    try FileSystem.writeFile(path / "images/core-1.img", Array(name.utf8), mode: 0o600)
    try FileSystem.writeFile(path / "recipe.json", Array("{}\n".utf8))
    if memory == nil {
      let memory = try Descriptor.open(path / "memory", .writeOnly, .create, mode: 0o600)
      try memory.writeAll([UInt8](repeating: 5, count: 10_000), at: 1 << 20)
      try memory.truncate(to: 8 << 20)
      try FileSystem.changeOwner(path / "memory", user: 20000, group: 20000)
      try FileSystem.changeMode(path / "memory", 0o400)
    }
    let files = path / "files"
    try FileSystem.makeDirectory(files / "srv/data", mode: 0o755, parents: true)
    try FileSystem.writeFile(files / "srv/data/one", Array("one".utf8), mode: 0o640)
    try FileSystem.link(files / "srv/data/one", to: files / "srv/data/two")
    try FileSystem.symbolicLink(at: files / "srv/link", to: "/etc/../etc/passwd")
    try FileSystem.makeFIFO(files / "srv/pipe")
    try FileSystem.makeNode(files / "srv/socket", kind: .socket)
    try FileSystem.makeNode(files / "srv/gone", kind: .character)
    try FileSystem.makeDirectory(path / "kept/run", mode: 0o700, parents: true)
    try FileSystem.makeNode(path / "kept/run/socket", kind: .socket)
    try FileSystem.writeFile(path / "kept/run/pid", Array("1001".utf8), mode: 0o600)
    try FileSystem.setTimes(files / "srv/data", modified: Timestamp(seconds: 1000, nanoseconds: 5))
    var manifest = Samples.manifest(contents: try Checkpoint.contents(of: path))
    manifest.server = name
    manifest.memory.file = .init(size: 8 << 20, pages: ByteCount(10_000), checkpoint: memory)
    return try draft.commit(manifest, name: name)
  }

  private func save(_ name: String, in root: Path, to file: Path, level: Int = 3) throws
    -> CheckpointStore.Saved
  {
    try CheckpointStore(root: root).save(
      name, to: try Descriptor.open(file, .writeOnly, [.create, .truncate]),
      called: file.string, level: level)
  }

  private func load(_ file: Path, in root: Path, as name: String? = nil) throws
    -> CheckpointStore.Loaded
  {
    try CheckpointStore(root: root).load(
      try Descriptor.open(file, .readOnly), called: file.string, as: name)
  }

  /// What there is below a folder, in words.
  private func tree(_ folder: Path) throws -> [String] {
    var lines: [String] = []
    try FileSystem.walk(folder) { path, status in
      guard !["verified", "lock"].contains(path.string) else { return }
      let times = ArchiveIndex.isServers(path) ? "\(status.modified)" : ""
      let content = status.kind == .file ? "\(try Digest(ofFile: folder / path.string))" : ""
      lines.append(
        "\(path) \(status.kind) \(status.mode) \(status.owner):\(status.group) \(status.links) "
          + "\(times) \(content)")
    }
    return lines
  }

  /// Nothing at all in a store, not even a draft.
  private func expectEmpty(_ root: Path) throws {
    let folder = root / "checkpoints"
    #expect(try !FileSystem.exists(folder) || FileSystem.list(folder).isEmpty)
  }

  @Test
  func `what is saved is loaded, with owners, modes, links, times and holes`() throws {
    try withTemporaryDirectory { root in
      let made = try make("shop", in: root / "one")
      let saved = try save("shop", in: root / "one", to: root / "archive")
      #expect(saved.id == made.id && saved.names == ["shop"])
      #expect(try saved.archived.bytes == UInt64(FileSystem.status(root / "archive").size))
      let loaded = try load(root / "archive", in: root / "two")
      #expect(loaded.names == ["shop"] && !loaded.wasThere && loaded.taken == [])
      #expect(loaded.checkpoint.id == made.id)
      #expect(try tree(loaded.checkpoint.path) == tree(made.path))
      #expect(try FileSystem.status(loaded.checkpoint.memory).blocks < 200)
      let folder = try FileSystem.status(loaded.checkpoint.path)
      #expect(folder.mode == 0o700 && folder.owner == 20000)
      // It was digested while it was written: nothing is read again.
      var read = 0
      try loaded.checkpoint.verify { _ in read += 1 }
      #expect(read == 0)
      #expect(try loaded.checkpoint.changes().isEmpty)
    }
  }

  @Test
  func `the same checkpoint gives the same bytes, before and after`() throws {
    try withTemporaryDirectory { root in
      try make("shop", in: root / "one")
      _ = try save("shop", in: root / "one", to: root / "a")
      _ = try save("shop", in: root / "one", to: root / "b")
      _ = try load(root / "a", in: root / "two")
      _ = try save("shop", in: root / "two", to: root / "c")
      let bytes = try FileSystem.readFile(root / "a")
      #expect(try FileSystem.readFile(root / "b") == bytes)
      #expect(try FileSystem.readFile(root / "c") == bytes)
      _ = try save("shop", in: root / "two", to: root / "d", level: 19)
      #expect(try load(root / "d", in: root / "three").names == ["shop"])
    }
  }

  @Test(.enabled(if: Machine.has("tar", "zstd"), "needs tar and zstd"))
  func `zstd and tar unpack it`() throws {
    try withTemporaryDirectory { root in
      let made = try make("shop", in: root / "one")
      _ = try save("shop", in: root / "one", to: root / "archive")
      let plain = try Spawn("zstd", ["-q", "-d", "-o", "\(root)/plain", "\(root)/archive"])
        .run(deadline: .after(.seconds(20)))
      #expect(plain.isSuccess, "\(plain.errorText)")
      let list = try Spawn("tar", ["-t", "-f", "\(root)/plain"]).run(deadline: .after(.seconds(20)))
      #expect(list.text.hasPrefix("thaw.json\n\(made.id)/\n\(made.id)/manifest.json\n"))
      try FileSystem.makeDirectory(root / "out")
      let unpack = try Spawn("tar", ["-x", "-f", "\(root)/plain", "-C", "\(root)/out"])
        .run(deadline: .after(.seconds(20)))
      #expect(unpack.isSuccess, "\(unpack.errorText)")
      #expect(
        try FileSystem.readFile(root / "out" / made.id / "memory")
          == FileSystem.readFile(made.memory))
      // One that is not compressed is loaded as well.
      #expect(try load(root / "plain", in: root / "two").checkpoint.id == made.id)
    }
  }

  @Test
  func `a checkpoint that has its memory from another brings it along`() throws {
    try withTemporaryDirectory { root in
      let parent = try make("parent", in: root / "one")
      let child = try make("child", in: root / "one", memory: parent.id)
      _ = try save("child", in: root / "one", to: root / "archive")
      let loaded = try load(root / "archive", in: root / "two")
      #expect(loaded.checkpoint.id == child.id && loaded.names == ["child"])
      let store = CheckpointStore(root: root / "two")
      let there = try store.list()
      #expect(Set(there.map(\.id)) == [parent.id, child.id])
      #expect(there.flatMap(\.names) == ["child"])
      try loaded.checkpoint.verify()
      // Where the parent is, only the child is added.
      let again = try load(root / "archive", in: root / "one")
      #expect(again.wasThere)
      // A changed memory file means that the child is refused, too.
      try Descriptor.open(there.first { $0.id == parent.id }?.path ?? "", .pathOnly)
        .open(below: "memory", .writeOnly).writeAll([1], at: 77)
      #expect(throws: CheckpointError.self) { try loaded.checkpoint.verify() }
      #expect(try loaded.checkpoint.changes().count == 1)
      try store.remove("child")
      try expectEmpty(root / "two")
    }
  }

  @Test
  func `a name is given or taken over, and the other checkpoint stays`() throws {
    try withTemporaryDirectory { root in
      let made = try make("shop", in: root / "one")
      let other = try make("till", in: root / "two")
      _ = try save("shop", in: root / "one", to: root / "archive")
      #expect(try load(root / "archive", in: root / "two", as: "till").taken == ["till"])
      let store = CheckpointStore(root: root / "two")
      #expect(try store.find("till").id == made.id)
      #expect(try store.find(other.id).id == other.id)
      #expect(try load(root / "archive", in: root / "two").wasThere)
      #expect(try Set(store.names(of: made.id)) == ["shop", "till"])
      let error = #expect(throws: CheckpointError.self) {
        try load(root / "archive", in: root / "three", as: "../x")
      }
      #expect(error?.code == .badName)
      try expectEmpty(root / "three")
    }
  }

  @Test
  func `an archive that is cut off anywhere is refused, and nothing is left`() throws {
    try withTemporaryDirectory { root in
      try make("shop", in: root / "one")
      _ = try save("shop", in: root / "one", to: root / "archive")
      let bytes = try FileSystem.readFile(root / "archive")
      for count in [0, 1, 3, 4, 100, bytes.count / 2, bytes.count - 5, bytes.count - 1] {
        try FileSystem.writeFile(root / "cut", Array(bytes.prefix(count)))
        let error = #expect(throws: CheckpointError.self) {
          try load(root / "cut", in: root / "two")
        }
        #expect(error?.code == .damaged)
        #expect(
          error?.cause.contains("ends in the middle") == true, "\(count): \(error?.cause ?? "")")
        try expectEmpty(root / "two")
      }
    }
  }

  @Test
  func `an archive with a changed byte is refused, and nothing is left`() throws {
    try withTemporaryDirectory { root in
      try make("shop", in: root / "one")
      _ = try save("shop", in: root / "one", to: root / "archive")
      let bytes = try FileSystem.readFile(root / "archive")
      for _ in 0..<100 {
        var changed = bytes
        changed[Int.random(in: changed.indices)] ^= UInt8.random(in: 1...255)
        try FileSystem.writeFile(root / "changed", changed)
        do {
          _ = try load(root / "changed", in: root / "two")
          // A bit that zstd does not use: then all is well.
          try FileSystem.removeTree(root / "two")
        } catch let error as CheckpointError {
          #expect(error.code == .damaged)
          try expectEmpty(root / "two")
        }
      }
    }
  }

  @Test
  func `reading and writing can be stopped`() throws {
    try withTemporaryDirectory { root in
      try make("shop", in: root / "one")
      let store = CheckpointStore(root: root / "one")
      let stopped = #expect(throws: CheckpointError.self) {
        try store.save("shop", to: try .open("/dev/null", .writeOnly), called: "x") {
          (_) throws(Errno) in throw .cancelled
        }
      }
      #expect(stopped?.code == .cancelled)
      let full = #expect(throws: CheckpointError.self) {
        try store.save("shop", to: try .open("/dev/full", .writeOnly), called: "x")
      }
      #expect(full?.code == .diskFull && full?.subject == "x")
      // A pipe into which nobody writes.
      let pipe = try Pipe()
      let reader = try pipe.reader.duplicate()
      let error = #expect(throws: CheckpointError.self) {
        try CheckpointStore(root: root / "two").load(reader.duplicate(), called: "pipe") {
          (_) throws(Errno) in throw .cancelled
        }
      }
      #expect(error?.code == .cancelled)
      try expectEmpty(root / "two")
    }
  }
}
