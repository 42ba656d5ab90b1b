import FoundationEssentials
import Linux
import Synchronization
import TestBed
import Testing

@testable import Server

/// Warm-ups without a real database.
@Suite(.timeLimit(.minutes(1)))
struct `A warm-up` {
  private func sql(_ port: UInt16, _ statements: [String], form: Step.SQL.Form? = nil)
    -> Step.Action
  {
    let target = PostgreSQLTarget(endpoint: Endpoint(port: port), user: "me")
    return .sql(Step.SQL(target: target, statements: statements, form: form))
  }

  @Test func `without steps is done at once`() {
    let result = WarmUp().run()
    #expect(result.ending == .finished)
    #expect(result.record.steps.isEmpty)
  }

  @Test func `that is to last does all steps again, none by half`() throws {
    try withTemporaryDirectory { folder in
      let file = folder / "log"
      let write = { (text: String) in Step.Action.command(["sh", "-c", "echo \(text) >> \(file)"]) }
      let warmUp = WarmUp(
        lasting: .milliseconds(500), steps: [Step(write("a"), repetitions: 2), Step(write("b"))])
      let result = warmUp.run()
      #expect(result.ending == .finished)
      #expect(result.record.duration >= .milliseconds(500))
      let rounds = result.record.steps[1].repetitions
      #expect(rounds > 1)
      #expect(result.record.steps.map(\.repetitions) == [2 * rounds, rounds])
      #expect(result.record.steps.map(\.asked) == [2 * rounds, rounds])
      let log = try FileSystem.readText(file)
      #expect(log == String(repeating: "a\na\nb\n", count: rounds))
    }
  }

  @Test func `that fails does not begin again`() {
    let result = WarmUp(lasting: .seconds(60), steps: [Step(.command(["false"]))]).run()
    #expect(result.ending != .finished)
    #expect(result.record.steps.map(\.asked) == [1])
  }

  @Test func `steps run in order and tell how far they are`() throws {
    try withTemporaryDirectory { folder in
      let file = folder / "log"
      let write = { (text: String) in Step.Action.command(["sh", "-c", "echo \(text) >> \(file)"]) }
      let warmUp = WarmUp(steps: [
        Step(write("a"), repetitions: 3), Step(write("$THAW_SERVER_PID")),
      ])
      var told: [String] = []
      let result = warmUp.run(commands: CommandContext(serverPID: 7)) { progress in
        told.append(
          "\(progress.step)/\(progress.steps) \(progress.repetition)/\(progress.repetitions)")
      }
      #expect(result.ending == .finished)
      #expect(told == ["1/2 1/3", "1/2 2/3", "1/2 3/3", "2/2 1/1"])
      let log = try FileSystem.readText(file)
      #expect(log == "a\na\na\n7\n")
      #expect(result.record.steps.map(\.repetitions) == [3, 1])
      #expect(result.record.steps.map(\.operations) == [3, 1])
      #expect(result.record.steps.allSatisfy { !$0.cutShort && $0.errors.isEmpty })
      #expect(result.record.duration >= result.record.steps[0].duration)
    }
  }

  @Test func `a command that fails ends it with the reason`() {
    let warmUp = WarmUp(steps: [
      Step(.command(["sh", "-c", "echo broken >&2; exit 4"]), repetitions: 3),
      Step(.command(["true"])),
    ])
    let result = warmUp.run()
    let title = "sh -c 'echo broken >&2; exit 4'"
    #expect(result.ending == .failed("step 1 of 2, \(title): exit status 4: broken"))
    #expect(result.record.steps.count == 1)
    #expect(result.record.steps[0].errors == ["exit status 4: broken"])
  }

  @Test func `a time limit stops its step and goes on`() {
    let warmUp = WarmUp(steps: [
      Step(.command(["sleep", "1000"]), repetitions: 5, within: .milliseconds(200)),
      Step(.command(["true"])),
    ])
    let result = warmUp.run()
    #expect(result.ending == .finished)
    #expect(result.record.steps.map(\.cutShort) == [true, false])
    #expect(result.record.steps.map(\.repetitions) == [0, 1])
  }

