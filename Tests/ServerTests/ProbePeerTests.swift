import Linux
import Testing

@testable import Server

/// Probes against peers that misbehave.
@Suite(.timeLimit(.minutes(1)))
struct `Probes` {
  private func http(_ port: UInt16, status: Int? = nil) -> Probe {
    .http(HTTPRequest(endpoint: Endpoint(port: port), status: status))
  }

  private func sql(_ port: UInt16) -> Probe {
    .postgresql(
      PostgreSQLTarget(endpoint: Endpoint(port: port), user: "me", password: "x"),
      query: "SELECT 1")
  }

  /// What a probe finds out of a peer, and how long that takes.
  private func check(
    _ probe: (UInt16) -> Probe, within: Duration = .seconds(20),
    _ serve: @escaping @Sendable (borrowing Descriptor) throws -> Void
  ) throws -> (result: ProbeResult, took: Duration) {
    try Peer.run(serve) { port in
      let start = Clock.monotonic()
      let result = probe(port).check(deadline: .after(within))
      return (result, Clock.monotonic() - start)
    }
  }

  @Test func `nobody listens`() throws {
    let port = try freePort()
    let refused = ProbeResult.notYet(reason: "Connection refused (ECONNREFUSED)")
    #expect(Probe.tcp(Endpoint(port: port)).check(deadline: .after(.seconds(5))) == refused)
    #expect(http(port).check(deadline: .after(.seconds(5))) == refused)
    #expect(sql(port).check(deadline: .after(.seconds(5))) == refused)
    let tcp = Probe.tcp(Endpoint(host: "localhost", port: port))
    #expect(tcp.check(deadline: .after(.seconds(5))) == refused)
  }

