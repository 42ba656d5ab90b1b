import Linux
import TestBed
import Testing

/// The sample's image in a bed of engines, run on a volume, one container at a time.
final class LedgerVolume {
  let bed: EngineBed
  static let image = "ledger-standalone:criu-checkpoint"
  static let folder: Path = "/var/lib/docker/volumes/data/_data"
  static let confined =
    "--cap-drop ALL --cap-add CHECKPOINT_RESTORE --security-opt no-new-privileges "
    + "--security-opt seccomp=\(EngineBed.checkout / "Images/seccomp.json")"
  private var next = 0

  init() throws {
    bed = try EngineBed()
    let words =
      ["build", "--recipe", (EngineBed.checkout / "Recipes/ledger").string]
      + ["--image", "oci:\(Machine.ledgerImage ?? ""):latest", "--name", "ledger"]
      + ["--tag", Self.image, "--to", "docker"]
    let built = try bed.thaw(words)
    try #require(built.isSuccess, "\(built.errorText)")
  }

  /// Starts a container and waits for its answer; the result is its log.
  @discardableResult
  func run(
    _ options: String = "", _ words: String = "", volume: String = "data:/var/lib/ledger"
  ) throws -> String {
    try bed.shell(
      "docker run -d --name one -p 18080:8080 -p 15432:5432 -v \(volume) \(Self.confined) "
        + "\(options) \(Self.image) \(words)")
    let answer = try bed.get("/healthz/ready", port: 18080)
    let log = try self.log()
    #expect(answer != nil, "\(log)")
    return log
  }

  /// Starts a container of any image on a volume, and waits until it answers over SQL.
  func start(_ options: String, _ image: String, _ words: String, volume: String) throws {
    try bed.shell(
      "docker run -d --name one -p 18080:8080 -p 15432:5432 -v \(volume):/var/lib/ledger "
        + "\(options) \(image) \(words)")
    // A cold start of several seconds on a busy machine.
    var answer: String?
    for _ in 1...6 where answer == nil { answer = try bed.get("/healthz/ready", port: 18080) }
    let log = try self.log()
    #expect(answer != nil, "\(log)")
  }

  /// Makes an image of the same checkpoint's recipe, frozen once more: one that a hibernated server does not belong to.
  func upgrade(to image: String) throws {
    let words =
      ["build", "--recipe", (EngineBed.checkout / "Recipes/ledger").string]
      + ["--image", "oci:\(Machine.ledgerImage ?? ""):latest", "--tag", image, "--to", "docker"]
    let built = try bed.thaw(words)
    try #require(built.isSuccess, "\(built.errorText)")
  }

  func log() throws -> String { try bed.shell("docker logs one 2>&1") }

  /// Stops the container; the result is its whole log, and its status.
  func stop(_ options: String = "") throws -> (log: String, status: String) {
    try bed.shell("docker stop \(options) one")
    let status = try bed.shell("docker inspect --format '{{.State.ExitCode}}' one")
    let log = try self.log()
    try bed.shell("docker rm one")
    return (log, String(status.prefix { $0 != "\n" }))
  }

  func kill() throws {
    try bed.shell("docker kill one && docker rm one")
  }

  /// The first line of a statement's answer.
  func ask(_ statement: String) throws -> String {
    try lines(statement).first ?? ""
  }

  /// A statement's answer, by this machine's psql in the bed's network.
  func lines(_ statement: String) throws -> [String] {
    let inside = try FileSystem.readText(bed.folder / "inside")
    let words = inside.split(separator: " ").map(String.init)
    let target = words.firstIndex(of: "--target").map { words[$0 + 1] } ?? ""
    var spawn = Spawn(
      "nsenter",
      ["--target", target, "--net", "psql", "-h", "127.0.0.1", "-p", "15432", "-U", "ledger"]
        + ["-Atqc", statement, "ledger"])
    spawn.environment["PGPASSWORD"] = "ledger"
    let finished = try spawn.run(deadline: .after(.seconds(20)))
    try #require(finished.isSuccess, "\(statement): \(finished.errorText)")
    return finished.text.split(separator: "\n").map(String.init)
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
