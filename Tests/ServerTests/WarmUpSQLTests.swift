import Linux
import TestBed
import Testing

@testable import Server

extension `A real PostgreSQL` {
  struct `a warm-up` {
    private let server: PostgreSQLServer
    private let soon = Deadline.after(.seconds(30))

    init() throws {
      server = try #require(PostgreSQLServer.current)
    }

    private func step(
      _ statements: [String], repetitions: Int = 1, within: TimeSpan? = nil,
      form: Step.SQL.Form? = nil
    ) -> Step {
      let target = server.target("scram", password: "geheim")
      return Step(
        .sql(.init(target: target, statements: statements, form: form)), repetitions: repetitions,
        within: within)
    }

    @Test func `a script runs as often as asked, in both protocols`() throws {
      let statements = try SQLScript.statements(
        in: """
          CREATE TEMP TABLE t (x int, y text); -- a table; of this connection
          INSERT INTO t SELECT i, $$a;b$$ FROM generate_series(1, 100) i;
          SELECT count(*), max(y) FROM t WHERE x > 50 AND y <> ';';
          DO $body$ BEGIN PERFORM 1; PERFORM 2; END $body$;
          """)
      #expect(statements.count == 4)
      let result = WarmUp(steps: [step(statements, repetitions: 10)]).run()
      #expect(result.ending == .finished)
      #expect(result.record.steps[0].operations == 40)
      #expect(result.record.steps[0].repetitions == 10)
    }

    @Test(arguments: [Step.SQL.Form.simple, .extended])
    func `a wrong statement ends it with statement, SQLSTATE and message`(form: Step.SQL.Form) {
      let result = WarmUp(steps: [
        step(["SELECT 1", "SELECT *\n  FROM nothing"], repetitions: 3, form: form),
        step(["SELECT 1"]),
      ]).run()
      #expect(
        result.ending
          == .failed(
            "step 1 of 2, 2 statements: statement 2, \(form.rawValue) protocol, "
              + "`SELECT * FROM nothing`: 42P01: relation \"nothing\" does not exist"))
      #expect(result.record.steps.count == 1)
      #expect(result.record.steps[0].operations == 1)
      #expect(result.record.steps[0].repetitions == 0)
    }

    @Test func `a transaction to be tried again is noted and does not end it`() {
      let clash = "DO $$ BEGIN RAISE EXCEPTION 'clash' USING ERRCODE = '40001'; END $$"
      let result = WarmUp(steps: [step([clash, "SELECT 1"], repetitions: 12)]).run()
      #expect(result.ending == .finished)
      #expect(result.record.steps[0].repetitions == 0)
      #expect(result.record.steps[0].errors.count == 10)
      #expect(result.record.steps[0].errors[0].hasSuffix("40001: clash"))
    }

    @Test func `a statement without end is given up on both sides`() throws {
      let marker = "SELECT pg_sleep(50), \(UInt32.random(in: .min ... .max))"
      let result = WarmUp(steps: [
        step([marker], within: .milliseconds(500)), step(["SELECT 1"]),
      ]).run()
      #expect(result.ending == .finished)
      #expect(result.record.steps.map(\.cutShort) == [true, false])
      var watcher = try server.connect()
      let count = """
        SELECT count(*) FROM pg_stat_activity WHERE query = '\(marker)' AND state = 'active'
        """
      #expect(try eventually { try watcher.query(count, deadline: soon).rows == [["0"]] })
      watcher.close()
    }

    @Test func `a wrong password ends it`() {
      let target = server.target("scram", password: "falsch")
      let result = WarmUp(steps: [Step(.sql(.init(target: target, statements: ["SELECT 1"])))])
        .run()
      #expect(
        result.ending
          == .failed(
            "step 1 of 1, SELECT 1: cannot connect to \(target.title): "
              + "28P01: password authentication failed for user \"scram\""))
    }
  }
}
