import Arguments
import Checkpoint
import Images
import Lifecycle
import Linux

/// Docker or podman, by its command line, as far as a bench and `thaw inspect` need it.
struct ContainerEngine {
  let program: ImageDestination.Program
  /// The end of the names of all that is made here.
  let id: String

  /// What the names of images and containers begin with.
  private static let prefix = "thaw-bench"

  /// What an image is called that this bench makes.
  func imageName(_ what: String) -> String { "\(Self.prefix):\(what)-\(id)" }

  /// What a container is called that this bench makes.
  func containerName(_ what: String) -> String { "\(Self.prefix)-\(what)-\(id)" }

  /// Runs a command of the engine; the result is what it wrote.
  @discardableResult
  func run(_ words: [String], within time: Duration = .seconds(120)) throws -> String {
    let finished = try attempt(words, within: time)
    guard finished.isSuccess else { throw Self.failure(program, words, finished.errorText) }
    return finished.text
  }

  /// Runs a command of the engine, which may fail.
  func attempt(_ words: [String], within time: Duration = .seconds(120)) throws -> Finished {
    try Spawn(Path(program.rawValue), words).run(deadline: .after(time))
  }

  static func failure(
    _ program: ImageDestination.Program, _ words: [String], _ said: String
  ) -> Failure {
    let line = ([program.rawValue] + words).joined(separator: " ")
    // podman brings the log of CRIU: what failed in it.
    let errors = said.split(separator: "\n").filter { $0.contains("Error (") }.suffix(4)
    let why = errors.isEmpty ? said.trimmed.suffix(1000) : Substring(errors.joined(separator: "\n"))
    return Failure(Failure.failed, "`\(line)` failed: \(why)")
  }

  /// Whether the engine has an image of this name.
  func has(_ image: String) throws -> Bool {
    try attempt(["image", "inspect", image]).isSuccess
  }

  /// Removes a container with its volumes, whatever it does.
  func remove(_ container: String) throws {
    let patience = program == .podman ? ["--time", "0"] : []
    try run(["rm", "--force", "--volumes"] + patience + [container])
  }

  /// What a container has written.
  func log(_ container: String) throws -> String {
    let finished = try attempt(["logs", container])
    return finished.text + finished.errorText
  }

  /// What an image of `thaw build` says of itself, and whether it holds a checkpoint before `main`.
  func record(of image: String, below folder: Path) throws -> (record: ImageRecord, isWarm: Bool) {
    let name = containerName("look")
    try run(["create", "--name", name, image])
    defer { try? remove(name) }
    let file = folder / "image.json"
    let copied = try attempt(["cp", "\(name):\(ImageHome.record)", file.string])
    guard copied.isSuccess else {
      throw Failure(
        Failure.notFound,
        "\(image): is no image of `thaw build` (\(copied.errorText.trimmed))")
    }
    let warm = "\(name):\(ImageHome.warm)/manifest.json"
    return (
      try JSONText.decode(ImageRecord.self, from: try FileSystem.readFile(file)),
      try attempt(["cp", warm, (folder / "warm.json").string]).isSuccess
    )
  }

  /// Makes an image of this very program, which does nothing but answer.
  func makeHello(below folder: Path, user: String) throws -> String {
    let root = folder / "hello"
    try FileSystem.makeDirectory(root, mode: 0o755)
    try FileSystem.copyTree(from: try FileSystem.resolve("/proc/self/exe"), to: root / "thaw")
    try FileSystem.changeMode(root / "thaw", 0o755)
    let archive = folder / "hello.tar"
    let packed = try Spawn("tar", ["-C", root.string, "-cf", archive.string, "."])
      .run(deadline: .after(.seconds(60)))
    guard packed.isSuccess else { throw Failure(Failure.failed, "tar: \(packed.errorText)") }
    let name = imageName("hello")
    let settings = [#"ENTRYPOINT ["/thaw","\#(HelloVerb.command.name)"]"#, "USER \(user)"]
    try run(
      ["import"] + settings.flatMap { ["--change", $0] } + [archive.string, name])
    return name
  }

  /// Removes what benches made here that have ended, and what this one made when it ends.
  func sweep(own: Bool = false) {
    let isOver = { (name: String) in
      guard name.contains(Self.prefix), let end = name.split(separator: "-").last else {
        return false
      }
      return String(end) == id ? own : !BenchLease.isHeld(id: String(end))
    }
    // An engine that does not answer has nothing removed: the error that led here is the one to tell.
    let containers = (try? run(["ps", "--all", "--format", "{{.Names}}"])) ?? ""
    for name in containers.split(separator: "\n").map(String.init) where isOver(name) {
      try? remove(name)
    }
    let images = (try? run(["images", "--format", "{{.Repository}}:{{.Tag}}"])) ?? ""
    for name in images.split(separator: "\n").map(String.init) where isOver(name) {
      _ = try? run(["rmi", "--force", name])
    }
  }
}

extension String {
  /// Without white space around it.
  fileprivate var trimmed: String {
    String(drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed())
  }
}
