import Linux
import TestBed
import Testing

@testable import Checkpoint

/// What is recorded of a checkpoint's files, and when they are read all the same.
@Suite(.timeLimit(.minutes(1)))
struct VerifiedTests {
  private static let size = 300_000

  /// A checkpoint of a small file and a large one.
  private func make(in root: Path, vouching: Bool = true) throws -> Checkpoint {
    let draft = try Draft(in: CheckpointStore(root: root))
    try FileSystem.makeDirectory(draft.path / "images")
    try FileSystem.writeFile(draft.path / "recipe.json", Array("{}\n".utf8))
    try FileSystem.writeFile(
      draft.path / "images/pages-1.img", [UInt8](repeating: 7, count: Self.size))
    let contents = try Checkpoint.contents(of: draft.path)
    if !vouching { try FileSystem.remove(draft.path / "verified") }
    return try draft.commit(Samples.manifest(contents: contents), name: "shop")
  }

  /// The files that are read when a checkpoint is opened.
  private func read(_ path: Path) throws -> [Path] {
    var read: [Path] = []
    _ = try Checkpoint.open(path) { reading in
      if read.last != reading.path { read.append(reading.path) }
    }
    return read
  }

  @Test(arguments: [true, false])
  func `nothing is read after the commit`(isVouchedFor: Bool) throws {
    try withTemporaryDirectory { root in
      let made = try make(in: root, vouching: isVouchedFor)
      #expect(made.manifest.contents.map(\.path) == ["images/pages-1.img", "recipe.json"])
      #expect(try read(made.path) == [])
    }
  }

