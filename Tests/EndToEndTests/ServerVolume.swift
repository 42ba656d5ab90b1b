import Linux
import TestBed
import Testing

/// A server's image on a volume, whose rows are those that were acknowledged.
final class ServerVolume: BuiltImage {
  let about: VolumeServer
  static let folder: Path = "/var/lib/docker/volumes/data/_data"
  private var next = 0

  init(_ about: VolumeServer) throws {
    self.about = about
    try super.init(about.built)
  }

  /// Starts a container on a volume with what a thaw takes; the result is its log.
  @discardableResult
  func run(
    _ options: String = "", _ words: String = "", volume: String = "data"
  ) throws -> String {
    // With an own place it may be anything.
    let place = volume.contains(":/") ? volume : "\(volume):\(about.data)"
    return try start("-v \(place) \(Self.confined) \(options)", words)
  }

  /// The volume's folder, seen from this machine.
  func seenFolder() throws -> Path {
    Path("/proc/\(try insider())/root") / Self.folder.string
  }

  /// The first line of a statement's answer.
  func ask(_ statement: String) throws -> String {
    try lines(statement).first ?? ""
  }

  func lines(_ statement: String, port: Int = 15432) throws -> [String] {
    try lines(statement, user: "ledger", database: "ledger", port: port)
  }

  /// Writes one more row, and tells its number once that was acknowledged.
  func write() throws -> Int {
    next += 1
    if next == 1 { try create() }
    try insert(next)
    return next
  }

  /// Makes sure that all rows are there which were acknowledged, and no other.
  func expectAllRows(sourceLocation: SourceLocation = #_sourceLocation) throws {
    #expect(try rows() == Array(1...next), sourceLocation: sourceLocation)
  }

  func mark() throws -> String {
    try bed.shell("cat \(Self.folder)/.thaw/volume.json | tr -d ' \\n'")
  }
}
