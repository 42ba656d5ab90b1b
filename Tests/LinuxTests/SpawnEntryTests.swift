import Linux
import TestBed
import Testing

/// Programs that are started in the namespaces of another process.
@Suite(
  .timeLimit(.minutes(1)), .enabled(if: Machine.isRoot && Machine.canMount, "needs root and mounts")
)
struct SpawnEntryTests {
  private static let kinds: Namespaces = [.mount, .pid, .network, .ipc, .uts, .time]

  /// A process in namespaces of its own, whose clocks are a day ahead; it ends with its standard input.
  private func inside<Result>(_ body: (Int32) throws -> Result) throws -> Result {
    let input = try Pipe()
    let output = try Pipe()
    var spawn = Spawn("sh", ["-c", "hostname inside; mount -t proc proc /proc; echo; exec cat"])
    spawn.namespaces = Self.kinds
    spawn.clockOffsets = .init(monotonic: .seconds(86_400), bootTime: .seconds(86_400))
    spawn.descriptors = [0: input.reader.rawValue, 1: output.writer.rawValue]
    let child = try spawn.start()
    defer { _ = try? child.killTree() }
    _ = try output.reader.read(upTo: 1)
    return try body(child.pid)
  }

  private func text(_ words: [String], in pid: Int32) throws -> String {
    let pidfd = try Processes.open(pid)
    var spawn = Spawn("/bin/sh", ["-c"] + words)
    spawn.entering = .init(pidfd: pidfd.rawValue, namespaces: Self.kinds)
    let result = try spawn.run(deadline: .after(.seconds(20)))
    #expect(result.isSuccess, "\(result.errorText)")
    return result.text
  }

  @Test func `it sees processes, mounts, names and clocks of there`() throws {
    try inside { pid in
      let text = try text(["hostname; cat /proc/uptime; cat /proc/1/comm"], in: pid)
      let lines = text.split(separator: "\n")
      #expect(lines.first == "inside")
      let uptime = Double(lines[1].split(separator: " ")[0]) ?? 0
      #expect(uptime > 86_400 && .seconds(uptime) > Clock.bootTime() + .seconds(86_000))
      #expect(lines.last == "cat")
    }
  }

  @Test func `it is a child of the caller, with its status`() throws {
    try inside { pid in
      let pidfd = try Processes.open(pid)
      var spawn = Spawn("/bin/sh", ["-c", "exit 7"])
      spawn.entering = .init(pidfd: pidfd.rawValue, namespaces: Self.kinds)
      spawn.parentDeathSignal = .kill
      let child = try spawn.start()
      #expect(try child.wait(deadline: .after(.seconds(10))) == .exited(7))
    }
  }

  @Test func `pids of there can be left out`() throws {
    try inside { pid in
      try Processes.leaveOutPIDs(upTo: 1000, inNamespaceOf: pid)
      #expect(try text(["echo $$"], in: pid) == "1001\n")
      let missing = #expect(throws: Errno.self) {
        try Processes.leaveOutPIDs(upTo: 1000, inNamespaceOf: Int32.max)
      }
      #expect(missing == .noSuchProcess)
    }
  }

  @Test func `what cannot be entered or started is told`() throws {
    try inside { pid in
      let pidfd = try Processes.open(pid)
      var spawn = Spawn("/no/such/program")
      spawn.entering = .init(pidfd: pidfd.rawValue, namespaces: Self.kinds)
      let missing = #expect(throws: SpawnError.self) { _ = try spawn.start() }
      #expect(missing?.step == "execve" && missing?.errno == .noEntry)
      let file = try Descriptor.open("/dev/null", .readOnly)
      spawn.entering = .init(pidfd: file.rawValue, namespaces: Self.kinds)
      let wrong = #expect(throws: SpawnError.self) { _ = try spawn.start() }
      #expect(wrong?.step == "setns")
    }
  }
}
