import Linux
import TestBed
import Testing

@Suite(.timeLimit(.minutes(1))) struct SpawnTests {
  private let limit = Deadline.after(.seconds(20))

  @Test func `output, errors and status come back`() throws {
    let result = try Spawn("sh", ["-c", "cat; echo bad >&2; exit 7"])
      .run(input: Array("in".utf8), deadline: limit)
    #expect(result.status == .exited(7))
    #expect(result.text == "in")
    #expect(result.errorText == "bad\n")
    #expect(!result.timedOut && !result.isTruncated)
  }

  @Test func `a megabyte goes in and out at the same time`() throws {
    let bytes = (0..<1_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    let result = try Spawn("cat").run(input: bytes, deadline: limit)
    #expect(result.output == bytes)
  }

  @Test func `a program that does not read its input is no error`() throws {
    let bytes = [UInt8](repeating: 1, count: 1_000_000)
    #expect(try Spawn("true").run(input: bytes, deadline: limit).isSuccess)
  }

  @Test func `output beyond the limit is dropped and told`() throws {
    let result = try Spawn("sh", ["-c", "head -c 300000 /dev/zero"])
      .run(deadline: limit, outputLimit: ByteCount(1000 as Int))
    #expect(result.output.count == 1000)
    #expect(result.isTruncated && result.isSuccess)
  }

  @Test func `a signal is told as such`() throws {
    let result = try Spawn("sh", ["-c", "kill -TERM $$"]).run(deadline: limit)
    #expect(result.status == .signalled(.terminate))
    #expect(result.status.shellCode == 143)
    #expect(result.status.description == "killed by SIGTERM")
  }

  @Test func `a grandchild that keeps the output does not hold up the end`() throws {
    var spawn = Spawn("sh", ["-c", "sleep 30 & echo $!"])
    spawn.processGroup = true
    let before = Clock.monotonic()
    let result = try spawn.run(deadline: limit)
    #expect(Clock.monotonic() - before < .seconds(10))
    let sleeper = try #require(Int32(result.text.dropLast()))
    try Processes.signal(sleeper, .kill)
  }

  @Test(arguments: [
    ("/nowhere/program", "execve", Errno.noEntry), ("/etc/passwd", "execve", .access),
    ("no-such-program-at-all", "find the program in PATH", .noEntry),
  ])
  func `a program that cannot run is told by step and cause`(
    program: String, step: String, cause: Errno
  ) throws {
    let error = #expect(throws: SpawnError.self) { _ = try Spawn(Path(program)).start() }
    #expect(error?.step == step)
    #expect(error?.errno == cause)
    #expect(error?.subject == program)
    #expect(error?.description.contains(program) == true)
  }

  @Test func `a missing working directory is told as such`() throws {
    var spawn = Spawn("true")
    spawn.workingDirectory = "/nowhere"
    let error = #expect(throws: SpawnError.self) { _ = try spawn.start() }
    #expect(error?.step == "open working directory")
    #expect(error?.errno == .noEntry)
  }

  @Test func `a closed descriptor is told as such`() throws {
    var spawn = Spawn("true")
    spawn.descriptors = [5: 98_765]
    let error = #expect(throws: SpawnError.self) { _ = try spawn.start() }
    #expect(error?.step == "dup2")
    #expect(error?.errno == .badDescriptor)
  }

  @Test func `environment, folder and mask are as told`() throws {
    try withTemporaryDirectory { folder in
      var spawn = Spawn("sh", ["-c", "pwd; umask; env | grep ^KEY; echo $0"])
      spawn.name = "other-name"
      spawn.environment = ["PATH": "/usr/bin:/bin", "KEY": "a=b c"]
      spawn.workingDirectory = folder
      spawn.fileModeMask = 0o027
      let lines = try spawn.run(deadline: limit).text.split(separator: "\n").map(String.init)
      #expect(lines == [folder.string, "0027", "KEY=a=b c", "other-name"])
    }
  }

  @Test func `a session of its own has its own group`() throws {
    var spawn = Spawn("sleep", ["30"])
    spawn.newSession = true
    let child = try spawn.start()
    let entry = try #require(ProcessEntry(pid: child.pid))
    #expect(entry.session == child.pid && entry.group == child.pid)
    #expect(entry.parent == Host.processID)
    #expect(try child.killTree() == .signalled(.kill))
  }

  @Test func `ignored and blocked signals do not reach the program`() throws {
    let old = SignalSet([.user1, .terminate]).block()
    defer { old.restore() }
    let status = try Spawn("cat", ["/proc/self/status"]).run(deadline: limit).text
    #expect(field("SigBlk", of: status) == "0000000000000000")
    #expect(field("SigIgn", of: status) == "0000000000000000")
    #expect(SignalSet.blocked().contains(.user1))
  }

  @Test func `many starts from many threads leave nothing behind`() async throws {
    let failures = try await withThrowingTaskGroup(of: Int.self) { group in
      for _ in 0..<8 {
        group.addTask {
          var bad = 0
          for _ in 0..<10 {
            let result = try Spawn("sh", ["-c", "exit 3"]).run(deadline: .after(.seconds(20)))
            if result.status != .exited(3) { bad += 1 }
          }
          return bad
        }
      }
      return try await group.reduce(0, +)
    }
    #expect(failures == 0)
  }
}

/// The value of a line of `/proc/PID/status`.
func field(_ name: String, of status: String) -> String? {
  status.split(separator: "\n").first { $0.hasPrefix(name + ":") }
    .map { String($0.dropFirst(name.count + 1).drop { $0.isWhitespace }) }
}
