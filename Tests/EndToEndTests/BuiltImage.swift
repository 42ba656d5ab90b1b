import Linux
import TestBed
import Testing

/// An image that `thaw build` made, in a bed of engines, run one container at a time.
class BuiltImage {
  /// What is built, and how its containers are asked.
  struct Server: Sendable {
    /// Its recipe's name.
    var name: String
    /// The base, as `thaw build --image` takes it.
    var base: String
    /// The options that publish its ports: that of its health page as 18080, PostgreSQL's as 15432.
    var published: String
    /// The page that tells when it is ready.
    var health = "/healthz/ready"
    /// More of its recipe.
    var variants = ""
    /// The image's name.
    var image: String { "\(name)-standalone:criu-checkpoint" }
    /// The recipe's folder.
    var recipe: String { (EngineBed.checkout / "Recipes/\(name)").string }

    static let ledger = Server(
      name: "ledger", base: "oci:\(Machine.ledgerImage ?? ""):latest",
      published: "-p 18080:8080 -p 15432:5432")
    /// Nothing is compiled in its base: `thaw build` does it.
    static let xtdb1 = Server(
      name: "xtdb1", base: "oci:\(Machine.xtdb1Image ?? ""):plain",
      published: "-p 18080:8080 -p 13000:3000")
  }

  let bed: EngineBed
  let server: Server
  /// What `thaw build` wrote on its way.
  private(set) var progress = ""

  static let rights = "--cap-drop ALL --cap-add CHECKPOINT_RESTORE"
  static let seccomp = "--security-opt seccomp=\(EngineBed.checkout / "Images/seccomp.json")"
  static let confined = "\(rights) \(seccomp) --security-opt no-new-privileges"

  init(_ server: Server) throws {
    bed = try EngineBed()
    self.server = server
    progress = try build(server.image, keptAs: server.name)
  }

  /// Builds the image in Docker, by any name; a checkpoint of another freeze belongs to it each time.
  @discardableResult
  func build(_ image: String, keptAs name: String? = nil) throws -> String {
    var recipe = server.recipe
    if !server.variants.isEmpty {
      recipe = (bed.folder / "recipe").string
      try bed.shell(
        "cp -r \(server.recipe) \(recipe) && cat >> \(recipe)/recipe.yaml <<'END'\n\n\(server.variants)\nEND\n"
      )
    }
    let words = ["build", "--recipe", recipe, "--image", server.base, "--tag", image]
    // Each variant is a freeze of its own.
    let built = try bed.thaw(
      words + ["--to", "docker"] + (name.map { ["--name", $0] } ?? []),
      within: .seconds(server.variants.isEmpty ? 200 : 400))
    try #require(built.isSuccess, "\(built.errorText)")
    #expect(built.text.contains("\(image) is built"))
    return built.errorText
  }

  /// Starts a container and waits for its answer; the result is its log.
  @discardableResult
  func start(
    _ options: String, _ words: String = "", image: String? = nil, engine: String = "docker",
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> String {
    try bed.shell(
      "\(engine) run -d --name one \(server.published) \(options) \(image ?? server.image) \(words)"
    )
    // A cold start of several seconds on a busy machine.
    var answer: String?
    for _ in 1...6 where answer == nil { answer = try bed.get(server.health, port: 18080) }
    let log = try self.log(engine)
    #expect(answer != nil, "\(log)", sourceLocation: sourceLocation)
    return log
  }

  func log(_ engine: String = "docker") throws -> String {
    try bed.shell("\(engine) logs one 2>&1")
  }

  /// Stops the container and removes it; the result is its whole log, and its status.
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

  /// A process in the bed, by this machine's number.
  func insider() throws -> String {
    let inside = try FileSystem.readText(bed.folder / "inside")
    let words = inside.split(separator: " ").map(String.init)
    return words.firstIndex(of: "--target").map { words[$0 + 1] } ?? ""
  }

  /// A statement's answer, by this machine's psql in the bed's network.
  func lines(
    _ statement: String, user: String, database: String, port: Int = 15432
  ) throws -> [String] {
    var spawn = Spawn(
      "nsenter",
      ["--target", try insider(), "--net", "psql", "-h", "127.0.0.1", "-p", "\(port)", "-U", user]
        + ["-Atqc", statement, database])
    spawn.environment["PGPASSWORD"] = user
    let finished = try spawn.run(deadline: .after(.seconds(20)))
    try #require(finished.isSuccess, "\(statement): \(finished.errorText)")
    return finished.text.split(separator: "\n").map(String.init)
  }

  func inside(_ command: String) throws -> String {
    try bed.shell("docker exec one \(command)")
  }

  func remove(_ engine: String = "docker") throws {
    try bed.shell("\(engine) rm --force --volumes one")
  }
}