  @Test func `the limit of the whole leaves out what is left`() {
    let warmUp = WarmUp(
      within: .milliseconds(200),
      steps: [Step(.command(["true"]), repetitions: 1_000_000), Step(.command(["true"]))])
    let result = warmUp.run()
    #expect(result.ending == .finished)
    #expect(result.record.steps.map(\.cutShort) == [true, true])
    #expect(result.record.steps[0].repetitions > 0)
    #expect(result.record.steps[1].operations == 0)
  }

  @Test func `simple and extended protocol take turns`() throws {
    let seen = Mutex("")
    try Peer.run({ peer in
      try FakeDatabase.serve(peer) { type in seen.withLock { $0 += type } }
    }) { port in
      let result = WarmUp(steps: [Step(sql(port, ["SELECT 1", "SELECT 2"]), repetitions: 3)]).run()
      #expect(result.ending == .finished)
      #expect(result.record.steps[0].operations == 6)
      // Q is a simple statement; P, B, D, E, S an extended one; X the goodbye of each repetition.
      #expect(seen.withLock { $0 } == "QQXPBDESPBDESXQQX")
      seen.withLock { $0 = "" }
      _ = WarmUp(steps: [Step(sql(port, ["SELECT 1"], form: .extended), repetitions: 2)]).run()
      #expect(seen.withLock { $0 } == "PBDESXPBDESX")
    }
  }

  @Test func `a server that is not there ends it`() throws {
    let port = try freePort()
    let steps = [
      (
        sql(port, ["SELECT 1"]),
        "SELECT 1: cannot connect to postgresql://me@127.0.0.1:\(port)/me: "
      ),
      (
        .http(HTTPRequest(endpoint: Endpoint(port: port))),
        "GET http://127.0.0.1:\(port)/: "
      ),
    ]
    for (action, told) in steps {
      let result = WarmUp(steps: [Step(action)]).run()
      #expect(
        result.ending
          == .failed("step 1 of 1, \(told)Connection refused (ECONNREFUSED)"))
    }
  }

  @Test(arguments: [
    (404, nil, "answered 404, expected 2xx or 3xx"), (200, 404, "answered 200, expected 404"),
  ])
  func `a wrong status ends it`(status: Int, wanted: Int?, reason: String) throws {
    try Peer.run({ peer in
      _ = try peer.receive(until: "\r\n\r\n")
      try peer.send(text: "HTTP/1.1 \(status) X\r\nContent-Length: 0\r\n\r\n")
    }) { port in
      let request = HTTPRequest(endpoint: Endpoint(port: port), status: wanted)
      let result = WarmUp(steps: [Step(.http(request))]).run()
      #expect(result.ending == .failed("step 1 of 1, \(request.title): \(reason)"))
    }
  }

  @Test func `an answer without end is cut short`() throws {
    try Peer.run({ peer in
      try peer.send(text: "HTTP/1.1 200 X\r\n\r\n")
      while true { try peer.send(text: String(repeating: "a", count: 1000)) }
    }) { port in
      let request = HTTPRequest(endpoint: Endpoint(port: port))
      let result = WarmUp(steps: [Step(.http(request), within: .milliseconds(300))]).run()
      #expect(result.ending == .finished)
      #expect(result.record.steps[0].cutShort)
    }
  }

  @Test func `a server that dies in a step is told as such`() throws {
    let child = try Spawn("sleep", ["1000"]).start()
    let pid = child.pid
    try Peer.run({ peer in
      _ = try peer.receive(until: "\r\n\r\n")
      // The connection is closed first, as the kernel does it, the process ends a moment later.
      try peer.shutdown(reading: true)
      try Processes.signal(pid, .kill)
    }) { port in
      let warmUp = WarmUp(steps: [Step(.http(HTTPRequest(endpoint: Endpoint(port: port))))])
      let result = warmUp.run(watch: Watch(server: child.pidfd))
      #expect(result.ending == .died)
      #expect(result.record.steps.count == 1)
    }
    _ = try child.wait(deadline: .after(.seconds(10)))
  }

  @Test func `a cancellation ends it at once`() throws {
    let cancel = try EventDescriptor()
    let warmUp = WarmUp(steps: [Step(.command(["sleep", "1000"])), Step(.command(["true"]))])
    let start = Clock.monotonic()
    let result = warmUp.run(watch: Watch(cancel: cancel.rawValue)) { _ in try? cancel.signal() }
    #expect(result.ending == .cancelled)
    #expect(result.record.steps.count == 1)
    #expect(Clock.monotonic() - start < .seconds(10))
  }

  @Test func `its record survives JSON as it is`() throws {
    let result = WarmUp(steps: [Step(.command(["true"])), Step(.command(["false"]))]).run()
    let json = try JSONEncoder().encode(result.record)
    #expect(try JSONDecoder().decode(WarmUp.Record.self, from: json) == result.record)
  }

  @Test func `who is no JVM cannot be asked by jcmd, and the warm-up goes on`() throws {
    let steps = [Step(.jcmd("GC.run")), Step(.command(["true"]))]
    let json = try JSONEncoder().encode(steps)
    #expect(try JSONDecoder().decode([Step].self, from: json) == steps)
    let result = WarmUp(steps: steps).run(commands: CommandContext(serverPID: Host.processID))
    #expect(result.ending == .finished)
    #expect(result.record.steps.map(\.operations) == [0, 1])
    #expect(result.record.steps.first?.errors.first?.contains("no HotSpot JVM") == true)
  }

  @Test func `a step has a title`() {
    let target = PostgreSQLTarget(endpoint: Endpoint(port: 1), user: "me")
    let titles = [
      Step.Action.sql(.init(target: target, statements: ["SELECT\n1"])),
      .sql(.init(target: target, statements: ["a", "b"])),
      .sql(.init(target: target, statements: ["a", "b"], file: "warm-up.sql")),
      .command(["kill", "$THAW_SERVER_PID", "a b"]), .jcmd("GC.run"),
    ].map { Step($0).title }
    #expect(
      titles == [
        "SELECT\\n1", "2 statements", "warm-up.sql", "kill '$THAW_SERVER_PID' 'a b'", "jcmd GC.run",
      ])
  }
}

