import Checkpoint
import Linux
import TestBed
import Testing

@Suite("Store of checkpoints", .timeLimit(.minutes(1)))
struct CheckpointStoreTests {
  /// Makes a checkpoint of one file in a store.
  @discardableResult
  private func make(
    _ name: String, in store: CheckpointStore, content: String = "pages", parent: String? = nil
  ) throws -> Checkpoint {
    let draft = try Draft(in: store)
    try FileSystem.makeDirectory(draft.path / "images")
    try FileSystem.writeFile(draft.path / "images/pages-1.img", Array(content.utf8))
    let digest = Digest(of: Array(content.utf8))
    var manifest = Samples.manifest(contents: [
      .init(path: "images/pages-1.img", size: Int64(content.utf8.count), digest: digest)
    ])
    if let parent {
      manifest.memory.file = .init(size: 4096, pages: ByteCount(4096), checkpoint: parent)
    }
    return try draft.commit(manifest, name: name)
  }

  @Test
  func `a checkpoint is found by name and by the beginning of its id`() throws {
    try withTemporaryDirectory { root in
      let store = CheckpointStore(root: root)
      let made = try make("shop", in: store)
      #expect(try store.find("shop").id == made.id)
      #expect(try store.find(String(made.id.prefix(8))).manifest == made.manifest)
      #expect(try store.list().map(\.names) == [["shop"]])
      #expect(try made.changes().isEmpty)
    }
  }

  @Test
  func `the id is the digest of the manifest`() throws {
    try withTemporaryDirectory { root in
      let made = try make("shop", in: CheckpointStore(root: root))
      #expect(try Digest(ofFile: made.path / "manifest.json").hexadecimal == made.id)
    }
  }

  @Test
  func `a name that is given anew removes what has no name left`() throws {
    try withTemporaryDirectory { root in
      let store = CheckpointStore(root: root)
      let first = try make("shop", in: store)
      let second = try make("shop", in: store, content: "others")
      #expect(first.id != second.id)
      #expect(try store.list().map(\.id) == [second.id])
    }
  }

  @Test
  func `what holds the memory of others is not removed before them, and goes with the last`() throws
  {
    try withTemporaryDirectory { root in
      let store = CheckpointStore(root: root)
      let parent = try make("shop", in: store)
      try make("one", in: store, content: "1", parent: parent.id)
      try make("two", in: store, content: "2", parent: parent.id)
      let error = #expect(throws: CheckpointError.self) { try store.remove("shop") }
      #expect(error?.code == .inUse)
      let text = error?.description ?? ""
      #expect(text.contains("thaw compact") && text.contains("one") && text.contains("two"))
      // Without a name it stays all the same.
      let next = try make("shop", in: store, content: "next")
      #expect(try store.list().count == 4)
      try store.remove("one")
      #expect(try store.list().map(\.id).contains(parent.id))
      try store.remove("two")
      #expect(try store.list().map(\.id) == [next.id])
    }
  }

  @Test
  func `a parent with a name outlives its children`() throws {
    try withTemporaryDirectory { root in
      let store = CheckpointStore(root: root)
      let parent = try make("shop", in: store)
      try make("one", in: store, content: "1", parent: parent.id)
      try store.remove("one")
      #expect(try store.list().map(\.id) == [parent.id])
      try store.remove("shop")
      #expect(try store.list().isEmpty)
    }
  }

  @Test
  func `a checkpoint in use is not removed`() throws {
    try withTemporaryDirectory { root in
      let store = CheckpointStore(root: root)
      let made = try make("shop", in: store)
      do {
        let use = try made.use()
        let isHeld = use != nil
        #expect(isHeld)
        let error = #expect(throws: CheckpointError.self) { try store.remove("shop") }
        #expect(error?.code == .inUse)
        _ = consume use
      }
      try store.remove("shop")
      #expect(try store.list().isEmpty)
      #expect(!FileSystem.exists(made.path))
    }
  }

  @Test(arguments: ["", "no such", "../x", "abc"])
  func `what is not there is told`(_ text: String) throws {
    try withTemporaryDirectory { root in
      let error = #expect(throws: CheckpointError.self) {
        try CheckpointStore(root: root).find(text)
      }
      #expect(error?.code == .notFound)
    }
  }

  @Test
  func `files that are missing, cut short or changed are told`() throws {
    try withTemporaryDirectory { root in
      let made = try make("shop", in: CheckpointStore(root: root))
      let file = made.path / "images/pages-1.img"
      try FileSystem.writeFile(file, Array("PAGES".utf8))
      #expect(throws: CheckpointError.self) { try Checkpoint.open(made.path) }
      #expect(try made.changes().map(\.path) == [file])
      try FileSystem.writeFile(file, Array("pag".utf8))
      #expect(throws: CheckpointError.self) { try Checkpoint.open(made.path) }
      try FileSystem.remove(file)
      let error = #expect(throws: CheckpointError.self) { try Checkpoint.open(made.path) }
      #expect(error?.code == .damaged)
      #expect(try Checkpoint.read(made.path).manifest == made.manifest)
    }
  }

  @Test(arguments: [
    ("", CheckpointError.Code.damaged), ("{}", .damaged), ("{\"version\": 1}", .damaged),
    ("{\"version\": 99}", .tooNew), ("[1, 2", .damaged), ("{\"version\": \"one\"}", .damaged),
  ])
  func `a manifest that cannot be read is told`(_ text: String, _ code: CheckpointError.Code) {
    let error = #expect(throws: CheckpointError.self) {
      try Manifest.decode(Array(text.utf8), path: "manifest.json")
    }
    #expect(error?.code == code)
  }

  @Test
  func `a manifest with any byte changed is read or refused, never a trap`() throws {
    let bytes = try JSONText.encode(Samples.manifest())
    var generator = SystemRandomNumberGenerator()
    for _ in 0..<500 {
      var changed = bytes
      changed[Int.random(in: changed.indices, using: &generator)] = UInt8.random(in: 0...255)
      do throws(CheckpointError) {
        _ = try Manifest.decode(changed, path: "manifest.json")
      } catch {
        #expect(error.code == .damaged || error.code == .tooNew)
      }
    }
  }

  @Test
  func `drafts of makers that are gone are swept, others are not`() throws {
    try withTemporaryDirectory { root in
      let store = CheckpointStore(root: root)
      let orphan = root / "checkpoints/.draft-orphan"
      try FileSystem.makeDirectory(orphan, parents: true)
      let draft = try Draft(in: store)
      #expect(!FileSystem.exists(orphan))
      try Draft.sweep(store)
      #expect(FileSystem.exists(draft.path))
      draft.discard()
      #expect(try FileSystem.list(root / "checkpoints").isEmpty)
    }
  }
}
