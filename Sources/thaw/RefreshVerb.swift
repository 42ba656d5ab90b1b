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
  static let from = Option(
    "from", .container,
    "A server that runs and was thawed from the checkpoint: it is frozen as it is, and goes on.")
  static let warmUpTime = Option(
    "warm-up-time", .duration,
    "Warm it up for that long at least, and keep the new checkpoint only if it is faster.")
  static let warmUp = Option(
    repeated: "warm-up", .file,
    "Statements for the warm-up besides, over the connection of its PostgreSQL probe; kept only if faster."
  )
  static let warmUpCommands = Option(
    repeated: "warm-up-command", .text("COMMAND"),
    "A command for the warm-up besides, run beside the server; kept only if faster.")
  static let checkpoints = Positional(
    repeated: "CHECKPOINT", .checkpoint, atLeast: 1, "What to freeze again: names.")

  static let command = Command(
    "refresh",
    summary:
      "Freeze a server again if its image, kernel, processor or CRIU changed, or to be faster.",
    discussion: """
      Starts the server by the recipe that the checkpoint was made with, on the image that its \
      reference leads to today, warms it up, freezes it, and gives it the checkpoint's name when \
      its trial has succeeded. Until then, and if anything fails, the old one stays as it is.

      With a longer warm-up the new checkpoint is compared with the old one, and gets the name only \
      if it is faster: both are thawed five times, in turns, and asked the same; the time from the \
      start of PID 1 to the last answer must be less by a twentieth in the median, and less in four \
      of five turns. They are asked the first answer, then the recipe's `training`, or each step of \
      its warm-up once, or else the first answer fifty times more.

      With --from it is not started anew: a server that runs is frozen as it is, with all code that \
      its JVM has compiled since, stands still for a moment and goes on. All that it has in memory \
      is in the new checkpoint, so this is for servers that keep nothing of their clients. One with \
      `data` in its recipe or with volumes is refused, and so is one that has written files outside \
      of temporary folders and /var/log. `thaw run --refresh` does it by itself.
      """,
    arguments: [checkpoints], options: [force, from, warmUpTime, warmUp, warmUpCommands],
    exclusive: [[from, force], [from, warmUpTime], [from, warmUp], [from, warmUpCommands]],
    examples: [
      .init("thaw refresh ledger", "After an update of its image, or of the kernel."),
      .init("thaw refresh --force ledger", "In any case."),
      .init(
        "thaw refresh --warm-up-time 60s ledger",
        "After a longer warm-up, if that makes its first answers faster."),
      .init(
        "thaw refresh --from shop-1 shop", "Of the running server `shop-1`, if that is faster."),
    ],
    exitCodes: Failure.common + [Failure.serverFailed, Failure.stopped], run: run)

  static func run(_ parsed: Parsed) throws -> ExitCode {
    let output = try Globals.output(parsed)
    let engine = try Globals.engine(parsed)
    let isForced = try parsed[force]
    let container = try parsed[from]
    if container != nil, try parsed[checkpoints].count > 1 {
      throw UsageError(
        .other("--from: a server that runs was thawed from one checkpoint: name that"),
        verb: "refresh")
    }
    let code = forEach(try parsed[checkpoints], output) { name in
      let found = try engine.checkpoints.find(name)
      guard found.manifest.history.container == nil, found.manifest.processes.root != 1 else {
        throw Failure(
          Failure.failed,
          "\(name): holds the state of a server that ran, which nothing but its memory has; "
            + "start it with `thaw run \(name)`")
      }
      if let container {
        return try compare(
          name, .running(container), because: "\(container) has run", engine, output)
      }
      let base = try base(of: found, engine, output)
      let reason = try reason(found, base, engine)
      var freezing = try freezing(of: found, name, base)
      let isLonger = try addWarmUp(parsed, to: &freezing.recipe)
      if reason == nil, !isForced, isLonger {
        return try compare(name, .warmer(freezing), because: "a longer warm-up", engine, output)
      }
      guard let reason = reason ?? (isForced ? "it was asked for" : nil) else {
        return try output.result(
          Refreshing.Told(id: found.id, name: name, reason: nil), "\(name): nothing has changed")
      }
      output.note("\(name): \(reason)")
      let made = try shown(output) { try freezing.run(engine, report: $0) }
      try output.result(
        Refreshing.Told(id: made.id, name: name, reason: reason),
        output.isQuiet ? name : "\(name) is frozen again: \(made.manifest.size)")
    }
    return try output.ended(code)
  }

  /// Makes a checkpoint that has to be faster than the one that has the name.
  private static func compare(
    _ name: String, _ source: Refreshing.Source, because reason: String, _ engine: Engine,
    _ output: Output
  ) throws {
    let outcome = try shown(output) { report in
      // What would end this command ends a dump, and the server goes on.
      let signals = try SignalDescriptor([.terminate, .interrupt, .quit, .hangup])
      return try Refreshing(name, source)
        .run(engine, cancel: signals.rawValue, report: report)
    }
    let (before, after) = (outcome.race.before, outcome.race.after)
    let times =
      "first answers within \(Human.text(milliseconds: after.all)) "
      + "instead of \(Human.text(milliseconds: before.all))"
    try output.result(
      Refreshing.Told(outcome, name: name, reason: reason),
      output.isQuiet
        ? name
        : outcome.isKept
          ? "\(name) is frozen again: \(times)"
          : "\(name) stays as it was, the new one is not faster: \(times)")
  }

  /// Adds what the line says to a recipe's warm-up; false if it says nothing.
  private static func addWarmUp(_ parsed: Parsed, to recipe: inout Recipe) throws -> Bool {
    let before = recipe.warmUp
    try recipe.addToWarmUp(sql: try parsed[warmUp], commands: try parsed[warmUpCommands])
    if let time = try parsed[warmUpTime] {
      guard !recipe.warmUp.steps.isEmpty else {
        throw UsageError(
          .other(
            "--warm-up-time repeats a warm-up, and the checkpoint was made without one: give --warm-up or --warm-up-command"
          ), verb: "refresh")
      }
      recipe.warmUp.lasting = TimeSpan(time)
    }
    return recipe.warmUp != before
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

  /// The freeze that made it, on what is under the server today.
  private static func freezing(
    of found: Checkpoint, _ name: String, _ today: (base: Manifest.Base, rootfs: Path?)
  ) throws -> Freezing {
    let recipe = try found.readRecipe()
    var freezing = Freezing(
      name: name, recipe: recipe, program: found.manifest.program, base: today.base,
      rootfs: today.rootfs)
    freezing.makesAhead = freezing.usesAhead
    freezing.tiers = recipe.warm == nil || found.manifest.fallback == nil ? [.hot] : [.hot, .warm]
    if found.manifest.tier == .warm { freezing.tiers = [.warm] }
    return freezing
  }

  private static func shown<Made>(
    _ output: Output, _ work: (@escaping (Freezing.Report) -> Void) throws -> Made
  ) throws -> Made {
    let progress = FreezeProgress(output)
    do {
      let made = try work { progress.take($0) }
      progress.finish()
      return made
    } catch {
      progress.fail()
      throw error
    }
  }
}
