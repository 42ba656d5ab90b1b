import Linux
import Synchronization
import TestBed
import Testing

@testable import Server

@Suite(.timeLimit(.minutes(1)))
struct `Waiting until a server is ready` {
  private let soon = Deadline.after(.seconds(30))

  @Test func `without probes a server that runs is ready`() throws {
    guard case .ready = Readiness(probes: []).wait(deadline: soon) else {
      Issue.record("not ready")
      return
    }
    let child = try Spawn("true").start()
    _ = try child.wait(deadline: soon)
    let watch = Watch(server: child.pidfd)
    #expect(Readiness(probes: []).wait(deadline: soon, watch: watch) == .died)
  }

  @Test func `it is ready once every probe has succeeded`() throws {
    let port = try freePort()
    let probes = [Probe.command(["true"]), .tcp(Endpoint(port: port)), .command(["true", "x"])]
    var told: [String] = []
    let listeners = Listeners()
    let outcome = Readiness(probes: probes).wait(deadline: soon) { probe, reason in
      told.append("\(probe): \(reason ?? "asked")")
      // The server comes up after it was asked in vain.
      if reason != nil { try? listeners.open(port) }
    }
    guard case .ready(let after) = outcome else {
      Issue.record("\(outcome)")
      return
    }
    #expect(after > .zero && after < .seconds(20))
    #expect(
      told == [
        "exec:true: asked", "tcp://127.0.0.1:\(port): asked", "exec:true x: asked",
        "tcp://127.0.0.1:\(port): Connection refused (ECONNREFUSED)",
      ])
  }

  @Test func `the deadline tells what was missing`() throws {
    let port = try freePort()
    let readiness = Readiness(probes: [
      .command(["true"]), .tcp(Endpoint(port: port)), .command(["false"]),
    ])
    let start = Clock.monotonic()
    let outcome = readiness.wait(deadline: .after(.milliseconds(200)))
    guard case .timedOut(let pending) = outcome else {
      Issue.record("\(outcome)")
      return
    }
    #expect(
      pending.map(\.description) == [
        "tcp://127.0.0.1:\(port): Connection refused (ECONNREFUSED)",
        "exec:false: exit status 1",
      ])
    #expect(Clock.monotonic() - start < .seconds(10))
  }

  @Test func `a server that dies is noticed while a probe hangs`() throws {
    let child = try Spawn("sleep", ["1000"]).start()
    let pidfd = child.pidfd
    let pid = child.pid
    try Peer.run({ peer in
      _ = try peer.receive(upTo: 1000)
      try Processes.signal(pid, .kill)
      try peer.receiveAll()
    }) { port in
      let probe = Probe.http(HTTPRequest(endpoint: Endpoint(port: port)))
      let start = Clock.monotonic()
      let outcome = Readiness(probes: [probe]).wait(
        deadline: soon, watch: Watch(server: pidfd))
      #expect(outcome == .died)
      // Well before the first question would have been given up.
      #expect(Clock.monotonic() - start < .milliseconds(900))
    }
    #expect(try child.wait(deadline: soon) == .signalled(.kill))
  }

  @Test func `a server that dies between two questions is noticed`() throws {
    let port = try freePort()
    let child = try Spawn("sleep", ["1000"]).start()
    let pid = child.pid
    let outcome = Readiness(probes: [.tcp(Endpoint(port: port))]).wait(
      deadline: soon, watch: Watch(server: child.pidfd)
    ) { _, reason in
      if reason != nil { try? Processes.signal(pid, .kill) }
    }
    #expect(outcome == .died)
    _ = try child.wait(deadline: soon)
  }

  @Test func `a probe that another server answers does not hide the death`() throws {
    let child = try Spawn("true").start()
    _ = try child.wait(deadline: soon)
    try Peer.run({ _ in }) { port in
      #expect(
        Readiness(probes: [.tcp(Endpoint(port: port))]).wait(
          deadline: soon, watch: Watch(server: child.pidfd)) == .died)
    }
  }

  @Test func `a cancellation is noticed while a command hangs`() throws {
    let cancel = try EventDescriptor()
    let raw = cancel.rawValue
    try withTemporaryDirectory { folder in
      try FileSystem.makeFIFO(folder / "fifo")
      // The command tells that it runs, then hangs.
      let probe = Probe.command(["sh", "-c", "echo x > \(folder)/fifo; exec sleep 1000"])
      let fifo = "\(folder)/fifo"
      let thread = try NamedThread("canceller") {
        // A read that fails cancels as well; the outcome is the test's.
        _ = try? FileSystem.readText(Path(fifo))
        try? BorrowedDescriptor(raw).writeAll([1, 0, 0, 0, 0, 0, 0, 0])
      }
      let outcome = Readiness(probes: [probe]).wait(
        deadline: soon, watch: Watch(cancel: cancel.rawValue))
      thread.join()
      #expect(outcome == .cancelled)
    }
  }

  @Test func `a probe that can never succeed is given up after a while`() {
    let probe = Probe.command(["no-such-program"])
    let start = Clock.monotonic()
    let readiness = Readiness(probes: [probe], patience: .milliseconds(500))
    let outcome = readiness.wait(deadline: soon)
    guard case .refused(let pending) = outcome else {
      Issue.record("\(outcome)")
      return
    }
    #expect(pending.probe == probe)
    #expect(Clock.monotonic() - start >= .milliseconds(500))
  }

  @Test func `a question that hangs is asked anew`() throws {
    let count = Mutex(0)
    try Peer.run({ peer in
      let number = count.withLock { count in
        count += 1
        return count
      }
      _ = try peer.receive(until: "\r\n\r\n")
      if number == 1 { return try peer.receiveAll() }
      try peer.send(text: "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
    }) { port in
      let probe = Probe.http(HTTPRequest(endpoint: Endpoint(port: port)))
      guard case .ready = Readiness(probes: [probe]).wait(deadline: soon) else {
        Issue.record("not ready")
        return
      }
      #expect(count.withLock { $0 } == 2)
    }
  }
}

/// Sockets that stay open for as long as a test needs them.
private final class Listeners {
  private var listener: Peer.Listening?

  func open(_ port: UInt16) throws {
    if listener == nil { listener = try Peer.Listening(port) }
  }
}
