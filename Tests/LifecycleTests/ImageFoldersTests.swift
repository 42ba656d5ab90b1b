import Checkpoint
import Linux
import TestBed
import Testing

@testable import Lifecycle

/// Data folders of a container: filled, and compared with what was frozen.
@Suite(.timeLimit(.minutes(1))) struct ImageFoldersTests {
  private func table(_ folder: Path, _ names: [String]) throws -> FileTable {
    try FileTable.taken(of: names.map { folder / $0 }, digesting: true)
  }

  @Test func `a folder with the same files is as it was frozen, whatever their times`() throws {
    try withTemporaryDirectory { folder in
      try FileSystem.makeDirectory(folder / "log")
      try FileSystem.writeFile(folder / "log/LOG", Array("one".utf8))
      let frozen = try table(folder, ["log/LOG"])
      try FileSystem.setTimes(folder / "log/LOG", modified: Timestamp(seconds: 7))
      try FileSystem.makeDirectory(folder / ".thaw")
      try FileSystem.writeFile(folder / ".thaw/lock", [])
      try FileSystem.symbolicLink(at: folder / "checkpoint", to: ImageHome.checkpoint)
      #expect(try ImageFolders.isAsFrozen(folder, frozen))
    }
  }

  @Test(arguments: ["changed", "longer", "another", "gone", "link"])
  func `a folder with other content is not`(_ what: String) throws {
    try withTemporaryDirectory { folder in
      try FileSystem.writeFile(folder / "LOG", Array("one".utf8))
      let frozen = try table(folder, ["LOG"])
      switch what {
      case "changed": try FileSystem.writeFile(folder / "LOG", Array("two".utf8))
      case "longer": try FileSystem.writeFile(folder / "LOG", Array("one!".utf8))
      case "another": try FileSystem.writeFile(folder / "NEW", [])
      case "gone": try FileSystem.remove(folder / "LOG")
      default:
        try FileSystem.rename(folder / "LOG", to: folder / "checkpoint")
        try FileSystem.symbolicLink(at: folder / "LOG", to: "checkpoint")
      }
      #expect(try !ImageFolders.isAsFrozen(folder, frozen))
    }
  }

  @Test func `an empty folder is filled, one that was filled by half anew, one with data never`()
    throws
  {
    try withTemporaryDirectory { folder in
      let (seed, data) = (folder / "seed", DataFolder(folder / "data"))
      try FileSystem.makeDirectory(seed / "log", parents: true)
      try FileSystem.writeFile(seed / "log/LOG", Array("one".utf8))
      try FileSystem.makeDirectory(data.path / "lost+found", parents: true)
      #expect(try data.fill(from: [seed]))
      #expect(try data.names() == ["log"])
      #expect(try !data.fill(from: [seed]))
      try FileSystem.writeFile(data.path / ".thaw/filling", [])
      try FileSystem.remove(data.path / "log/LOG")
      #expect(try data.fill(from: [seed]))
      #expect(try FileSystem.readText(data.path / "log/LOG") == "one")
    }
  }

  @Test func `a folder is locked by one server at a time`() throws {
    try withTemporaryDirectory { folder in
      guard let lock = try DataFolder(folder).lock() else {
        Issue.record("the first did not get it")
        return
      }
      let second = try DataFolder(folder).lock() == nil
      #expect(second)
      _ = consume lock
      let third = try DataFolder(folder).lock() == nil
      #expect(!third)
    }
  }
}
