import Checkpoint
import Linux
import TestBed
import Testing

/// `thaw save` and `thaw load` on checkpoints made by hand.
@Suite(.enabled(if: Machine.isRoot, "needs root"), .timeLimit(.minutes(1)))
struct ArchiveVerbTests {
  @Test func `a checkpoint is saved and loaded`() throws {
    try withTemporaryDirectory { folder in
      let id = try Samples.store("shop", in: folder / "one")
      let file = (folder / "shop.thaw").string
      let saved = try Executable.run(["save", "shop", "-o", file], root: folder / "one")
      #expect(saved.status == 0, "\(saved.errors)")
      #expect(saved.output.hasPrefix("shop is saved: ") && saved.output.hasSuffix("in \(file)\n"))
      #expect(saved.errors.contains("Save"))
      let loaded = try Executable.run(["load", "-i", file, "--name", "till"], root: folder / "two")
      #expect(loaded.status == 0, "\(loaded.errors)")
      #expect(loaded.output.contains("till is loaded: 5.0 kB\nRun it with: thaw run -d till\n"))
      #expect(try Executable.run(["ls", "-q"], root: folder / "two").output == "till\n")
      let again = try Executable.run(["load", "--json", "-i", file], root: folder / "two")
      #expect(again.output.contains(#""id":"\#(id)""#) && again.output.contains(#"["shop"]"#))
      let json = try Executable.run(["save", "--json", "shop", "-o", file], root: folder / "two")
      #expect(json.lines.count == 1 && json.output.contains(#""bytes":5000,"file":"\#(file)""#))
      #expect(try FileSystem.list(folder) == ["one", "shop.thaw", "two"])
    }
  }

  @Test func `a name that another checkpoint has moves, with a warning`() throws {
    try withTemporaryDirectory { folder in
      try Samples.store("shop", in: folder / "one")
      var host = HostFacts.current()
      host.kernel = "1.0"
      let old = try Samples.store("shop", in: folder / "two", host: host)
      let file = (folder / "shop.thaw").string
      #expect(try Executable.run(["save", "shop", "-o", file], root: folder / "one").status == 0)
      let loaded = try Executable.run(["load", "-i", file], root: folder / "two")
      #expect(loaded.status == 0 && loaded.errors.contains("warning: shop led to another"))
      let list = try Executable.run(["ls", "-q"], root: folder / "two")
      #expect(Set(list.lines) == ["shop", String(old.prefix(12))])
    }
  }

  @Test func `mistakes have their status, and nothing is left`() throws {
    try withTemporaryDirectory { folder in
      try Samples.store("shop", in: folder / "one")
      let file = folder / "archive"
      try FileSystem.writeFile(file, Array("no archive at all".utf8))
      let cases: [([String], Int32, String)] = [
        (["save", "till", "-o", file.string], 3, "no checkpoint"),
        (["load", "-i", "\(folder)/none"], 3, "No such file"),
        (["load", "-i", file.string], 1, "ends in the middle"),
        (["load", "-i", folder.string], 1, "reading an archive"),
        (["save", "shop", "-o", "\(folder)/none/x"], 1, "writing the archive"),
        (["save", "shop", "-o", "/dev/full"], 8, "No space left"),
        (["save", "shop", "--level", "20", "-o", "x"], 64, "from 1 to 19"),
      ]
      for (words, status, text) in cases {
        let result = try Executable.run(words, root: folder / "one")
        #expect(result.status == status && result.errors.contains(text), "\(words): \(result)")
        #expect(result.output == "")
      }
      #expect(try FileSystem.readText(file) == "no archive at all")
      #expect(try FileSystem.list(folder) == ["archive", "one"])
      #expect(try FileSystem.list(folder / "one/checkpoints").count == 1)
    }
  }
}
