import Glibc
import Linux
import TestBed
import Testing

@Suite(.timeLimit(.minutes(1))) struct SpawnDescriptorTests {
  private let limit = Deadline.after(.seconds(20))

  /// What descriptors a program has, by number.
  private func table(_ spawn: Spawn) throws -> [Int32: String] {
    let child = try spawn.start()
    defer {
      // The test is over either way.
      _ = try? child.killTree()
    }
    // Asleep: before that, the loader may have a library open.
    #expect(eventually { ProcessEntry(pid: child.pid)?.state == "S" })
    return Processes.openDescriptors(of: child.pid)
  }

  @Test func `strays are closed, and the three are the null device`() throws {
    // Strays that are not close-on-exec, low and high, as other code may open them.
    let pipe = try Pipe()
    let low = try StrayDescriptor(copying: pipe.reader.rawValue, atLeast: 3)
    let high = try StrayDescriptor(copying: pipe.reader.rawValue, atLeast: 700)
    let found = try table(Spawn("sleep", ["30"]))
    #expect(found == [0: "/dev/null", 1: "/dev/null", 2: "/dev/null"])
    #expect(low.rawValue >= 3 && high.rawValue >= 700)
  }

  @Test func `chosen descriptors arrive under their numbers`() throws {
    let pipe = try Pipe()
    let pair = try SocketPair(kind: .sequencedPacket)
    var spawn = Spawn("sleep", ["30"])
    spawn.descriptors = [
      3: pair.first.rawValue, 9: pipe.writer.rawValue, 500: pipe.writer.rawValue,
    ]
    let found = try table(spawn)
    #expect(found.keys.sorted() == [0, 1, 2, 3, 9, 500])
    #expect(found[3]?.hasPrefix("socket:") == true)
    #expect(found[9]?.hasPrefix("pipe:") == true)
    #expect(found[9] == found[500])
  }

  @Test func `numbers that are swapped arrive swapped`() throws {
    let one = try Pipe()
    let two = try Pipe()
    let (first, second) = (one.reader.rawValue, two.reader.rawValue)
    let own = Processes.openDescriptors(of: Host.processID)
    var spawn = Spawn("sleep", ["30"])
    spawn.descriptors = [first: second, second: first]
    let found = try table(spawn)
    #expect(found[first] == own[second])
    #expect(found[second] == own[first])
    #expect(found.count == 5)
  }

  @Test func `a descriptor of its own number stays where it is`() throws {
    let pipe = try Pipe()
    let raw = pipe.reader.rawValue
    var spawn = Spawn("sleep", ["30"])
    spawn.descriptors = [raw: raw]
    #expect(try table(spawn)[raw]?.hasPrefix("pipe:") == true)
  }

  @Test func `a start leaves no descriptor behind`() async {
    await #expect(processExitsWith: .success) {
      // Once before, for what the first use opens for good.
      _ = try Spawn("true").run(deadline: .after(.seconds(20)))
      let before = openDescriptors()
      for _ in 0..<5 {
        _ = try Spawn("true").run(input: [1], deadline: .after(.seconds(20)))
        #expect(throws: SpawnError.self) { _ = try Spawn("/nowhere").start() }
        let child = try Spawn("true").start()
        _ = try child.wait(deadline: .after(.seconds(20)))
      }
      #expect(openDescriptors() == before)
      // The counter sees what it should: a pidfd, and the null device is closed again.
      let child = try Spawn("sleep", ["30"]).start()
      #expect(openDescriptors() == before + 1)
      _ = try child.killTree()
    }
  }
}

/// A descriptor that programs would inherit.
struct StrayDescriptor: ~Copyable {
  let rawValue: Int32

  init(copying source: Int32, atLeast lowest: Int32) throws {
    // Not close-on-exec, unlike every descriptor of Linux.
    rawValue = fcntl(source, F_DUPFD, lowest)
    try #require(rawValue >= 0)
  }

  deinit {
    _ = Descriptor(owning: rawValue)
  }
}