  @Test
  func `the record is as it was`() throws {
    try withTemporaryDirectory { root in
      let file = root / "file"
      try FileSystem.writeFile(file, [1])
      let modified = Timestamp(seconds: 1_795_000_000, nanoseconds: 7)
      try FileSystem.setTimes(file, modified: modified)
      let status = try FileSystem.status(file)
      let content = Manifest.Content(path: "file", size: 1, digest: Digest(of: [1]))
      let text = Verified.text([(content, status)])
      #expect(
        text == """
          thaw verified 1
          4bf5122f344554c53bde2ebb8cd2b7e3d1600ad631c385a5d7cce23c7785459a \(status.device) \
          \(status.inode) 1 1795000000.7 \(status.changed.seconds).\(status.changed.nanoseconds)

          """)
      try FileSystem.writeFile(root / "verified", Array(text.utf8))
      let record = try #require(Verified(in: root))
      #expect(record.knows(content, status))
      #expect(!record.knows(content, try FileSystem.status(root)))
      let other = Manifest.Content(path: "file", size: 1, digest: Digest(of: [2]))
      #expect(!record.knows(other, status))
    }
  }

  @Test
  func `what was touched is read once, and then known again`() throws {
    try withTemporaryDirectory { root in
      let made = try make(in: root)
      try FileSystem.changeMode(made.path / "recipe.json", 0o600)
      #expect(try read(made.path) == ["recipe.json"])
      #expect(try read(made.path) == [])
    }
  }

  @Test
  func `a copied store is read once`() throws {
    try withTemporaryDirectory { root in
      let made = try make(in: root)
      let copy = root / "copy"
      try FileSystem.copyTree(from: made.path, to: copy)
      #expect(try read(copy).count == 2)
      #expect(try read(copy) == [])
    }
  }

  @Test
  func `a changed byte is found though size and time of modification are the same`() throws {
    try withTemporaryDirectory { root in
      let made = try make(in: root)
      let file = made.path / "images/pages-1.img"
      let before = try FileSystem.status(file)
      try Descriptor.open(file, .writeOnly).writeAll([8], at: 150_000)
      try FileSystem.setTimes(file, modified: before.modified)
      let error = #expect(throws: CheckpointError.self) { try Checkpoint.open(made.path) }
      #expect(error?.code == .damaged)
      #expect(error?.cause == "has another content than at the freeze")
      // A damaged checkpoint is damaged still when it is opened again.
      #expect(throws: CheckpointError.self) { try Checkpoint.open(made.path) }
    }
  }

  @Test
  func `a byte that is written right after the record is found`() throws {
    try withTemporaryDirectory { root in
      for round in 0..<20 {
        let made = try make(in: root / "\(round)")
        // At once, in the same tick of the kernel's clock as the end of the commit.
        try Descriptor.open(made.path / "images/pages-1.img", .writeOnly).writeAll([8], at: 9)
        #expect(throws: CheckpointError.self) { try Checkpoint.open(made.path) }
      }
    }
  }

  @Test(arguments: [
    "", "thaw verified 1\n", "thaw verified 2\n", "\u{0}", "thaw verified 1\n\n \n0\n",
  ])
  func `a damaged record costs a reading, not the checkpoint`(_ text: String) throws {
    try withTemporaryDirectory { root in
      let made = try make(in: root)
      try FileSystem.writeFile(made.path / "verified", Array(text.utf8))
      #expect(try read(made.path).count == 2)
      #expect(try read(made.path) == [])
    }
  }

  @Test
  func `a record with any byte changed says nothing of more files than it did`() throws {
    try withTemporaryDirectory { root in
      let made = try make(in: root)
      let bytes = try FileSystem.readFile(made.path / "verified")
      for _ in 0..<200 {
        var changed = bytes
        let place = Int.random(in: changed.indices)
        changed[place] ^= UInt8.random(in: 1...255)
        try FileSystem.writeFile(made.path / "verified", changed)
        #expect(try !read(made.path).isEmpty)
      }
    }
  }

  @Test
  func `a link in a file's place is refused`() throws {
    try withTemporaryDirectory { root in
      let made = try make(in: root)
      let file = made.path / "images/pages-1.img"
      try FileSystem.rename(file, to: root / "elsewhere")
      try FileSystem.symbolicLink(at: file, to: root / "elsewhere")
      let error = #expect(throws: CheckpointError.self) { try Checkpoint.open(made.path) }
      #expect(error?.cause == "is no regular file")
    }
  }

  @Test
  func `a manifest that is not the one of the folder's name is refused`() throws {
    try withTemporaryDirectory { root in
      let made = try make(in: root)
      var other = made.manifest
      other.server = "another"
      try FileSystem.writeFile(made.path / "manifest.json", try JSONText.encode(other))
      let error = #expect(throws: CheckpointError.self) { try Checkpoint.open(made.path) }
      #expect(error?.cause == "is not the manifest that the checkpoint was named after")
    }
  }

  @Test
  func `reading can be stopped`() throws {
    try withTemporaryDirectory { root in
      let made = try make(in: root)
      try FileSystem.remove(made.path / "verified")
      let error = #expect(throws: CheckpointError.self) {
        _ = try Checkpoint.open(made.path) { (_) throws(Errno) in throw .cancelled }
      }
      #expect(error?.code == .cancelled)
      #expect(!FileSystem.exists(made.path / "verified"))
    }
  }

  @Test
  func `a list reads small files only, and does not take large ones for known`() throws {
    try withTemporaryDirectory { root in
      let made = try make(in: root)
      try FileSystem.remove(made.path / "verified")
      let file = made.path / "images/pages-1.img"
      try Descriptor.open(file, .writeOnly).writeAll([8], at: 9)
      let listed = try CheckpointStore(root: root).list()
      #expect(listed.map { $0.manifest != nil } == [true])
      #expect(throws: CheckpointError.self) { try Checkpoint.open(made.path) }
    }
  }

  @Test
  func `a draft whose file changed since its digest was taken is not committed`() throws {
    try withTemporaryDirectory { root in
      let draft = try Draft(in: CheckpointStore(root: root))
      let path = draft.path
      try FileSystem.writeFile(path / "recipe.json", Array("{}".utf8))
      let contents = try Checkpoint.contents(of: path)
      try FileSystem.writeFile(path / "recipe.json", Array("[]".utf8))
      let error: CheckpointError?
      do throws(CheckpointError) {
        _ = try draft.commit(Samples.manifest(contents: contents), name: "shop")
        error = nil
      } catch let thrown {
        error = thrown
      }
      #expect(error?.code == .damaged)
      #expect(!FileSystem.exists(path))
      #expect(try CheckpointStore(root: root).list().isEmpty)
    }
  }

  @Test
  func `a digest that was computed while the file was written is taken`() throws {
    try withTemporaryDirectory { root in
      try FileSystem.writeFile(root / "memory", [1])
      let known = Digest(of: [2])
      let contents = try Checkpoint.contents(of: root, known: ["memory": known])
      #expect(contents.map(\.digest) == [known])
    }
  }

  @Test
  func `holes are digested as the zeros that they stand for`() throws {
    try withTemporaryDirectory { root in
      let pieces: [(Int64, [UInt8])] = [
        (0, []), (0, [1]), (700_000, [2, 3]), (1 << 20, [UInt8](repeating: 4, count: 5000)),
      ]
      var plain: [UInt8] = []
      for (index, (offset, bytes)) in pieces.enumerated() {
        let file = root / "\(index)"
        let sparse = try Descriptor.open(file, .writeOnly, .create)
        try sparse.writeAll(bytes, at: offset)
        try sparse.truncate(to: offset + Int64(bytes.count) + 333_333)
        plain = [UInt8](repeating: 0, count: Int(offset)) + bytes
        plain += [UInt8](repeating: 0, count: 333_333)
        #expect(try Digest(ofFile: file) == Digest(of: plain))
      }
    }
  }
}
