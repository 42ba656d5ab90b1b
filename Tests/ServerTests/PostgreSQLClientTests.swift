import Linux
import Testing

@testable import Server

extension `A real PostgreSQL` {
  struct `the client` {
    private let server: PostgreSQLServer
    private let soon = Deadline.after(.seconds(30))

    init() throws {
      server = try #require(PostgreSQLServer.current)
    }

    @Test(arguments: [
      ("trusty", nil), ("plain", "geheim"), ("digest", "geheim"), ("scram", "geheim"),
    ])
    func `every way to log in works`(user: String, password: String?) throws {
      var client = try PostgreSQLClient.connect(
        server.target(user, password: password), deadline: soon)
      #expect(try client.query("SELECT current_user", deadline: soon).rows == [[user]])
      #expect(client.parameters["server_encoding"] == "UTF8")
      client.close()
      let probe = Probe.postgresql(server.target(user, password: password), query: "SELECT 1")
      #expect(probe.check(deadline: soon) == .ready)
    }

    @Test(arguments: ["plain", "digest", "scram"])
    func `a wrong or missing password is final`(user: String) {
      let wrong = Probe.postgresql(server.target(user, password: "falsch"), query: "SELECT 1")
      #expect(
        wrong.check(deadline: soon)
          == .failed(reason: "28P01: password authentication failed for user \"\(user)\""))
      let none = Probe.postgresql(server.target(user), query: "SELECT 1")
      #expect(
        none.check(deadline: soon)
          == .failed(reason: "the server wants a password and none is given"))
    }

    @Test(arguments: [
      ("stranger", "postgres", "SELECT 1", "28000", true),
      ("trusty", "nowhere", "SELECT 1", "3D000", false),
      ("trusty", "postgres", "SELCT 1", "42601", true),
      ("trusty", "postgres", "SELECT * FROM nothing", "42P01", false),
      ("trusty", "postgres", "SELECT 1/0", "22012", false),
    ])
    func `a probe tells what may pass from what never will`(
      user: String, database: String, query: String, state: String, isFinal: Bool
    ) {
      let target = server.target(user, password: "geheim", database: database)
      switch Probe.postgresql(target, query: query).check(deadline: soon) {
      case .ready: Issue.record("ready")
      case .notYet(let reason): #expect(!isFinal && reason.hasPrefix(state), "\(reason)")
      case .failed(let reason): #expect(isFinal && reason.hasPrefix(state), "\(reason)")
      }
    }

    @Test func `both protocols give rows, nulls and tags`() throws {
      var client = try server.connect()
      let sql = "SELECT x, NULL AS nothing, 'ä;' || x AS text FROM generate_series(1, 3) x"
      let rows: [[String?]] = [["1", nil, "ä;1"], ["2", nil, "ä;2"], ["3", nil, "ä;3"]]
      for extended in [false, true] {
        let result =
          extended
          ? try client.query(sql, parameters: [], deadline: soon)
          : try client.query(sql, deadline: soon)
        #expect(result.columns == ["x", "nothing", "text"])
        #expect(result.rows == rows)
        #expect(result.tag == "SELECT 3")
      }
      let added = try client.query(
        "SELECT $1::int + 1, $2::text IS NULL, $3::text", parameters: ["41", nil, "ü"],
        deadline: soon)
      #expect(added.rows == [["42", "t", "ü"]])
      #expect(try client.query("", deadline: soon).tag == "")
      #expect(try client.query("", parameters: [], deadline: soon).rows.isEmpty)
      let limited = try client.query(
        "SELECT generate_series(1, 100000)", deadline: soon, rowLimit: 2)
      #expect(limited.rows == [["1"], ["2"]])
      #expect(limited.rowCount == 100_000)
      let large = try client.query("SELECT repeat('x', 5000000)", deadline: soon)
      #expect(large.rows.first?.first??.utf8.count == 5_000_000)
      client.close()
    }

    @Test func `a connection lives on after an error and passes notices on`() throws {
      var client = try server.connect()
      for extended in [false, true] {
        let error = #expect(throws: PostgreSQLError.self) {
          if extended {
            _ = try client.query("SELECT * FROM nothing", parameters: [], deadline: soon)
          } else {
            _ = try client.query("SELECT * FROM nothing", deadline: soon)
          }
        }
        #expect(error?.kind == .server)
        #expect("\(try #require(error))" == "42P01: relation \"nothing\" does not exist")
      }
      let noticed = try client.query(
        "DO $$ BEGIN RAISE NOTICE 'look;'; END $$", deadline: soon)
      #expect(noticed.notices.map(\.message) == ["look;"])
      _ = try client.query("LISTEN here", deadline: soon)
      _ = try client.query("NOTIFY here", deadline: soon)
      #expect(try client.query("SELECT 1", deadline: soon).rows == [["1"]])
      #expect(throws: PostgreSQLError.self) { try client.query("SELECT '\0'", deadline: soon) }
      #expect(try client.query("SELECT 1", deadline: soon).rows == [["1"]])
      client.close()
    }

    @Test func `copying in is refused, copying out passes`() throws {
      var client = try server.connect()
      _ = try client.query("CREATE TEMP TABLE t (x int)", deadline: soon)
      for extended in [false, true, false] {
        let error = #expect(throws: PostgreSQLError.self) {
          if extended {
            _ = try client.query("COPY t FROM STDIN", parameters: [], deadline: soon)
          } else {
            _ = try client.query("COPY t FROM STDIN", deadline: soon)
          }
        }
        #expect(error?.sqlState == "57014")
        #expect(error?.message.contains("Thaw has nothing to copy") == true)
      }
      let out = try client.query("COPY (SELECT 1) TO STDOUT", deadline: soon)
      #expect(out.tag == "COPY 1")
      #expect(try client.query("SELECT count(*) FROM t", deadline: soon).rows == [["0"]])
      client.close()
    }

    @Test func `a statement that takes too long is given up on both sides`() throws {
      let marker = "SELECT pg_sleep(50) -- \(UInt64.random(in: .min ... .max))"
      var slow = try server.connect()
      let error = #expect(throws: PostgreSQLError.self) {
        try slow.query(marker, deadline: .after(.milliseconds(200)))
      }
      #expect(error?.kind == .timedOut)
      let broken = #expect(throws: PostgreSQLError.self) {
        try slow.query("SELECT 1", deadline: soon)
      }
      #expect(broken?.kind == .closed)
      slow.cancel(deadline: soon)
      slow.close()
      // Gone from the server as soon as it has heard of it.
      let probe = Probe.postgresql(
        server.target("trusty"),
        query: """
          SELECT 1 / (1 - count(*)) FROM pg_stat_activity
          WHERE query = '\(marker)' AND state = 'active' HAVING count(*) > 0
          """)
      let outcome = Readiness(probes: [probe]).wait(deadline: .after(.seconds(20)))
      guard case .ready = outcome else {
        Issue.record("\(outcome)")
        return
      }
    }

    @Test func `a connection that the server ends is told`() throws {
      var client = try server.connect()
      let error = #expect(throws: PostgreSQLError.self) {
        try client.query("SELECT pg_terminate_backend(pg_backend_pid())", deadline: soon)
      }
      #expect(error?.sqlState == "57P01")
      let next = #expect(throws: PostgreSQLError.self) {
        try client.query("SELECT 1", deadline: soon)
      }
      #expect(next?.kind == .closed)
      client.close()
    }

    @Test func `close leaves no connection behind`() throws {
      let name = "close-\(UInt64.random(in: .min ... .max))"
      var watcher = try server.connect()
      for _ in 0..<20 {
        var client = try server.connect()
        _ = try client.query("SET application_name = '\(name)'", deadline: soon)
        client.close()
        let left = try watcher.query(
          "SELECT count(*) FROM pg_stat_activity WHERE application_name = '\(name)'",
          deadline: soon)
        #expect(left.rows == [["0"]])
      }
      watcher.close()
    }
  }
}
