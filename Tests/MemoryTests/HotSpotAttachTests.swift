import Linux
import TestBed
import Testing

@testable import Memory

/// Speaking to real JVMs, and to what is none.
@Suite(
  .serialized, .timeLimit(.minutes(5)), .compiledProgram,
  .enabled(if: LiveJVM.isPossible, "needs root and a JDK (java, javac)"))
struct HotSpotAttachTests {
  private static let deadline = Duration.seconds(20)

  /// A JVM of this machine with a small heap.
  private func withJVM(
    _ options: [String] = [], kit: LiveJVM.Kit = LiveJVM.Kit.all[0], prefix: [String] = [],
    _ body: (borrowing LiveJVM) throws -> Void
  ) throws {
    let small = ["-XX:+UseSerialGC", "-Xmx64m"]
    let jvm = try LiveJVM(kit, small + options, heap: 1, native: 1, prefix: prefix)
    defer { try? jvm.end() }
    try body(jvm)
  }

  @Test(arguments: LiveJVM.Kit.all)
  func `a JVM is attached to once, and answers again and again`(kit: LiveJVM.Kit) throws {
    try withJVM(kit: kit) { jvm in
      let hotSpot = try #require(HotSpot(pid: jvm.pid))
      #expect(!FileSystem.exists(hotSpot.socket))
      for _ in 0..<3 {
        let began = Clock.monotonic()
        let version = try hotSpot.ask("VM.version", deadline: .after(Self.deadline))
        #expect(version.contains("JDK \(kit.version)"), "\(version)")
        print("JDK \(kit.version): VM.version in \(Clock.monotonic() - began)")
      }
      let names = try FileSystem.list(hotSpot.socket.parent)
      #expect(!names.contains { $0 == ".attach_pid\(hotSpot.ownPID)" })
      #expect(Processes.isAlive(jvm.pid))
    }
  }