/// As much of a database as a warm-up needs: everybody may log in, every statement gives one row.
enum FakeDatabase {
  /// Serves one connection; `told` gets the type of every message.
  static func serve(_ peer: borrowing Descriptor, told: (String) -> Void) throws {
    let deadline = Deadline.after(.seconds(20))
    // The startup message has no type.
    _ = try read(peer, try length(peer))
    try peer.sendAll(Backend.authentication(0) + Backend.ready, deadline: deadline)
    while let type = try read(peer, 1).first {
      told(String(Unicode.Scalar(type)))
      _ = try read(peer, try length(peer))
      switch type {
      case UInt8(ascii: "Q"): try peer.sendAll(Backend.one + Backend.ready, deadline: deadline)
      case UInt8(ascii: "E"): try peer.sendAll(Backend.one, deadline: deadline)
      case UInt8(ascii: "S"): try peer.sendAll(Backend.ready, deadline: deadline)
      case UInt8(ascii: "X"): return
      default: break
      }
    }
  }

  private static func length(_ peer: borrowing Descriptor) throws -> Int {
    max(0, try read(peer, 4).reduce(0) { $0 << 8 | Int($1) } - 4)
  }

  private static func read(_ peer: borrowing Descriptor, _ count: Int) throws -> [UInt8] {
    var bytes: [UInt8] = []
    while bytes.count < count {
      let more = try peer.receive(upTo: count - bytes.count, deadline: .after(.seconds(20)))
      if more.isEmpty { break }
      bytes += more
    }
    return bytes
  }
}
