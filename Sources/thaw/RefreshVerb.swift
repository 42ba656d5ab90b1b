import Arguments
import Checkpoint
import Images
import Lifecycle
import Linux
import Server
import Terminal

/// `thaw refresh`: freezes a server again where what it was frozen on has changed.
enum RefreshVerb {
  static let force = Option(
    flag: "force", short: "f", "Freeze it again even if nothing has changed.")
  static let checkpoints = Positional(
    repeated: "CHECKPOINT", .checkpoint, atLeast: 1, "What to freeze again: names.")

  static let command = Command(
    "refresh", summary: "Freeze a server again if its image, kernel, processor or CRIU changed.",
    discussion: """
      Starts the server by the recipe that the checkpoint was made with, on the image that its \
      reference leads to today, warms it up, freezes it, and gives it the checkpoint's name when \
      its trial has succeeded. Until then, and if anything fails, the old one stays as it is.
      """,
    arguments: [checkpoints], options: [force],
    examples: [
      .init("thaw refresh ledger", "After an update of its image, or of the kernel."),
      .init("thaw refresh --force ledger", "In any case."),
    ],
    exitCodes: Failure.common + [Failure.serverFailed, Failure.stopped], run: run)

  static func run(_ parsed: Parsed) throws -> ExitCode {
    let output = try Globals.output(parsed)
    let engine = try Globals.engine(parsed)
    let isForced = try parsed[force]
    let code = forEach(try parsed[checkpoints], output) { name in
      let found = try engine.checkpoints.find(name)
      guard found.manifest.history.container == nil, found.manifest.processes.root != 1 else {
        throw Failure(
          Failure.failed,
          "\(name): holds the state of a server that ran, which nothing but its memory has; "
            + "start it with `thaw run \(name)`")
      }
      let base = try base(of: found, engine, output)
      let reason = try reason(found, base, engine)
      guard let reason = reason ?? (isForced ? "it was asked for" : nil) else {
        return try output.result(
          Line(id: found.id, name: name, reason: nil), "\(name): nothing has changed")
      }
      output.note("\(name): \(reason)")
      let made = try freeze(found, name, base, engine, output)
      try output.result(
        Line(id: made.id, name: name, reason: reason),
        output.isQuiet ? name : "\(name) is frozen again: \(made.manifest.size)")
    }
    return try output.ended(code)
  }

  /// What is under the server today.
  private static func base(
    of found: Checkpoint, _ engine: Engine, _ output: Output
  ) throws -> (base: Manifest.Base, rootfs: Path?) {
    guard let reference = found.manifest.base.reference else { return (found.manifest.base, nil) }
    let unpacked = try output.phase("Image") { _ in try engine.images.resolve(reference) }
    guard case .image(_, let digest) = unpacked.base else { return (found.manifest.base, nil) }
    return (.init(reference: reference, digest: digest), unpacked.rootfs)
  }

  /// What has changed since the freeze; nil if nothing has.
  private static func reason(
    _ found: Checkpoint, _ today: (base: Manifest.Base, rootfs: Path?), _ engine: Engine
  ) throws -> String? {
    let (manifest, host) = (found.manifest, HostFacts.current())
    if manifest.base.digest != today.base.digest { return "its image is another one" }
    if manifest.host.kernel != host.kernel {
      return "the kernel is \(host.kernel), was \(manifest.host.kernel)"
    }
    if let hindrance = manifest.hindrance(on: host) { return hindrance }
    if try Manifest.CRIUFacts.build(of: engine.bundle.criu / "criu") != manifest.criu.build {
      return "CRIU is another build"
    }
    // What the server wrote lies in the checkpoint, and is not looked at here.
    let files = manifest.openFiles.entries.filter {
      !FileSystem.exists(found.files / $0.path.string)
    }
    return try FileTable(files).firstChange(below: today.rootfs ?? .root).map(\.description)
  }

  private static func freeze(
    _ found: Checkpoint, _ name: String, _ today: (base: Manifest.Base, rootfs: Path?),
    _ engine: Engine, _ output: Output
  ) throws -> Checkpoint {
    let recipe = try found.readRecipe()
    var freezing = Freezing(
      name: name, recipe: recipe, program: found.manifest.program, base: today.base,
      rootfs: today.rootfs)
    freezing.makesAhead = freezing.usesAhead
    freezing.tiers = recipe.warm == nil || found.manifest.fallback == nil ? [.hot] : [.hot, .warm]
    if found.manifest.tier == .warm { freezing.tiers = [.warm] }
    let progress = FreezeProgress(output)
    do {
      let made = try freezing.run(engine) { progress.take($0) }
      progress.finish()
      return made
    } catch {
      progress.fail()
      throw error
    }
  }

  /// What became of one, as `--json` prints it.
  private struct Line: Encodable {
    var id: String
    var name: String
    /// Why it was frozen again; nil: it was not.
    var reason: String?
  }
}
