import Checkpoint
import Linux
import TestBed
import Testing

@Suite("Table of files", .timeLimit(.minutes(1)))
struct FileTableTests {
  @Test
  func `an unchanged file is no change, whatever its inode`() throws {
    try withTemporaryDirectory { root in
      let file = root / "a"
      try FileSystem.writeFile(file, Array("one".utf8))
      let table = try FileTable.taken(of: [file], digesting: true)
      #expect(try table.firstChange() == nil)
      try FileSystem.writeFile(root / "b", Array("one".utf8))
      try FileSystem.rename(root / "b", to: file)
      #expect(try table.firstChange() == nil)
    }
  }

  @Test(arguments: [("two", "another content"), ("three", "has 5 bytes, had 3")])
  func `a changed file is told`(_ content: String, _ what: String) throws {
    try withTemporaryDirectory { root in
      let file = root / "a"
      try FileSystem.writeFile(file, Array("one".utf8))
      let table = try FileTable.taken(of: [file], digesting: true)
      try FileSystem.writeFile(file, Array(content.utf8))
      #expect(try table.firstChange()?.what.contains(what) == true)
      try FileSystem.remove(file)
      #expect(try table.firstChange()?.what == "is gone")
    }
  }

  @Test
  func `a changed file that says the same is no change`() throws {
    try withTemporaryDirectory { root in
      let file = root / "a"
      try FileSystem.writeFile(file, Array("one".utf8))
      var entry = try #require(FileTable.taken(of: [file], digesting: true).entries.first)
      entry.meaning = Digest(of: [1])
      let table = FileTable([entry])
      try FileSystem.writeFile(file, Array("one, in other words".utf8))
      #expect(try table.firstChange { _ in Digest(of: [1]) } == nil)
      #expect(try table.firstChange { _ in Digest(of: [2]) } != nil)
      #expect(try table.firstChange { _ in nil } != nil)
      #expect(try table.firstChange() != nil)
      try FileSystem.remove(file)
      #expect(try table.firstChange { _ in nil } != nil)
    }
  }

  @Test
  func `the digest is SHA-256`() {
    #expect(
      Digest(of: Array("abc".utf8)).hexadecimal
        == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    #expect(Digest("sha256:00") == nil)
    #expect(Digest(Digest(of: []).description) == Digest(of: []))
  }
}