  @Test func `a name that leads nowhere is final`() {
    let probe = Probe.tcp(Endpoint(host: "no-such-host.invalid", port: 1))
    #expect(
      probe.check(deadline: .after(.seconds(5)))
        == .failed(
          reason: "the host \"no-such-host.invalid\" is no address and not in /etc/hosts"))
  }

  @Test func `a connection is enough for TCP`() throws {
    #expect(try check({ .tcp(Endpoint(port: $0)) }) { _ in }.result == .ready)
    #expect(try check({ .tcp(Endpoint(host: "localhost", port: $0)) }) { _ in }.result == .ready)
  }

  @Test(arguments: [
    (200, nil, ProbeResult.ready), (204, nil, .ready), (404, 404, .ready),
    (302, nil, .notYet(reason: "answered 302, expected 2xx")),
    (503, nil, .notYet(reason: "answered 503, expected 2xx")),
    (200, 204, .notYet(reason: "answered 200, expected 204")),
  ])
  func `the status decides for HTTP`(status: Int, wanted: Int?, result: ProbeResult) throws {
    let found = try check({ http($0, status: wanted) }) { peer in
      _ = try peer.receive(until: "\r\n\r\n")
      try peer.send(text: "HTTP/1.1 \(status) X\r\nContent-Length: 2\r\n\r\nok")
    }
    #expect(found.result == result)
  }

  @Test func `an answer that comes byte by byte is read`() throws {
    let found = try check({ http($0) }) { peer in
      _ = try peer.receive(until: "\r\n\r\n")
      for letter in "HTTP/1.1 200 X\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n" {
        try peer.send(text: String(letter))
      }
    }
    #expect(found.result == .ready)
  }

  @Test func `a peer that never answers is given up at the deadline`() throws {
    for probe in [{ http($0) }, sql] {
      let found = try check(probe, within: .milliseconds(100)) { try $0.receiveAll() }
      #expect(found.result == .notYet(reason: "no answer in time"))
      #expect(found.took >= .milliseconds(100) && found.took < .seconds(10))
    }
  }

  @Test func `a peer that closes at once may still come up`() throws {
    let http = try check({ self.http($0) }) { _ = try $0.receive(until: "\r\n\r\n") }
    #expect(http.result == .notYet(reason: "the connection was closed before it answered"))
    let sql = try check(self.sql) { _ = try $0.receive(upTo: 1000) }
    #expect(sql.result == .notYet(reason: "the server closed the connection"))
  }

  @Test func `a peer that resets the connection may still come up`() throws {
    // Unread bytes turn the close into a reset.
    for probe in [{ http($0) }, sql] {
      guard case .notYet = try check(probe, { _ in }).result else {
        Issue.record("not told as not yet")
        continue
      }
    }
  }

  @Test func `a body without end does not hold up the verdict`() throws {
    let found = try check({ http($0) }) { peer in
      _ = try peer.receive(until: "\r\n\r\n")
      try peer.send(text: "HTTP/1.1 200 X\r\n\r\n")
      while true { try peer.send(text: String(repeating: "a", count: 1000)) }
    }
    #expect(found.result == .ready)
    #expect(found.took < .seconds(10))
  }

  @Test func `an event stream that says nothing more does not hold up the verdict`() throws {
    let found = try check({ http($0) }) { peer in
      _ = try peer.receive(until: "\r\n\r\n")
      try peer.send(text: "HTTP/1.1 200 X\r\nContent-Type: text/event-stream\r\n\r\n")
      try peer.receiveAll()
    }
    #expect(found.result == .ready)
    #expect(found.took < .seconds(10))
  }

  @Test func `interim answers without end are given up at the deadline`() throws {
    let found = try check({ http($0) }, within: .milliseconds(200)) { peer in
      while true { try peer.send(text: "HTTP/1.1 100 Continue\r\n\r\n") }
    }
    #expect(found.result == .notYet(reason: "no answer in time"))
  }

  @Test func `another protocol is final`() throws {
    let ssh = try check({ http($0) }) {
      try $0.send(text: "SSH-2.0-x\r\n"); try $0.receiveAll()
    }
    #expect(ssh.result == .failed(reason: "not an HTTP answer: \"S\""))
    let web = try check(sql) { peer in
      try peer.send(text: "HTTP/1.1 400 Bad Request\r\n\r\n")
      try peer.receiveAll()
    }
    #expect(
      web.result
        == .failed(
          reason: "the server does not speak PostgreSQL's protocol: "
            + "\"HTTP/1.1 400 Bad Request\\r\\n\\r\\n\""))
    let redis = try check(sql) { peer in
      try peer.send(text: "-ERR unknown command\r\n")
      try peer.receiveAll()
    }
    guard case .failed = redis.result else {
      Issue.record("\(redis.result)")
      return
    }
  }

  @Test func `rows without end are given up at the deadline`() throws {
    let found = try check(sql, within: .milliseconds(300)) { peer in
      try peer.sendAll(Backend.authentication(0) + Backend.ready, deadline: .never)
      while true { try peer.sendAll(Backend.one, deadline: .after(.seconds(20))) }
    }
    #expect(found.result == .notYet(reason: "no answer in time"))
    #expect(found.took < .seconds(10))
  }

  @Test func `a database that starts up or knows no login is told`() throws {
    let starting = try check(sql) { peer in
      _ = try peer.receive(upTo: 1000)
      try peer.sendAll(
        Backend.error("57P03", "the database system is starting up", severity: "FATAL"),
        deadline: .never)
      try peer.receiveAll()
    }
    #expect(
      starting.result == .notYet(reason: "57P03: the database system is starting up"))
    let kerberos = try check(sql) { peer in
      _ = try peer.receive(upTo: 1000)
      try peer.sendAll(Backend.authentication(2), deadline: .never)
      try peer.receiveAll()
    }
    #expect(
      kerberos.result
        == .failed(reason: "the server wants a login of kind 2, which Thaw does not know"))
  }

  @Test func `what a server says reaches a terminal without its controls`() throws {
    let found = try check(sql) { peer in
      _ = try peer.receive(upTo: 1000)
      try peer.sendAll(Backend.error("28P01", "\u{1B}[31mred\nline"), deadline: .never)
      try peer.receiveAll()
    }
    #expect(found.result == .failed(reason: "28P01: \\u{1b}[31mred\\nline"))
  }
}
