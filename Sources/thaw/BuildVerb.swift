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
    repeated: "from", .checkpoint,
    "A checkpoint that is there already, instead of a recipe. Further ones of the same base are for other arguments, variables or processors; the image is set up for the first."
  )
  static let noVariants = Option(
    flag: "no-variants", "Freeze the recipe's server alone, and none of its variants.")
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

      An image may have several checkpoints of the running server: those of the recipe's `variants`, \
      or of several --from. A container is thawed from the one that was frozen with its arguments and \
      variables, on data of its own; where none fits, from the one before main. Each adds its memory \
      to the image.

      The name is given to a whole image only: where a step fails, no image is left.
      """,
    arguments: [FreezeVerb.words],
    options: [tag, destination, from, level, noAOT, noVariants] + FreezeVerb.options,
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
        "thaw build --from ledger --from ledger-debug -t ledger:thawed",
        "Makes an image of two: each container gets the one of its arguments and variables."),
      .init(
        "docker run --cap-add CHECKPOINT_RESTORE --security-opt seccomp=Images/seccomp.json -p 5432:5432 ledger:thawed",
        "Thaws it in Docker."),
    ],
    exitCodes: Failure.common + [Failure.serverFailed, Failure.badRecipe, Failure.stopped], run: run
  )

  static func run(_ parsed: Parsed) throws -> ExitCode {
    let output = try Globals.output(parsed)
    var request =
      try parsed[from].isEmpty ? FreezeRequest(parsed, named: recipe(in: parsed)) : nil
    request?.hasVariants = try !parsed[noVariants]
    let usual = request.map { "\($0.recipe.name)-standalone:criu-checkpoint" }
    guard let asked = try parsed[tag] ?? usual else {
      throw UsageError(.other("the image needs a name: give --tag"), verb: "build")
    }
    let name = asked.split(separator: "/").last?.contains(":") == true ? asked : asked + ":latest"
    // Before minutes of work: where it goes.
    let target = try parsed[destination].map { try ImageDestination($0) } ?? .local()
    let engine = try Globals.engine(parsed)
    let freezing = try request.map { try self.freezing($0, parsed, engine, output) }
    let given = try parsed[from]
    var building = Building(
      checkpoint: freezing?.name ?? given[0], name: name, destination: target)
    building.checkpointName = given.first
    building.variants =
      freezing?.variants.map { .init(name: $0.name, checkpoint: $0.freezing.name) }
      ?? given.dropFirst().map { .init(name: $0, checkpoint: $0) }
    let isOwn = try freezing != nil && parsed[FreezeVerb.name] == nil
    defer {
      // One that stays because this failed is shown by `thaw ls`.
      for one in isOwn ? building.all : [] { try? engine.checkpoints.remove(one) }
    }
    if let freezing { try freeze(freezing, engine, output) }
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
      variants: building.variants.map(\.name), addedBytes: made.added.bytes,
      checkpointBytes: made.checkpoint.bytes)
    let what =
      building.variants.isEmpty ? "the checkpoint" : "\(building.variants.count + 1) checkpoints"
    try output.result(
      line,
      output.isQuiet
        ? name
        : "\(name) is built: \(made.added) on top of its base, \(made.checkpoint) of them \(what)\n"
          + "Thaw it with: docker run --cap-add CHECKPOINT_RESTORE --security-opt seccomp=Images/seccomp.json \(name)"
    )
    return .success
  }

  /// The recipe that the first word names, as in `thaw build xtdb`, with the words behind it; nil if none does.
  private static func recipe(in parsed: Parsed) throws -> (recipe: String, words: [String])? {
    let words = try parsed[FreezeVerb.words]
    guard let name = words.first, !name.contains("/"), Recipe.isValidName(name),
      try parsed[FreezeVerb.recipe] == nil, try parsed[from].isEmpty,
      (try? RecipeFolder.find(name)) != nil
    else { return nil }
    return (name, Array(words.dropFirst()))
  }

  /// What is frozen for an image; what is frozen for it alone has names of its own.
  private static func freezing(
    _ request: FreezeRequest, _ parsed: Parsed, _ engine: Engine, _ output: Output
  ) throws -> Freezing {
    guard request.image != nil else {
      throw UsageError(.other("there is no base: give --image"), verb: "build")
    }
    var request = request
    if try parsed[FreezeVerb.name] == nil { request.name = "build-\(Host.randomName())" }
    var freezing = try request.freezing(engine, output)
    freezing.makesAhead = try !parsed[noAOT]
    return freezing
  }

  private static func freeze(_ freezing: Freezing, _ engine: Engine, _ output: Output) throws {
    let progress = FreezeProgress(output)
    do {
      _ = try freezing.run(engine) { progress.take($0) }
      progress.finish()
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
    /// The names of the checkpoints besides the main one.
    var variants: [String]
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
