import Linux
import TestBed
import Testing

@testable import Server

/// Servers of this machine's packages.
@Suite(.timeLimit(.minutes(1)))
struct `Real servers` {
  static let python = Spawn.find("python3", path: "/usr/bin:/bin")
  static let redis = Spawn.find("redis-server", path: "/usr/bin:/bin")
  private let soon = Deadline.after(.seconds(40))

  /// Starts a program, does something with it, and stops it.
  private func withServer(_ spawn: Spawn, _ body: (borrowing Child) throws -> Void) throws {
    let child = try spawn.start()
    let result = Result { try body(child) }
    _ = try child.killTree()
    try result.get()
  }

  @Test(.enabled(if: python != nil, "needs Debian's python3"))
  func `Python's web server answers`() throws {
    try withTemporaryDirectory { folder in
      try FileSystem.write("hello", to: folder / "hello.txt")
      try FileSystem.makeDirectory(folder / "sub", mode: 0o755, parents: false)
      let port = try freePort()
      let python = try #require(Self.python)
      let spawn = Spawn(
        python, ["-m", "http.server", "-b", "127.0.0.1", "-d", folder.string, "\(port)"])
      try withServer(spawn) { child in
        let endpoint = Endpoint(port: port)
        let watch = Watch(server: child.pidfd)
        let probes = [
          Probe.http(HTTPRequest(endpoint: endpoint)), .tcp(endpoint),
          .http(HTTPRequest(endpoint: endpoint, path: "/hello.txt", method: "HEAD")),
          .http(HTTPRequest(endpoint: endpoint, path: "/none", status: 404)),
          .http(HTTPRequest(endpoint: endpoint, path: "/", method: "POST", status: 501)),
        ]
        let outcome = Readiness(probes: probes).wait(deadline: soon, watch: watch)
        guard case .ready = outcome else {
          Issue.record("\(outcome)")
          return
        }
        let missing = Probe.http(HTTPRequest(endpoint: endpoint, path: "/none"))
        #expect(
          missing.check(deadline: soon) == .notYet(reason: "answered 404, expected 2xx"))
        let warmUp = WarmUp(steps: [
          Step(.http(HTTPRequest(endpoint: endpoint, path: "/hello.txt")), repetitions: 20),
          // A redirection to /sub/ is as good as an answer.
          Step(.http(HTTPRequest(endpoint: endpoint, path: "/sub"))),
        ])
        let result = warmUp.run(watch: watch)
        #expect(result.ending == .finished)
        #expect(result.record.steps.map(\.operations) == [20, 1])
        let sql = Probe.postgresql(
          PostgreSQLTarget(endpoint: endpoint, user: "me"), query: "SELECT 1")
        if case .ready = sql.check(deadline: .after(.milliseconds(500))) {
          Issue.record("a web server is no database")
        }
      }
    }
  }

  @Test(.enabled(if: redis != nil, "needs Debian's redis-server"))
  func `Redis is reached by TCP and is no other server`() throws {
    let port = try freePort()
    let redis = try #require(Self.redis)
    let spawn = Spawn(redis, ["--port", "\(port)", "--save", "", "--appendonly", "no"])
    try withServer(spawn) { child in
      let endpoint = Endpoint(port: port)
      let outcome = Readiness(probes: [.tcp(endpoint)]).wait(
        deadline: soon, watch: Watch(server: child.pidfd))
      guard case .ready = outcome else {
        Issue.record("\(outcome)")
        return
      }
      let http = Probe.http(HTTPRequest(endpoint: endpoint))
      #expect(http.check(deadline: .after(.milliseconds(300))) != .ready)
      let sql = Probe.postgresql(
        PostgreSQLTarget(endpoint: endpoint, user: "me"), query: "SELECT 1")
      #expect(sql.check(deadline: .after(.milliseconds(300))) != .ready)
      let ended = try child.poll()
      #expect(ended == nil, "the questions must do it no harm")
    }
  }

  @Test func `every recipe of this checkout is whole`() throws {
    let root = Path(#filePath).parent.parent.parent / "Recipes"
    let folders = try FileSystem.list(root).filter {
      FileSystem.exists(root / $0 / Recipe.fileName)
    }
    #expect(folders.contains("ledger"))
    for folder in folders {
      let recipe = try Recipe.load(root / folder)
      #expect(!recipe.server.command.isEmpty)
    }
  }
}
