import Arguments
import Checkpoint
import Images
import Linux
import Server
import Terminal

/// `thaw build`: a base image becomes an image with a checkpoint.
enum BuildVerb {
  static let tag = Option(
    "tag", short: "t", .text("NAME:TAG"),
    "The image's name and tag; unless told that of the recipe, as in xtdb-standalone:criu-checkpoint."
  )
  static let destination = Option(
    "to", .text("WHERE"),
    "Where it goes: docker, podman, oci:FOLDER:TAG, oci-archive:FILE, docker://REGISTRY/NAME:TAG; docker or podman, whichever runs, unless told."
  )
  static let from = Option(
    "from", .checkpoint, "A checkpoint that is there already, instead of a recipe.")
  static let noAOT = Option(
    flag: "no-aot",
    "Make nothing ahead of time: no compiled namespaces, no class-data archive, whatever the recipe says."
  )
  static let level = Option(
    "level", .number("LEVEL", in: CheckpointStore.levels), default: CheckpointStore.standardLevel,
    "How hard to compress: 1 is fast, 19 small and slow.")

  static let command = Command(
    "build", summary: "Make an image that any container engine starts thawed.",
    discussion: """
      Starts the server of a recipe on its base image, warms it up, freezes it, thaws it once as a \
      trial, and makes an image of base, Thaw and checkpoint. `docker run`, podman, containerd and \
      Kubernetes run it as any other; with the capability CHECKPOINT_RESTORE it is thawed, without \
      it starts cold and says what is missing.

      Where the recipe says so, the server's cold start is made fast, too: what it loads is compiled \
      ahead of time, its classes go into an archive, and both are checked by a run with them. What \
      fails is told, and the image does without.

      The name is given to a whole image only: where a step fails, no image is left.
      """,
    arguments: [FreezeVerb.words],
    options: [tag, destination, from, level, noAOT] + FreezeVerb.options,
    examples: [
      .init(
        "thaw build xtdb",
        "Makes xtdb-standalone:criu-checkpoint of the base that the recipe names."),
      .init(
        "thaw build --recipe ledger --image oci:/var/cache/thaw/ledger:latest -t ledger:thawed",
        "Makes an image of the sample server, in Docker or podman."),
      .init(
        "thaw build --jars build/jars --name shop --ready http://127.0.0.1:8080/ -- java -cp '*' shop.Main",
        "Makes shop-standalone:criu-checkpoint of a folder of jars, on Debian's JDK."),
      .init(
        "thaw build --from ledger -t registry.example/ledger:1 --to docker://registry.example/ledger:1",
        "Pushes an image of a checkpoint, without any daemon."),
      .init(
        "docker run --cap-add CHECKPOINT_RESTORE --security-opt seccomp=Images/seccomp.json -p 5432:5432 ledger:thawed",
        "Thaws it in Docker."),
    ],
    exitCodes: Failure.common + [Failure.serverFailed, Failure.badRecipe, Failure.stopped], run: run
  )

  static func run(_ parsed: Parsed) throws -> ExitCode {
    let output = try Globals.output(parsed)
    let request =
      try parsed[from] == nil ? FreezeRequest(parsed, named: recipe(in: parsed)) : nil
    let usual = request.map { "\($0.recipe.name)-standalone:criu-checkpoint" }
    guard let given = try parsed[tag] ?? usual else {
      throw UsageError(.other("the image needs a name: give --tag"), verb: "build")
    }
    let name = given.split(separator: "/").last?.contains(":") == true ? given : given + ":latest"
    // Before minutes of work: where it goes.
    let target = try parsed[destination].map { try ImageDestination($0) } ?? .local()
    let engine = try Globals.engine(parsed)
    let (checkpoint, isOwn) = try self.checkpoint(parsed, request, engine, output)
    defer {
      // One that stays because this failed is shown by `thaw ls`.
      if isOwn { try? engine.checkpoints.remove(checkpoint) }
    }
    var building = Building(checkpoint: checkpoint, name: name, destination: target)
    building.level = try parsed[level]
    let progress = BuildProgress(output)
    let made: Building.Made
    do {
      made = try building.run(engine) { progress.take($0) }
    } catch {
      progress.fail()
      throw error
    }
    progress.finish()
    let line = Line(
      image: name, destination: "\(target)", digest: "\(made.digest)",
      addedBytes: made.added.bytes, checkpointBytes: made.checkpoint.bytes)
    try output.result(
      line,
      output.isQuiet
        ? name
        : "\(name) is built: \(made.added) on top of its base, \(made.checkpoint) of them the checkpoint\n"
          + "Thaw it with: docker run --cap-add CHECKPOINT_RESTORE --security-opt seccomp=Images/seccomp.json \(name)"
    )
    return .success
  }

  /// The recipe that the first word names, as in `thaw build xtdb`, with the words behind it; nil if none does.
  private static func recipe(in parsed: Parsed) throws -> (recipe: String, words: [String])? {
    let words = try parsed[FreezeVerb.words]
    guard let name = words.first, !name.contains("/"), Recipe.isValidName(name),
      try parsed[FreezeVerb.recipe] == nil, try parsed[from] == nil,
      (try? RecipeFolder.find(name)) != nil
    else { return nil }
    return (name, Array(words.dropFirst()))
  }

  /// The checkpoint to make an image of; one that was frozen for it alone is its own.
  private static func checkpoint(
    _ parsed: Parsed, _ request: FreezeRequest?, _ engine: Engine, _ output: Output
  ) throws -> (id: String, isOwn: Bool) {
    if let name = try parsed[from] { return (name, false) }
    guard let request, request.image != nil else {
      throw UsageError(.other("there is no base: give --image"), verb: "build")
    }
    var freezing = try request.freezing(engine, output)
    let isOwn = try parsed[FreezeVerb.name] == nil
    freezing.makesAhead = try !parsed[noAOT]
    if isOwn { freezing.name = "build-\(Host.randomName())" }
    let progress = FreezeProgress(output)
    do {
      let made = try freezing.run(engine) { progress.take($0) }
      progress.finish()
      return (made.id, isOwn)
    } catch {
      progress.fail()
      throw error
    }
  }

  /// What was made, as `--json` prints it.
  private struct Line: Encodable {
    var image: String
    var destination: String
    var digest: String
    var addedBytes: UInt64
    var checkpointBytes: UInt64
  }
}

/// Shows how far an image is.
private final class BuildProgress {
  private let output: Output
  private var phase: Phase?
  private var isWriting = false

  init(_ output: Output) {
    self.output = output
  }

  func take(_ step: Building.Step) {
    switch step {
    case .base: begin("Base", .unknown)
    case .layers(let done, let total):
      if !isWriting { begin("Layers", .bytes(of: ByteCount(UInt64(total)))) }
      isWriting = true
      phase?.advance(to: Int(done))
    case .delivery: begin("Delivery", .unknown)
    }
  }

  private func begin(_ name: String, _ amount: Phase.Amount) {
    phase?.finish()
    phase = output.begin(name, amount)
  }

  func finish() { phase?.finish() }

  func fail() { phase?.fail() }
}
