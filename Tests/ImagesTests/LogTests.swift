import Linux
import TestBed
import Testing

@testable import Images

struct LogTimeTests {
  @Test(
    arguments: [
      (0, 0, "1970-01-01T00:00:00.000000000Z"),
      (951_782_400, 5, "2000-02-29T00:00:00.000000005Z"),
      (1_795_719_661, 123_456_789, "2026-11-26T19:01:01.123456789Z"),
      (4_107_542_400, 0, "2100-03-01T00:00:00.000000000Z"),
      (-1, 999_999_999, "1969-12-31T23:59:59.999999999Z"),
      (253_402_300_799, 0, "9999-12-31T23:59:59.000000000Z"),
    ] as [(Int64, Int32, String)])
  func `moments are written and read`(seconds: Int64, nanoseconds: Int32, text: String) {
    let time = Timestamp(seconds: seconds, nanoseconds: nanoseconds)
    #expect(LogTime.text(of: time) == text)
    #expect(LogTime.parse(text.utf8) == time)
  }

  @Test(arguments: [
    ("2026-11-23T19:00:00Z", 0), ("2026-11-23T19:00:00.5Z", 500_000_000),
    ("2026-11-23T21:00:00.000000001+02:00", 1), ("2026-11-23T17:30:00-0130", 0),
    ("2026-11-23T19:00:00.1234567891Z", 123_456_789),
  ])
  func `other engines' moments are read`(text: String, nanoseconds: Int32) {
    let expected = Timestamp(seconds: 1_795_460_400, nanoseconds: nanoseconds)
    #expect(LogTime.parse(text.utf8) == expected)
  }

  @Test(arguments: [
    "", "2026", "2026-11-23T19:00:00", "2026-11-23 19:00:00Z", "2026-13-23T19:00:00Z",
    "2026-11-23T25:00:00Z", "2026-11-23T19:00:00.Z", "2026-11-23T19:00:00+2",
    "20x6-11-23T19:00:00Z",
  ])
  func `what is no moment is nil`(text: String) {
    #expect(LogTime.parse(text.utf8) == nil)
  }
}

@Suite(.timeLimit(.minutes(1)))
struct LogTests {
  private let time = Timestamp(seconds: 1_795_460_400)
  private let stamp = "2026-11-23T19:00:00.000000000Z"

  private func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

  private func written(_ lines: [LogLine]) -> String {
    String(decoding: lines.flatMap(\.written), as: UTF8.self)
  }

