import Arguments
import Checkpoint
import Images
import Linux
import TestBed
import Testing

@testable import thaw

/// The verbs on containers whose monitor is this test.
@Suite(.timeLimit(.minutes(1))) struct ContainerVerbTests {
  /// Makes a container with a log; it runs until it is dropped.
  private func container(
    _ name: String, in root: Path, state: ContainerRecord.State = .running
  ) throws -> OwnedContainer {
    var record = ContainerRecord(name: name, image: "shop", arguments: ["java"])
    record.state = state
    return try Containers(root: root).create(record)
  }

  @Test func `a log is written to the streams that it came from`() throws {
    try withTemporaryDirectory { folder in
      let owned = try container("shop", in: folder)
      var log = try LogWriter(owned.folder.log)
      let old = Timestamp(seconds: 1_795_460_400)
      try log.append(Array("one\n".utf8), from: .output, at: old)
      try log.append(Array("two\n".utf8), from: .errors, at: Clock.wall())
      try log.append(Array("three".utf8), from: .output, at: Clock.wall())
      try log.finish()
      let all = try Executable.run(["logs", "shop"], root: folder)
      #expect(all.status == 0)
      #expect(all.output == "one\nthree")
      #expect(all.errors == "two\n")
      let last = try Executable.run(["logs", "--tail", "1", "shop"], root: folder)
      #expect(last.output == "three" && last.errors == "")
      let recent = try Executable.run(["logs", "--since", "1h", owned.id], root: folder)
      #expect(recent.output == "three" && recent.errors == "two\n")
      let timed = try Executable.run(["logs", "--timestamps", "-n", "3", "shop"], root: folder)
      #expect(timed.output.hasPrefix("2026-11-23T19:00:00.000000000Z one\n"))
      let json = try Executable.run(["logs", "--json", "shop"], root: folder)
      #expect(
        json.lines[0]
          == #"{"stream":"stdout","text":"one","time":"2026-11-23T19:00:00.000000000Z"}"#)
      #expect(json.lines[2].contains(#""partial":true"#))
    }
  }

  @Test func `a log is followed until the server has ended`() throws {
    try withTemporaryDirectory { folder in
      let owned = try container("shop", in: folder)
      let pipe = try Pipe()
      var spawn = Executable.spawn(["logs", "--follow", "shop"], root: folder)
      spawn.descriptors = [1: pipe.writer.rawValue]
      // It waits for the log to be made, too.
      let child = try spawn.start()
      let reader = pipe.intoReader()
      var log = try LogWriter(owned.folder.log)
      for word in ["one\n", "two\n"] {
        try log.append(Array(word.utf8), from: .output)
        #expect(try reader.poll(for: .readable, deadline: .after(.seconds(20))))
        #expect(try reader.read(upTo: 100) == Array(word.utf8))
      }
      #expect(try child.poll() == nil)
      _ = consume owned
      #expect(try child.wait(deadline: .after(.seconds(20))) == .exited(0))
    }
  }

  @Test func `only what runs is listed unless all is asked for`() throws {
    try withTemporaryDirectory { folder in
      let running = try container("shop", in: folder)
      let ended = try container("till", in: folder, state: .exited)
      _ = consume ended
      #expect(try Executable.run(["ps", "--quiet"], root: folder).output == "shop\n")
      let all = try Executable.run(["ps", "-aq"], root: folder)
      #expect(Set(all.lines) == ["shop", "till"])
      #expect(try Executable.run(["ps", "--json"], root: folder).lines.count == 1)
      _ = consume running
    }
  }

  @Test func `what does not run is not stopped`() throws {
    try withTemporaryDirectory { folder in
      let ended = try container("shop", in: folder, state: .exited)
      _ = consume ended
      let result = try Executable.run(["stop", "shop"], root: folder)
      #expect(result.status == 0)
      #expect(result.output == "shop: did not run\n")
      let json = try Executable.run(["stop", "--json", "shop"], root: folder)
      #expect(json.output.contains(#""result":"not running""#))
    }
  }

  @Test(.enabled(if: Machine.isRoot && Machine.bundle != nil, "needs root and the bundle"))
  func `a container is removed when it has ended, not before`() throws {
    try withTemporaryDirectory { folder in
      let owned = try container("shop", in: folder)
      let id = owned.id
      let refused = try Executable.run(["rm", "shop"], root: folder)
      #expect(refused.status == 4)
      #expect(refused.errors.contains("thaw stop shop") && refused.errors.contains("--force"))
      _ = consume owned
      let removed = try Executable.run(["rm", "--json", id], root: folder)
      #expect(removed.status == 0)
      #expect(removed.output == #"{"id":"\#(id)","kind":"container","name":"shop"}"# + "\n")
      #expect(!FileSystem.exists(folder / "containers" / id))
    }
  }

  @Test func `a name of a container and of a checkpoint is ambiguous`() throws {
    try withTemporaryDirectory { folder in
      let id = try Samples.store("shop", in: folder)
      let owned = try container("shop", in: folder, state: .exited)
      let stock = try Stock(root: folder)
      #expect(throws: Failure.self) { try Target.find("shop", nil, in: stock) }
      guard case .checkpoint(let stored) = try Target.find("shop", .checkpoint, in: stock) else {
        return #expect(Bool(false), "not the checkpoint")
      }
      #expect(stored.id == id)
      guard case .container(let record) = try Target.find("shop", .container, in: stock) else {
        return #expect(Bool(false), "not the container")
      }
      #expect(record.id == owned.id)
      // An id is nobody's name.
      guard case .container = try Target.find(owned.id, nil, in: stock) else {
        return #expect(Bool(false), "not the container")
      }
      let result = try Executable.run(["rm", "shop"], root: folder)
      #expect(result.status == 1)
      #expect(result.errors.contains("add --container or --checkpoint"))
      #expect(try Executable.run(["ls", "-q"], root: folder).output == "shop\n")
    }
  }
}
