import Linux
import TestBed
import Testing

/// In a process of its own: other tests open descriptors meanwhile.
@Suite(.timeLimit(.minutes(1))) struct LeakTests {
  @Test func `nothing of files, sockets, events and locks stays open`() async {
    await #expect(processExitsWith: .success) {
      try withTemporaryDirectory("leaks") { folder in
        try Leaks.useEverything(folder / "first")
        let before = openDescriptors()
        try Leaks.useEverything(folder / "second")
        #expect(openDescriptors() == before)
        // Events and timers show in numbers: one more each time would be twenty.
        let all = allOpenDescriptors()
        for round in 0..<20 { try Leaks.useEverything(folder / "round \(round)") }
        #expect(abs(allOpenDescriptors() - all) < 10)
        // The counter sees what it should.
        let file = try Descriptor.open("/dev/null", .readOnly)
        #expect(openDescriptors() == before + 1)
        #expect(file.rawValue > 2)
      }
    }
  }

  @Test func `nothing stays open when things fail`() async {
    await #expect(processExitsWith: .success) {
      try withTemporaryDirectory("leaks") { folder in
        Leaks.failEverywhere(folder)
        let before = openDescriptors()
        Leaks.failEverywhere(folder)
        #expect(openDescriptors() == before)
      }
    }
  }

  @Test func `a released descriptor is not closed`() async {
    await #expect(processExitsWith: .success) {
      let before = openDescriptors()
      let raw = try Descriptor.open("/dev/null", .readOnly).release()
      #expect(openDescriptors() == before + 1)
      _ = Descriptor(owning: raw)
      #expect(openDescriptors() == before)
    }
  }
}

/// What is done to look for leaks.
enum Leaks {
  static func useEverything(_ folder: Path) throws {
    try FileSystem.makeDirectory(folder / "a/b", parents: true)
    try FileSystem.writeFile(folder / "a/file", [1], durable: true)
    try FileSystem.link(folder / "a/file", to: folder / "a/b/again")
    try FileSystem.copyTree(from: folder / "a", to: folder / "c")
    try FileSystem.walk(folder) { _, _ in }
    try FileSystem.removeTree(folder / "c")
    let pipe = try Pipe()
    let pair = try SocketPair(kind: .stream)
    try pair.first.sendDescriptors([pipe.reader.rawValue])
    _ = try pair.second.receiveDescriptors().count
    let listener = try Descriptor.listen(on: .loopback(port: 0))
    let client = try Descriptor.connect(
      to: listener.localAddress(), deadline: .after(.seconds(10)))
    _ = try listener.accept(deadline: .after(.seconds(10))) != nil
    try client.shutdown()
    let epoll = try Epoll()
    try epoll.add(pipe.reader.rawValue, .readable, token: 1)
    _ = try EventDescriptor().wait(deadline: .after(.zero))
    _ = try TimerDescriptor().wait(deadline: .after(.zero))
    _ = try SignalDescriptor([.user1]).next(deadline: .after(.zero))
    _ = try FileLock.tryLock(folder / "lock") != nil
    _ = try Descriptor.open(folder / "a/file", .readOnly).withMapping { $0.byteCount }
    _ = try Spawn("cat").run(input: [1], deadline: .after(.seconds(20)))
    _ = try Processes.memory(ofTree: Host.processID)
    _ = try Mount.table()
  }

  static func failEverywhere(_ folder: Path) {
    #expect(throws: Errno.self) { _ = try Descriptor.open(folder / "none", .readOnly) }
    #expect(throws: Errno.self) { try FileSystem.copyTree(from: folder / "none", to: folder / "x") }
    #expect(throws: Errno.self) { try FileSystem.copyTree(from: "/etc/hostname", to: "/dev/null") }
    #expect(throws: Errno.self) { try FileSystem.removeTree("/proc/self") }
    #expect(throws: Errno.self) { try FileSystem.writeFile("/proc/x", [1], durable: true) }
    #expect(throws: Errno.self) { _ = try Descriptor.listen(on: .unix("/proc/x")) }
    #expect(throws: Errno.self) {
      _ = try Descriptor.connect(to: .unix(folder / "none"), deadline: .never)
    }
    #expect(throws: SpawnError.self) { _ = try Spawn(folder).run(deadline: .never) }
  }
}