  @Test func `lines are written as container runtimes write them`() throws {
    try withTemporaryDirectory { folder in
      var log = try LogWriter(folder / "log")
      try log.append(bytes("one\ntwo"), from: .output, at: time)
      try log.append(bytes("wrong\n\n"), from: .errors, at: time)
      try log.append(bytes(" three\n$ "), from: .output, at: time)
      try log.finish(at: time)
      #expect(
        try FileSystem.readText(folder / "log") == """
          \(stamp) stdout F one
          \(stamp) stderr F wrong
          \(stamp) stderr F\(" ")
          \(stamp) stdout F two three
          \(stamp) stdout P $\(" ")

          """)
      var reader = try LogReader(folder / "log")
      #expect(try written(reader.read()) == "one\nwrong\n\ntwo three\n$ ")
    }
  }

  @Test(arguments: [1, 16_384, 16_385, 40_000])
  func `a long line comes in pieces and is whole again when read`(length: Int) throws {
    try withTemporaryDirectory { folder in
      let text = String(repeating: "x", count: length) + "\nend\n"
      var log = try LogWriter(folder / "log")
      // Not at the ends of lines or pieces.
      for part in Array(text.utf8).chunks(of: 5000) {
        try log.append(part, from: .output, at: time)
      }
      var reader = try LogReader(folder / "log")
      let lines = try reader.read()
      #expect(lines.allSatisfy { $0.text.count <= LogWriter.limit })
      #expect(lines.filter { !$0.isPartial }.count == 2)
      #expect(written(lines) == text)
    }
  }

  @Test func `bytes that are no text come back as they were`() throws {
    try withTemporaryDirectory { folder in
      let odd: [UInt8] = [0, 255, 254, 13, 27, 32, 10]
      var log = try LogWriter(folder / "log")
      try log.append(odd, from: .errors)
      var reader = try LogReader(folder / "log")
      let lines = try reader.read()
      #expect(lines.flatMap(\.written) == odd)
      #expect(lines.map(\.stream) == [.errors])
    }
  }

  @Test(arguments: [
    (0, ""), (1, "rest"), (2, "5\nrest"), (3, "4\n5\nrest"), (6, "1\n2\n3\n4\n5\nrest"),
    (100, "1\n2\n3\n4\n5\nrest"),
  ])
  func `the last lines are found from the end`(count: Int, text: String) throws {
    try withTemporaryDirectory { folder in
      var log = try LogWriter(folder / "log")
      try log.append(bytes("1\n2\n3\n4\n5\nrest"), from: .output)
      try log.finish()
      var reader = try LogReader(folder / "log")
      #expect(try written(reader.read(tail: count)) == text)
      #expect(try reader.read() == [])
    }
  }

  @Test func `in a large log the last lines are found without reading it all`() throws {
    try withTemporaryDirectory { folder in
      var log = try LogWriter(folder / "log")
      let long = String(repeating: "y", count: 100_000)
      try log.append(bytes((1...20_000).map { "line \($0)\n" }.joined()), from: .output)
      try log.append(bytes("before\n\(long)\nafter\n"), from: .output)
      var reader = try LogReader(folder / "log")
      #expect(try written(reader.read(tail: 2)) == "\(long)\nafter\n")
      var again = try LogReader(folder / "log")
      #expect(try written(again.read(tail: 4)) == "line 20000\nbefore\n\(long)\nafter\n")
    }
  }

  @Test func `older lines are left out, and what is no line is passed over`() throws {
    try withTemporaryDirectory { folder in
      var log = try LogWriter(folder / "log")
      try log.append(bytes("old\n"), from: .output, at: Timestamp(seconds: 10))
      try FileSystem.writeFile(
        folder / "log", FileSystem.readFile(folder / "log") + bytes("nonsense\n\n\(stamp) x F y\n"))
      var more = try LogWriter(folder / "log")
      try more.append(bytes("new\n"), from: .output, at: Timestamp(seconds: 20))
      var reader = try LogReader(folder / "log")
      #expect(try written(reader.read(since: Timestamp(seconds: 20))) == "new\n")
      var all = try LogReader(folder / "log")
      #expect(try written(all.read()) == "old\nnew\n")
    }
  }

  @Test func `a log that is not there is told`() {
    let error = #expect(throws: EngineError.self) { _ = try LogReader("/no/such/log") }
    #expect(error?.code == .noSuchContainer)
  }

  @Test func `a log is followed while it grows, until its container has ended`() throws {
    try withTemporaryDirectory { folder in
      let root = folder
      let all = Containers(root: root)
      let id = ContainerRecord.newID()
      try FileSystem.makeDirectory(root / "containers", parents: true)
      let script = """
        d="$1"; mkdir "$d"; exec 9>"$d/lock"; flock 9; exec >>"$d/log"
        echo "\(stamp) stdout F first"; touch "$d/ready"; read go
        echo "\(stamp) stdout F second"; printf "\(stamp) stdout P th"; read go; echo ird
        """
      let input = try Pipe()
      var plan = Spawn("sh", ["-c", script, "sh", (root / "containers" / id).string])
      plan.descriptors = [0: input.reader.rawValue]
      let child = try plan.start()
      defer { _ = try? child.killTree() }  // ended already, unless the test failed
      #expect(eventually { FileSystem.exists(root / "containers" / id / "ready") })
      var reader = try LogReader(all.logPath(id))
      var seen = ""
      try reader.follow(isWritten: { () throws(EngineError) in all.isRunning(id) }) {
        (lines) throws(EngineError) in
        seen += written(lines)
        // Each line lets the writer go on: what comes next is really waited for.
        _ = try? input.writer.writeAll(bytes("go\ngo\n"))  // it has ended: nothing to let go on
      }
      #expect(seen == "first\nsecond\nthird")
      #expect(try child.wait(deadline: .after(.seconds(10))) == .exited(0))
    }
  }

  @Test func `following ends when it is cancelled`() throws {
    try withTemporaryDirectory { folder in
      var log = try LogWriter(folder / "log")
      try log.append(bytes("one\n"), from: .output)
      let cancel = try Pipe()
      var reader = try LogReader(folder / "log")
      var count = 0
      try reader.follow(
        cancel: cancel.reader.rawValue, isWritten: { () throws(EngineError) in true }
      ) { (lines) throws(EngineError) in
        count += lines.count
        _ = try? cancel.writer.writeAll([1])  // the pipe is empty
      }
      #expect(count == 1)
    }
  }
}

extension Array {
  fileprivate func chunks(of size: Int) -> [[Element]] {
    stride(from: 0, to: count, by: size).map { Array(self[$0..<Swift.min($0 + size, count)]) }
  }
}
