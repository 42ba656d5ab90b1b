import Checkpoint
import Images
import Lifecycle
import Linux
import Server

/// Freezes the server of a checkpoint anew, to measure how long that takes.
struct FreezeSeries {
  /// One freeze.
  struct Sample: Sendable {
    /// From the warmed-up server to the finished checkpoint, in milliseconds.
    var milliseconds: Double
    /// What the server had in memory then, in millions of bytes.
    var megabytes: Double
  }

  private let engine: Engine
  private let root: Path
  private let manifest: Manifest
  private let recipe: Recipe
  private let rootfs: Path?

  /// Takes the program, the recipe and the file system of a checkpoint; all that is frozen goes into `folder`.
  init(_ engine: Engine, _ checkpoint: Checkpoint, below folder: Path) throws {
    let root = folder / "freeze"
    try FileSystem.makeDirectory(root, mode: 0o700)
    self.root = root
    self.engine = try Engine(root: root)
    manifest = checkpoint.manifest
    recipe = try checkpoint.readRecipe()
    rootfs = try Running.rootfs(of: checkpoint.manifest, engine)
  }

  /// Starts the server, warms it up and freezes it, without a trial.
  func measure() throws -> Sample {
    var freezing = Freezing(
      name: CheckpointForm.name, recipe: recipe, program: manifest.program, base: manifest.base,
      rootfs: rootfs)
    freezing.tries = false
    var began: Duration?
    let checkpoint = try freezing.run(engine) { report in
      if case .server(let event) = report, case .warmed = event { began = Clock.monotonic() }
    }
    let ended = Clock.monotonic()
    guard let began else { throw Failure(Failure.failed, "the freeze told nothing of its way") }
    return Sample(
      milliseconds: (ended - began).milliseconds,
      megabytes: checkpoint.manifest.memory.resident.megabytes)
  }
}

extension [FreezeSeries.Sample] {
  /// The figures of freezes.
  func figures(server: String) -> [Figure] {
    guard !isEmpty else { return [] }
    return [
      Figure(server: server, Figure.Name.freeze, .hot, unit: "ms", map(\.milliseconds)),
      Figure(
        server: server, Figure.Name.freezePer300, .hot, unit: "ms",
        map { $0.milliseconds * 300 / Swift.max($0.megabytes, 1) }),
    ]
  }
}
