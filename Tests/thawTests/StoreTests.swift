import Checkpoint
import Images
import Linux
import TestBed
import Testing

/// The verbs on a folder that nobody has used yet, and on checkpoints made by hand.
@Suite(.timeLimit(.minutes(1))) struct StoreTests {
  @Test(arguments: [["ls"], ["ps"], ["ps", "--all"]])
  func `nothing yet is no error`(_ words: [String]) throws {
    try withTemporaryDirectory { folder in
      let root = folder / "not/there"
      let result = try Executable.run(words, root: root)
      #expect(result.status == 0)
      #expect(result.lines.count == 1 && result.output.hasPrefix("NAME"))
      for option in ["--quiet", "--json"] {
        let bare = try Executable.run(words + [option], root: root)
        #expect(bare.status == 0)
        #expect(bare.output == "" && bare.errors == "")
      }
      #expect(!FileSystem.exists(root), "looking made the folder")
    }
  }

  @Test(arguments: [["logs", "x"], ["stop", "x", "y"], ["rm", "x"], ["inspect", "x"]])
  func `a name that nothing has ends with 3`(_ words: [String]) throws {
    try withTemporaryDirectory { folder in
      let result = try Executable.run(words, root: folder)
      #expect(result.status == 3)
      #expect(result.output == "")
      #expect(result.errors.contains("error: x: no "))
      #expect(result.errors.contains("thaw "), "it does not say what to look at")
      #expect(words.count < 3 || result.errors.contains("error: y: "), "the second was left out")
    }
  }

  @Test func `checkpoints are listed by name, as a table and as JSON`() throws {
    try withTemporaryDirectory { folder in
      let id = try Samples.store("shop", in: folder)
      #expect(try Executable.run(["ls", "--quiet"], root: folder).output == "shop\n")
      let table = try Executable.run(["ls"], root: folder)
      #expect(table.lines.count == 2)
      #expect(table.lines[1].hasPrefix("shop  \(id.prefix(12))  shop    hot   5.0 kB"))
      let json = try Executable.run(["ls", "--json"], root: folder)
      #expect(json.lines.count == 1)
      #expect(json.output.contains(#""bytes":5000"#) && json.output.contains(#""names":["shop"]"#))
    }
  }

  @Test func `a damaged checkpoint is shown and can be removed`() throws {
    try withTemporaryDirectory { folder in
      let id = try Samples.store("shop", in: folder)
      try Samples.store("till", in: folder)
      try FileSystem.writeFile(folder / "checkpoints" / id / "images/pages-1.img", [1])
      let list = try Executable.run(["ls"], root: folder)
      #expect(list.status == 0)
      #expect(list.lines.contains { $0.hasPrefix("shop") && $0.contains("damaged") })
      #expect(list.lines.contains { $0.hasPrefix("till") && $0.contains("hot") })
      #expect(list.errors.contains("warning: shop is damaged"))
      #expect(list.errors.contains("has 1 bytes, had 5000"))
      let removed = try Executable.run(["rm", "shop"], root: folder)
      #expect(removed.status == 0)
      #expect(removed.output.hasPrefix("shop: checkpoint removed"))
      #expect(try Executable.run(["ls", "-q"], root: folder).output == "till\n")
      #expect(!FileSystem.exists(folder / "checkpoints" / id))
    }
  }

  @Test func `a manifest that cannot be read is told in one line`() throws {
    try withTemporaryDirectory { folder in
      let id = try Samples.store("shop", in: folder)
      try FileSystem.writeFile(folder / "checkpoints" / id / "manifest.json", Array("{".utf8))
      let result = try Executable.run(["inspect", "shop"], root: folder)
      #expect(result.status == 1)
      #expect(result.output == "")
      #expect(result.errors.hasPrefix("error: ") && result.errors.contains("manifest.json"))
    }
  }

  @Test func `a checkpoint is inspected without showing secrets`() throws {
    try withTemporaryDirectory { folder in
      let id = try Samples.store("shop", in: folder)
      let result = try Executable.run(["inspect", "shop"], root: folder)
      #expect(result.status == 0)
      #expect(!result.output.contains("hunter2"))
      for part in [
        id, "java -jar 'my shop.jar'", "SHOP_PASSWORD=(hidden", "20000:20000, also in 20001",
        "8080, 5432", "4: pids 1001-1003, 1010", "120 queries", "this machine suits it",
      ] {
        #expect(result.output.contains(part))
      }
      let json = try Executable.run(["inspect", "--json", String(id.prefix(6))], root: folder)
      #expect(json.status == 0)
      #expect(json.lines.count == 1 && json.output.contains("hunter2"))
    }
  }

  @Test func `a machine that does not suit a checkpoint is told with the reason`() throws {
    try withTemporaryDirectory { folder in
      var host = HostFacts.current()
      host.processorFeatures.append("avx8192")
      try Samples.store("shop", in: folder, host: host)
      let result = try Executable.run(["inspect", "shop"], root: folder)
      #expect(result.status == 0)
      #expect(result.output.contains("not to be thawed: processor: no avx8192"))
    }
  }

  @Test func `verification finds what was changed, added and taken away`() throws {
    try withTemporaryDirectory { folder in
      let id = try Samples.store("shop", in: folder)
      let whole = try Executable.run(["inspect", "--verify", "shop"], root: folder)
      #expect(whole.status == 0)
      #expect(whole.output.contains("all as at the freeze"))
      let images = folder / "checkpoints" / id / "images"
      try FileSystem.writeFile(
        images / "pages-1.img", [UInt8](repeating: 8, count: 5000))
      try FileSystem.writeFile(images / "pages-2.img", [1])
      let changed = try Executable.run(["inspect", "--verify", "shop"], root: folder)
      #expect(changed.status == 1)
      #expect(changed.output.contains("pages-1.img has another content than at the freeze"))
      #expect(changed.output.contains("pages-2.img is not of this checkpoint"))
      #expect(changed.errors.contains("2 of its files"))
      try FileSystem.remove(images / "pages-1.img")
      let missing = try Executable.run(["inspect", "--verify", "--json", "shop"], root: folder)
      #expect(missing.status == 1)
      #expect(missing.output.contains("pages-1.img is missing"))
    }
  }

  @Test func `a checkpoint in use is not removed`() throws {
    try withTemporaryDirectory { folder in
      try Samples.store("shop", in: folder)
      let lock = try CheckpointStore(root: folder).find("shop").use()
      let result = try Executable.run(["rm", "--force", "shop"], root: folder)
      #expect(result.status == 4)
      #expect(result.errors.contains("shop: the checkpoint is in use"))
      #expect(try Executable.run(["ls", "-q"], root: folder).output == "shop\n")
      _ = consume lock
    }
  }

  @Test func `a result that cannot be written is a failure`() throws {
    try withTemporaryDirectory { folder in
      let full = try Descriptor.open("/dev/full", .writeOnly)
      var spawn = Executable.spawn(["ls"], root: folder)
      spawn.descriptors = [1: full.rawValue]
      let result = try Executable.result(of: spawn)
      #expect(result.status == 8)
      #expect(result.errors.contains("No space left on device"))
    }
  }

  @Test(
    .enabled(if: Machine.isRoot, "needs root, to become somebody else"),
    arguments: [["ls"], ["ps"], ["logs", "x"], ["stop", "x"], ["rm", "x"], ["inspect", "x"]])
  func `a folder of root's is for root`(_ words: [String]) throws {
    try withTemporaryDirectory { folder in
      // The build may lie where only root may go.
      let program = folder / "thaw"
      try FileSystem.copyTree(from: Executable.path, to: program)
      try FileSystem.makeDirectory(folder / "root/checkpoints", mode: 0o700, parents: true)
      var spawn = Executable.spawn(words, root: folder / "root")
      spawn.executable = program
      spawn.user = 65534
      spawn.group = 65534
      let result = try Executable.result(of: spawn)
      #expect(result.status == 77)
      #expect(result.output == "")
      #expect(result.errors.contains("run it as root"))
    }
  }
}
