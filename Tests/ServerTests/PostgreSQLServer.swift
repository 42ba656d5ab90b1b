import Linux
import TestBed
import Testing

@testable import Server

/// A PostgreSQL server of this machine's package, with one role for each way to log in.
struct PostgreSQLServer: Sendable {
  /// The server of the suite that runs.
  @TaskLocal static var current: PostgreSQLServer?

  let port: UInt16

  /// Where the package keeps `initdb` and `postgres`, nil when it is not installed.
  static let programs: Path? = {
    let root = Path("/usr/lib/postgresql")
    // Not installed: no such folder.
    let versions = (try? FileSystem.list(root)) ?? []
    let newest = versions.compactMap { Int($0) }.max()
    return newest.map { root / "\($0)" / "bin" }
  }()

  /// A role of this server; its password is `geheim` unless it is `trusty`.
  func target(_ user: String, password: String? = nil, database: String = "postgres")
    -> PostgreSQLTarget
  {
    PostgreSQLTarget(
      endpoint: Endpoint(port: port), user: user, password: password, database: database)
  }

  /// A new connection as the superuser.
  func connect() throws -> PostgreSQLClient {
    try PostgreSQLClient.connect(target("trusty"), deadline: .after(.seconds(30)))
  }

  private static let access = """
    host all trusty 127.0.0.1/32 trust
    host all plain 127.0.0.1/32 password
    host all digest 127.0.0.1/32 md5
    host all scram 127.0.0.1/32 scram-sha-256

    """

  private static let roles = [
    "SET password_encryption = 'md5'", "CREATE ROLE digest LOGIN PASSWORD 'geheim'",
    "SET password_encryption = 'scram-sha-256'", "CREATE ROLE plain LOGIN PASSWORD 'geheim'",
    "CREATE ROLE scram LOGIN PASSWORD 'geheim'", "CREATE ROLE stranger LOGIN PASSWORD 'geheim'",
  ]

  /// Starts a server in a folder, and stops it after `body`.
  static func run(_ body: (PostgreSQLServer) async throws -> Void) async throws {
    try await withTemporaryDirectory("postgresql") { try await run(in: $0, body) }
  }

  private static func run(
    in folder: Path, _ body: (PostgreSQLServer) async throws -> Void
  ) async throws {
    let programs = try #require(programs)
    let owner = UserDatabase().user(named: "postgres")
    let isRoot = Machine.isRoot
    if isRoot, let owner {
      try FileSystem.changeOwner(folder, user: owner.uid, group: owner.gid)
    }
    let spawn = { (name: String, arguments: [String]) in
      var spawn = Spawn(programs / name, arguments)
      spawn.workingDirectory = folder
      if isRoot, let owner { (spawn.user, spawn.group) = (owner.uid, owner.gid) }
      return spawn
    }
    let data = folder / "data"
    let made = try spawn(
      "initdb", ["-D", data.string, "-U", "trusty", "-A", "trust", "--no-sync", "-E", "UTF8"]
    ).run(deadline: .after(.seconds(50)))
    try #require(made.isSuccess, "initdb: \(made.errorText)")
    try FileSystem.write(access, to: data / "pg_hba.conf")
    let port = try freePort()
    let server = try spawn(
      "postgres",
      [
        "-D", data.string, "-p", "\(port)", "-k", folder.string, "-c", "fsync=off",
        "-c", "listen_addresses=127.0.0.1",
      ]
    ).start()
    do {
      try await use(server, PostgreSQLServer(port: port), body)
    } catch {
      try stop(server)
      throw error
    }
    try stop(server)
  }

  private static func use(
    _ child: borrowing Child, _ server: PostgreSQLServer,
    _ body: (PostgreSQLServer) async throws -> Void
  ) async throws {
    let probe = Probe.postgresql(server.target("trusty"), query: Probe.defaultQuery)
    let outcome = Readiness(probes: [probe]).wait(
      deadline: .after(.seconds(30)), watch: Watch(server: child.pidfd))
    guard case .ready = outcome else {
      Issue.record("PostgreSQL does not start: \(outcome)")
      return
    }
    var client = try server.connect()
    for sql in roles { _ = try client.query(sql, deadline: .after(.seconds(10))) }
    client.close()
    try await body(server)
  }

  private static func stop(_ server: borrowing Child) throws {
    try server.signal(.interrupt)
    if try server.wait(deadline: .after(.seconds(20))) == nil { _ = try server.killTree() }
  }
}

/// Runs a suite with a PostgreSQL server.
struct PostgreSQLTrait: SuiteTrait, TestScoping {
  @concurrent func provideScope(
    for test: Test, testCase: Test.Case?,
    performing function: @concurrent @Sendable () async throws -> Void
  ) async throws {
    try await PostgreSQLServer.run { server in
      try await PostgreSQLServer.$current.withValue(server) { try await function() }
    }
  }
}

extension Trait where Self == PostgreSQLTrait {
  /// A PostgreSQL server for all tests of the suite, as `PostgreSQLServer.current`.
  static var postgreSQL: PostgreSQLTrait { PostgreSQLTrait() }
}

/// The suites that share one server.
@Suite(
  .enabled(if: PostgreSQLServer.programs != nil, "needs Debian's postgresql"), .postgreSQL,
  .timeLimit(.minutes(1)))
struct `A real PostgreSQL` {}
