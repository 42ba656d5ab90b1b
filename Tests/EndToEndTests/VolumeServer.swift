import Linux
import TestBed
import Testing

/// A server that tests run on volumes: its image, what may be otherwise when it is started, and how rows are written.
struct VolumeServer: Sendable, CustomTestStringConvertible {
  /// What is built, its port for rows published as 15432.
  var built: BuiltImage.Server
  /// Whether its base is there.
  var isThere: Bool
  /// Its data folder.
  var data: Path
  var language: Language
  /// A variable that was not there at the freeze.
  var variable: String
  /// Other words for the same arguments.
  var arguments: String
  /// Its own command line, for a program that knows nothing of Thaw: arguments of `java`.
  var plain: String

  /// How rows are written and read.
  enum Language: Sendable {
    /// A table, over PostgreSQL's protocol.
    case sql
    /// Documents, over XTDB 1's HTTP interface.
    case documents
  }

  var testDescription: String { built.name }

  /// The name of an image of the same server, frozen once more: what is hibernated by the other does not belong to it.
  var upgraded: String { "\(built.name)-standalone:upgraded" }

  static let ledger = VolumeServer(
    built: .ledger, isThere: Machine.ledgerImage != nil, data: "/var/lib/ledger",
    language: .sql, variable: "LEDGER_LOG=debug", arguments: "-f ./config.yaml",
    plain: "-XX:+UseSerialGC -Xmx256m -Djava.io.tmpdir=/tmp -cp ledger.jar "
      + "clojure.main -m ledger.main -f config.yaml")

  static let xtdb1 = VolumeServer(
    built: .init(
      name: "xtdb1", base: "oci:\(Machine.xtdb1Image ?? ""):latest",
      published: "-p 18080:8080 -p 15432:3000"),
    isThere: Machine.xtdb1Image != nil, data: "/var/lib/xtdb", language: .documents,
    variable: "XTDB_LOGGING_LEVEL=debug", arguments: "-f ./config.edn",
    plain: "-XX:+UseSerialGC -Xmx512m -Djava.io.tmpdir=/tmp -Djava.library.path=native "
      + "-cp xtdb1.jar clojure.main -m xtdb1.main -f config.edn")

  /// Those whose images are there.
  static let all = [ledger, xtdb1].filter(\.isThere)
}

extension ServerVolume {
  /// Makes what rows are kept in, if it is not there.
  func create() throws {
    guard about.language == .sql else { return }
    _ = try ask("CREATE TABLE IF NOT EXISTS kept (n INT PRIMARY KEY)")
  }

  /// Writes a row, and returns when that was acknowledged.
  func insert(_ row: Int) throws {
    switch about.language {
    case .sql: _ = try ask("INSERT INTO kept VALUES (\(row))")
    case .documents: try submit("[:xtdb.api/put {:xt/id \(row) :kept true}]")
    }
  }

  func remove(_ row: Int) throws {
    switch about.language {
    case .sql: _ = try ask("DELETE FROM kept WHERE n = \(row)")
    case .documents: try submit("[:xtdb.api/delete \(row)]")
    }
  }

  /// All rows, in order.
  func rows() throws -> [Int] {
    switch about.language {
    case .sql: return try lines("SELECT n FROM kept ORDER BY n").compactMap { Int($0) }
    case .documents:
      // What was acknowledged is in the log; a query sees what was indexed.
      _ = try curl("sync?timeout=20000")
      let found = try curl("query", "{:query {:find [e] :where [[e :kept true]]}}")
      return found.split { !$0.isNumber }.compactMap { Int($0) }.sorted()
    }
  }

  private func submit(_ operation: String) throws {
    let answer = try curl("submit-tx", "{:tx-ops [\(operation)]}")
    try #require(answer.hasPrefix("{:xtdb.api/tx-id "), "\(operation): \(answer)")
  }

  /// What XTDB's interface answers; with a body it is a POST.
  private func curl(_ path: String, _ body: String? = nil) throws -> String {
    let post = body.map { ["--data-binary", $0] } ?? []
    let finished = try bed.run(
      ["curl", "-sS", "--fail", "-m", "20", "http://127.0.0.1:15432/_xtdb/\(path)"] + post)
    try #require(finished.isSuccess, "\(path): \(finished.errorText)")
    return finished.text
  }
}