  @Test func `a command that the JVM does not know is an error with its reason`() throws {
    try withJVM { jvm in
      let hotSpot = try #require(HotSpot(pid: jvm.pid))
      let error = #expect(throws: HotSpotError.self) {
        try hotSpot.ask("Thaw.nonsense", deadline: .after(Self.deadline))
      }
      #expect(error?.code == .refused)
      #expect(error?.cause.contains("Unknown diagnostic command") == true)
    }
  }

  @Test func `what is no JVM is never sent a signal`() throws {
    let child = try Spawn("sleep", ["1000"]).start()
    #expect(HotSpot(pid: child.pid) == nil)
    #expect(try HotSpotMemory.of(child.pid, deadline: .after(Self.deadline)) == nil)
    #expect(try HotSpotMemory.ranges(of: child.pid, deadline: .after(Self.deadline)).isEmpty)
    let ending = try child.poll()
    #expect(ending == nil)
    let killed = try child.killTree()
    #expect(killed == .signalled(.kill))
    #expect(HotSpot(pid: child.pid) == nil)
  }

  @Test func `a JVM that may not be attached to lives on`() throws {
    try withJVM(["-XX:+DisableAttachMechanism"]) { jvm in
      let error = #expect(throws: HotSpotError.self) {
        try HotSpotMemory.of(jvm.pid, deadline: .after(Self.deadline))
      }
      #expect(error?.code == .closed)
      let ending = try jvm.child.poll()
      #expect(ending == nil)
    }
  }

  @Test func `a JVM that does not catch SIGQUIT is asked where it listens, and never sent it`()
    throws
  {
    try withJVM(["-Xrs"]) { jvm in
      // It listens from its start.
      #expect(try HotSpotMemory.of(jvm.pid, deadline: .after(Self.deadline))?.version == 17)
      try FileSystem.remove(Path("/tmp/.java_pid\(jvm.pid)"))
      let error = #expect(throws: HotSpotError.self) {
        try HotSpotMemory.of(jvm.pid, deadline: .after(Self.deadline))
      }
      #expect(error?.code == .closed)
      let ending = try jvm.child.poll()
      #expect(ending == nil)
    }
  }

  @Test func `options in the environment count as well`() throws {
    let words = ["env", "JAVA_TOOL_OPTIONS=-XX:+DisableAttachMechanism"]
    try withJVM(prefix: words) { jvm in
      let error = #expect(throws: HotSpotError.self) {
        try HotSpotMemory.of(jvm.pid, deadline: .after(Self.deadline))
      }
      #expect(error?.code == .closed)
    }
  }

  @Test func `a JVM that stands still is given up at the deadline`() throws {
    try withJVM { jvm in
      try jvm.child.signal(.stop)
      let error = #expect(throws: HotSpotError.self) {
        try HotSpotMemory.of(jvm.pid, deadline: .after(.milliseconds(300)))
      }
      #expect(error?.code == .timedOut)
      try jvm.child.signal(.continue)
      // It listens as soon as it runs again: asked anew, it answers.
      #expect(try HotSpotMemory.of(jvm.pid, deadline: .after(Self.deadline))?.version == 17)
    }
  }

  @Test func `a JVM that ends while it is asked is told from one that is slow`() throws {
    try withJVM { jvm in
      try jvm.child.signal(.stop)
      let pid = jvm.pid
      // Stopped as it is, the signal ends it; it is not reaped yet.
      try jvm.child.signal(.kill)
      _ = try jvm.child.wait(deadline: .after(Self.deadline))
      #expect(try HotSpotMemory.of(pid, deadline: .after(Self.deadline)) == nil)
    }
  }

  @Test func `a socket that another left or made is not trusted`() throws {
    try withJVM { jvm in
      // One on which nobody listens, as a JVM that was killed leaves it.
      let path = Path("/tmp/.java_pid\(jvm.pid)")
      do { _ = try Descriptor.listen(on: .unix(path)) }
      #expect(FileSystem.exists(path))
      let hotSpot = try #require(HotSpot(pid: jvm.pid))
      #expect(
        try hotSpot.ask("VM.version", deadline: .after(Self.deadline)).contains("JDK 17"))
    }
  }

  @Test(.enabled(if: Machine.has("setpriv"), "needs setpriv"))
  func `a JVM of another user is asked by root`() throws {
    let words = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
    try withJVM(prefix: words) { jvm in
      let hotSpot = try #require(HotSpot(pid: jvm.pid))
      #expect(hotSpot.user == 65534)
      #expect(
        try hotSpot.ask("VM.version", deadline: .after(Self.deadline)).contains("JDK 17"))
      #expect(try FileSystem.status(hotSpot.socket).owner == 65534)
    }
  }

  @Test(.enabled(if: Machine.canMount && Machine.has("unshare"), "needs CAP_SYS_ADMIN, unshare"))
  func `a JVM in a pid namespace of its own is asked by its own number`() throws {
    let words = ["unshare", "--pid", "--fork", "--kill-child", "--mount-proc"]
    let jvm = try LiveJVM(
      LiveJVM.Kit.all[0], ["-XX:+UseSerialGC", "-Xmx64m"], heap: 1, native: 1,
      prefix: words)
    defer { try? jvm.end() }
    let pid = try #require(Processes.children(of: jvm.pid).first)
    let hotSpot = try #require(HotSpot(pid: pid))
    #expect(hotSpot.ownPID == 1)
    let memory = try HotSpotMemory.of(pid, deadline: .after(Self.deadline))
    #expect(memory?.ranges.isEmpty == false)
    try FileSystem.remove(hotSpot.socket)
  }

  @Test func `lines of proc are understood`() throws {
    let text = "Name:\tjava\nUid:\t0\t1000\t0\t0\nNSpid:\t4711\t12\nSigCgt:\t0000000000000004\n"
    let status = try #require(ProcessStatus(parsing: text))
    #expect(status.ownPID == 12)
    #expect(status.user == 1000)
    #expect(status.catches(.quit))
    #expect(!status.catches(.terminate))
    #expect(ProcessStatus(parsing: "Name:\tjava\n") == nil)
    let line = "7f00-7f10 r-xp 00001000 fe:00 42      /a b/libjvm.so"
    let mapping = try #require(LiveMapping(parsing: line))
    #expect(mapping.name == "/a b/libjvm.so")
    #expect(mapping.isExecutable && mapping.isPrivate && !mapping.isAnonymous)
    for strange in ["", "x", "10-5 r-xp 0 0:0 0", "5-10 r-xp 0 0:0", "5-10 r 0 0:0 0"] {
      #expect(LiveMapping(parsing: strange) == nil)
    }
    let openJ9 = try #require(LiveMapping(parsing: "1-2 r-xp 0 0:0 3 /x/libj9vm29.so"))
    #expect(HotSpot.isHotSpot([mapping]))
    #expect(!HotSpot.isHotSpot([mapping, openJ9]))
  }
}
