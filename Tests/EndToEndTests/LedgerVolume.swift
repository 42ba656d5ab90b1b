import Linux
import TestBed
import Testing

/// The sample's image on a volume, asked over SQL.
final class LedgerVolume: BuiltImage {
  static let image = Server.ledger.image
  static let folder: Path = "/var/lib/docker/volumes/data/_data"
  private var next = 0

  init() throws {
    try super.init(.ledger)
  }

  /// Starts a container on a volume with what a thaw takes; the result is its log.
  @discardableResult
  func run(
    _ options: String = "", _ words: String = "", volume: String = "data:/var/lib/ledger"
  ) throws -> String {
    try start("-v \(volume) \(Self.confined) \(options)", words)
  }

  /// The first line of a statement's answer.
  func ask(_ statement: String) throws -> String {
    try lines(statement).first ?? ""
  }

  func lines(_ statement: String) throws -> [String] {
    try lines(statement, user: "ledger", database: "ledger")
  }

  /// Writes one more row, and tells its number once that was acknowledged.
  func write() throws -> Int {
    next += 1
    if next == 1 { _ = try ask("CREATE TABLE kept (n INT PRIMARY KEY)") }
    _ = try ask("INSERT INTO kept VALUES (\(next))")
    return next
  }

  /// Makes sure that all rows are there which were acknowledged, and no other.
  func expectAllRows(sourceLocation: SourceLocation = #_sourceLocation) throws {
    let found = try ask("SELECT count(*) || ' ' || max(n) FROM kept")
    #expect(found == "\(next) \(next)", sourceLocation: sourceLocation)
  }

  func mark() throws -> String {
    try bed.shell("cat \(Self.folder)/.thaw/volume.json | tr -d ' \\n'")
  }
}
