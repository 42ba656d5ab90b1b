import Glibc
import Linux
import TestBed
import Testing

@Suite(.timeLimit(.minutes(1))) struct EventTests {
  @Test func `a signal is read instead of having its effect`() async {
    await #expect(processExitsWith: .success) {
      SignalSet([.terminate, .user1]).block()
      let signals = try SignalDescriptor([.terminate, .user1])
      #expect(try signals.next(deadline: .after(.zero)) == nil)
      // To this thread: others of this process do not block it.
      raise(SIGTERM)
      let arrival = try signals.next(deadline: .after(.seconds(10)))
      #expect(arrival?.signal == .terminate)
      #expect(arrival?.pid == Host.processID)
      #expect(arrival?.user == Host.user)
    }
  }

  @Test func `a signal that is not blocked ends the process`() async {
    await #expect(processExitsWith: .signal(15)) {
      SignalSet([.user1]).block()
      try Processes.signal(Host.processID, .terminate)
      Deadline.after(.seconds(20)).pass()
    }
  }

  @Test func `an ignored signal has no effect`() async {
    await #expect(processExitsWith: .exitCode(3)) {
      try Signal.terminate.ignore()
      #expect(Signal.terminate.isIgnored)
      try Processes.signal(Host.processID, .terminate)
      exit(3)
    }
  }

  @Test func `epoll tells who is ready`() throws {
    let epoll = try Epoll()
    let pipe = try Pipe()
    let event = try EventDescriptor()
    try epoll.add(pipe.reader.rawValue, .readable, token: 7)
    try epoll.add(event.rawValue, .readable, token: .max)
    #expect(try epoll.wait(deadline: .after(.milliseconds(5))).isEmpty)
    try event.signal(3)
    let ready = try epoll.wait(deadline: .after(.seconds(10)))
    #expect(ready.map(\.token) == [.max])
    #expect(try event.wait(deadline: .after(.zero)) == 3)
    #expect(try event.wait(deadline: .after(.zero)) == nil)
    try pipe.writer.writeAll([1])
    try epoll.modify(pipe.reader.rawValue, .readable, token: 8)
    #expect(try epoll.wait(deadline: .after(.seconds(10))).first?.token == 8)
    try epoll.remove(pipe.reader.rawValue)
    #expect(try epoll.wait(deadline: .after(.zero)).isEmpty)
  }

  @Test func `the end of a process wakes epoll`() throws {
    let epoll = try Epoll()
    let child = try Spawn("true").start()
    try epoll.add(child.pidfd, .readable, token: 1)
    #expect(try epoll.wait(deadline: .after(.seconds(10))).map(\.token) == [1])
    #expect(try child.wait(deadline: .after(.zero)) == .exited(0))
  }

  @Test func `a timer fires, again and again, until it is stopped`() throws {
    let timer = try TimerDescriptor()
    try timer.set(after: .milliseconds(2), every: .milliseconds(2))
    var count: UInt64 = 0
    while count < 3 { count += try #require(try timer.wait(deadline: .after(.seconds(10)))) }
    try timer.stop()
    #expect(try timer.wait(deadline: .after(.milliseconds(10))) == nil)
    try timer.set(after: .zero)
    #expect(try timer.wait(deadline: .after(.seconds(10))) == 1)
  }

  @Test func `a named thread runs beside this one`() throws {
    let event = try EventDescriptor()
    let raw = event.rawValue
    let name = "a-thread-with-a-long-name"
    let thread = try NamedThread(name) {
      let mine = Processes.threads(of: Host.processID).compactMap { thread in
        // Other threads may end meanwhile.
        try? FileSystem.readText(Path("/proc/self/task/\(thread)/comm"))
      }
      guard mine.contains("a-thread-with-a\n") else { return }
      // A failure shows as a wait without an end.
      try? BorrowedDescriptor(raw).writeAll([1, 0, 0, 0, 0, 0, 0, 0])
    }
    thread.join()
    #expect(try event.wait(deadline: .after(.seconds(10))) == 1)
  }
}
