import Linux
import TestBed
import Testing

@testable import Checkpoint

/// The table of a volume's files: whatever is done to them shows in it, and nothing else does.
@Suite(.timeLimit(.minutes(1))) struct VolumeTableTests {
  private func table(_ folder: Path) throws -> VolumeTable {
    try VolumeTable(of: folder, leavingOut: [".thaw"])
  }

  /// A volume with files, folders and a link, whose times lie before now.
  private func fill(_ folder: Path) throws {
    try FileSystem.makeDirectory(folder / "index/one", parents: true)
    try FileSystem.makeDirectory(folder / "empty")
    try FileSystem.makeDirectory(folder / ".thaw/hibernated", parents: true)
    try FileSystem.writeFile(folder / "LOG", Array("first".utf8))
    try FileSystem.writeFile(folder / "index/one/a file", Array("second".utf8))
    try FileSystem.symbolicLink(at: folder / "current", to: "LOG")
    #expect(try table(folder).settle())
  }

  private struct Change: Sendable {
    var name: String
    /// What is said of it.
    var said: String
    var make: @Sendable (Path) throws -> Void

    init(_ name: String, _ said: String, _ make: @escaping @Sendable (Path) throws -> Void) {
      self.name = name
      self.said = said
      self.make = make
    }
  }

  private static let changes = [
    Change("content", "LOG was changed") {
      try FileSystem.writeFile($0 / "LOG", Array("FIRST".utf8))
    },
    Change("content, and the time set back", "LOG was changed") { folder in
      let before = try FileSystem.status(folder / "LOG")
      try FileSystem.writeFile(folder / "LOG", Array("FIRST".utf8))
      try FileSystem.setTimes(folder / "LOG", modified: before.modified)
    },
    Change("another file in its place", "LOG was changed") { folder in
      let before = try FileSystem.status(folder / "LOG")
      try FileSystem.writeFile(folder / "LOG2", Array("first".utf8))
      try FileSystem.setTimes(folder / "LOG2", modified: before.modified)
      try FileSystem.rename(folder / "LOG2", to: folder / "LOG")
    },
    Change("a new file", "NEW is new") { try FileSystem.writeFile($0 / "NEW", []) },
    Change("a new file deep inside", "index/one was changed") {
      try FileSystem.writeFile($0 / "index/one/NEW", [])
    },
    Change("a removed file", "LOG is gone") { try FileSystem.remove($0 / "LOG") },
    Change("a removed folder", "empty is gone") { try FileSystem.removeDirectory($0 / "empty") },
    Change("a new folder", "more is new") { try FileSystem.makeDirectory($0 / "more") },
    Change("another link", "current was changed") { folder in
      try FileSystem.remove(folder / "current")
      try FileSystem.symbolicLink(at: folder / "current", to: "NEW")
    },
    Change("another mode", "LOG was changed") { try FileSystem.changeMode($0 / "LOG", 0o600) },
    Change("another mode of the volume", "another mode or owner") {
      try FileSystem.changeMode($0, 0o700)
    },
  ]

  @Test(arguments: changes.indices) func `a change shows`(index: Int) throws {
    let change = Self.changes[index]
    try withTemporaryDirectory { folder in
      try fill(folder)
      let before = try table(folder)
      #expect(try table(folder).firstChange(from: before.bytes) == nil)
      try change.make(folder)
      let found = try table(folder).firstChange(from: before.bytes)
      #expect(found?.contains(change.said) == true, "\(change.name): \(found ?? "nothing")")
    }
  }

  @Test func `what is Thaw's does not count, and is not looked at from the top only`() throws {
    try withTemporaryDirectory { folder in
      try fill(folder)
      let before = try table(folder)
      try FileSystem.writeFile(folder / ".thaw/hibernated/manifest.json", [1])
      try FileSystem.removeTree(folder / ".thaw")
      #expect(try table(folder) == before)
      #expect(before.entries == 6)
      try FileSystem.makeDirectory(folder / "index/.thaw")
      #expect(try table(folder) != before)
    }
  }

  @Test func `a copy has other inodes`() throws {
    try withTemporaryDirectory { folder in
      try FileSystem.makeDirectory(folder / "one")
      try fill(folder / "one")
      try FileSystem.copyTree(from: folder / "one", to: folder / "two")
      let (one, two) = (try table(folder / "one"), try table(folder / "two"))
      #expect(two.firstChange(from: one.bytes) != nil)
    }
  }

  @Test func `a damaged table is told`() throws {
    try withTemporaryDirectory { folder in
      try fill(folder)
      #expect(try table(folder).firstChange(from: []) != nil)
      #expect(try table(folder).firstChange(from: Array("755 0 0\nnonsense\n".utf8)) != nil)
    }
  }

  @Test func `a single file has a table, too`() throws {
    let folder = try TemporaryDirectory("table")
    let file = folder / "settings"
    try FileSystem.writeFile(file, Array("one".utf8))
    let before = try table(file)
    #expect(before.settle())
    #expect(before.entries == 1)
    #expect(try table(file).firstChange(from: before.bytes) == nil)
    try FileSystem.writeFile(file, Array("two".utf8))
    #expect(try table(file).firstChange(from: before.bytes) == "settings was changed")
  }
}
