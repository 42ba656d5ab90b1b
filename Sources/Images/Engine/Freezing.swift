package import Checkpoint
package import Lifecycle
package import Linux
package import Server

/// Makes a checkpoint: a container in which the server is started, warmed up and frozen, then a trial thaw.
package struct Freezing: Sendable {
  /// What is told while it goes on.
  package enum Report: Sendable {
    /// The checkpoint of this tier begins, where several are made.
    case tier(Manifest.Tier)
    /// The checkpoint of this variant begins.
    case variant(String)
    case step(Step)
    case server(InitEvent)
    case log(LogLine.Stream, [UInt8])
    /// Something that the user should know, in a line.
    case note(String)
    /// A step of what is made ahead of time did not work out; the freeze goes on without it.
    case failed(Step, InitFailure)
  }

  /// The parts of the work that the engine does itself.
  package enum Step: String, Sendable {
    /// The server runs, to see which namespaces it loads.
    case recording = "seeing what the server loads"
    case compiling = "compiling its namespaces"
    case archiving = "making the class-data archive"
    /// The server runs with all of it.
    case checking = "checking what was made ahead"
    case container = "making the container"
    /// The server turned out to need a right that is not given to all.
    case again = "starting it again, with the right to freeze System V shared memory"
    /// Images of another program's are copied or unpacked.
    case fetching = "copying the dump"
    case reading = "reading the images"
    case contents = "writing the manifest"
    case training = "trial thaw under watch"
    case trial = "trial thaw"
    /// A running server is frozen, and goes on.
    case copying = "freezing the running server"
    /// What has the name and what is to have it are thawed in turns.
    case race = "comparing with the checkpoint that has the name"
  }

  /// The name that the checkpoint gets.
  package var name: String
  package var recipe: Recipe
  package var program: Manifest.Program
  package var base: Manifest.Base
  /// The unpacked image; nil for this machine's own file system.
  package var rootfs: Path?
  /// Whether the checkpoint is thawed once before it is kept.
  package var tries = true
  /// Which checkpoints are made: of the server running, of it before its `main`, or of both, the second as the first's fallback.
  package var tiers: Set<Manifest.Tier> = [.hot]
  /// Whether what the recipe says under `ahead` is made first, and used.
  package var makesAhead = false
  /// Whether the server's command makes use of what was made ahead of time, as that of one that was frozen before may.
  package var usesAhead: Bool {
    recipe.server.command.contains { $0.contains(AheadFiles.classes.string) }
      || recipe.server.command.contains { $0.hasSuffix(AheadFiles.archive.string) }
  }
  /// The checkpoint whose name the new one gets only if its first answers come sooner; nil: it gets its name anyway.
  var rival: Checkpoint?
  private var tier = Manifest.Tier.hot
  /// The same server with other arguments or variables, frozen running as well; each has a name of its own.
  package var variants: [Variant] = []

  /// A server with other arguments or variables.
  package struct Variant: Sendable {
    /// What the recipe calls it.
    package var name: String
    /// What is frozen.
    package var freezing: Freezing

    package init(name: String, freezing: Freezing) {
      self.name = name
      self.freezing = freezing
    }
  }

  /// A folder of the user's that becomes the server's working folder; nil: that is the image's, or this machine's.
  package var files: Path?
  /// What is put among the server's own files before it is started.
  private(set) var placed = PlacedFiles()
  /// What the checkpoint falls back to.
  private var fallback: String?

  /// Describes a freeze on an image.
  package init(
    name: String, recipe: Recipe, program: Manifest.Program, base: Manifest.Base, rootfs: Path?
  ) {
    self.name = name
    self.recipe = recipe
    self.program = program
    self.base = base
    self.rootfs = rootfs
  }

  /// Does it; signals that end this process must be blocked, and end the freeze instead.
  package func run(
    _ engine: Engine, report: @escaping (Report) -> Void
  ) throws(EngineFailure) -> Checkpoint {
    guard files != nil || makesAhead && recipe.ahead != nil else {
      return try makeAll(engine, report)
    }
    let scratch = try Images.engine { () throws(EngineError) in try Scratch.make(engine) }
    defer {
      // What cannot be removed is swept by the next build.
      try? FileSystem.removeTree(scratch.path)
    }
    var one = self
    if let files {
      one.placed = try Images.engine { () throws(EngineError) in
        try PlacedFiles.copy(files, to: scratch.path / "files", as: program.workingDirectory)
      }
    }
    if makesAhead, let rule = recipe.ahead {
      let made = try Ahead(
        freezing: one, rule: rule, scratch: scratch.path, report: report
      ).run(engine)
      one.placed = one.placed + made.files.placed
      one.recipe.server.command = made.command
      one.program.words = made.command + program.words.dropFirst(recipe.server.command.count)
    }
    return try one.makeAll(engine, report)
  }

  /// The main checkpoint with what it falls back to, then the variants: all have the same files of before, and the same command.
  private func makeAll(
    _ engine: Engine, _ report: @escaping (Report) -> Void
  ) throws(EngineFailure) -> Checkpoint {
    let main = try makeTiers(engine, report)
    for variant in variants {
      report(.variant(variant.name))
      var one = variant.freezing
      one.placed = placed
      let arguments = one.program.words.dropFirst(one.recipe.server.command.count)
      one.recipe.server.command = recipe.server.command
      one.program.words = recipe.server.command + arguments
      _ = try one.make(
        .hot, fallback: main.manifest.tier == .hot ? main.manifest.fallback : nil, named: one.name,
        engine, report)
    }
    return main
  }

  private func makeTiers(
    _ engine: Engine, _ report: @escaping (Report) -> Void
  ) throws(EngineFailure) -> Checkpoint {
    guard tiers == [.hot, .warm] else {
      return try make(tiers.contains(.warm) ? .warm : .hot, named: name, engine, report)
    }
    let warm = try make(.warm, named: nil, engine, report)
    do throws(EngineFailure) {
      return try make(.hot, fallback: warm.id, named: name, engine, report)
    } catch {
      // Nobody would find it.
      engine.checkpoints.removeIfNameless(warm.id)
      throw error
    }
  }

  private func make(
    _ tier: Manifest.Tier, fallback: String? = nil, named name: String?, _ engine: Engine,
    _ report: @escaping (Report) -> Void
  ) throws(EngineFailure) -> Checkpoint {
    var one = self
    one.tier = tier
    one.fallback = fallback
    if tiers.count > 1 { report(.tier(tier)) }
    return try engine.makeCheckpoint(named: name) { (path) throws(EngineFailure) in
      try one.make(engine, in: path, report)
    }
  }

  /// Fills the draft's folder and tries it.
  private func make(
    _ engine: Engine, in path: Path, _ report: @escaping (Report) -> Void
  ) throws(EngineFailure) -> Manifest {
    let frozen = try freeze(engine, into: path, report)
    var manifest = try manifest(frozen, path)
    manifest = try Trial(
      name: name, recipe: recipe, base: baseFolder, checkpoint: path, manifest: manifest
    ).complete(engine, tries: tries, report)
    // One that is only fallen back to has no first answers of its own.
    guard let rival, rival.manifest.tier == tier else { return manifest }
    let result = try Race(
      name: name, recipe: recipe, old: .init(path: rival.path, rival.manifest),
      new: .init(path: path, manifest)
    ).run(engine, report)
    guard result.isFaster else { throw .slower(result) }
    manifest.history.refresh = .init(before: result.before, after: result.after)
    return manifest
  }

  /// What came out of the freezing container.
  private struct Frozen {
    var facts: FrozenFacts?
    var failure: InitFailure?
    var coldStart = 0.0
    var warmUp = 0.0
    var steps: [String] = []
    var dump = 0.0

    mutating func note(_ event: InitEvent) {
      switch event {
      // The second time it was warm already.
      case .ready(let milliseconds): if coldStart == 0 { coldStart = milliseconds }
      case .warmed(let milliseconds, let done): (warmUp, steps) = (milliseconds, done)
      case .frozen(let found, let milliseconds): (facts, dump) = (found, milliseconds)
      case .failed(let why): failure = why
      default: break
      }
    }
  }

  private func freeze(
    _ engine: Engine, into draft: Path, _ report: @escaping (Report) -> Void
  ) throws(EngineFailure) -> Frozen {
    report(.step(.container))
    try Images.engine { () throws(EngineError) in
      try attempt("making folders for the checkpoint", on: draft) { () throws(Errno) in
        try FileSystem.makeDirectory(draft / "images", mode: 0o700)
        // CRIU writes and reads there as the server's user.
        for folder in [draft, draft / "images"] {
          try FileSystem.changeOwner(folder, user: program.user, group: program.group)
        }
      }
    }
    // Few servers use shared memory of System V; only for them PID 1 gets CAP_SYS_ADMIN, and only here.
    let rights: Set<Capability> = [.checkpointRestore, .setPCAP, .sysPtrace]
    do throws(EngineFailure) {
      return try freeze(engine, into: draft, rights, report)
    } catch {
      guard case .server(let failure) = error, failure.code == .needsSysAdmin else { throw error }
    }
    report(.step(.again))
    return try freeze(engine, into: draft, rights.union([.sysAdmin]), report)
  }

  /// One container's attempt.
  private func freeze(
    _ engine: Engine, into draft: Path, _ rights: Set<Capability>,
    _ report: @escaping (Report) -> Void
  ) throws(EngineFailure) -> Frozen {
    var frozen = Frozen()
    let status = try Session(
      engine: engine, name: "freezing-\(name)", image: base.reference ?? "this machine",
      arguments: program.words
    ).run(
      prepare: { folder throws(EngineError) in
        try placed.put(in: folder.upper)
        if tier == .warm || recipe.isExercisedFirst { try putLauncher(engine, folder.upper) }
        return container(engine, draft: draft, folder, rights)
      },
      log: { report(.log($0, $1)) },
      event: { event in
        frozen.note(event)
        report(.server(event))
        return nil
      },
      finish: { folder throws(EngineError) in
        guard frozen.facts != nil else { return }
        try attempt("keeping what the server wrote", on: folder.upper) { () throws(Errno) in
          try FileSystem.rename(folder.upper, to: draft / "files")
        }
      })
    guard frozen.facts != nil else {
      throw .server(
        frozen.failure
          ?? InitFailure(
            .serverDied, "the freezing container ended with \(status)",
            fix: "look at its log above"))
    }
    return frozen
  }

  private func container(
    _ engine: Engine, draft: Path, _ folder: ContainerFolder, _ rights: Set<Capability>
  ) -> ServerContainer {
    var plan = InitPlan(task: .freeze, recipe: recipe, program: program)
    plan.tier = tier
    plan.checkpoint = ServerContainer.checkpoint(tier)
    plan.bundle = ServerContainer.bundle
    var container = ServerContainer(
      engine: engine, id: folder.path.lastComponent, folder: folder.bundle, base: baseFolder,
      upper: folder.upper, work: folder.work, plan: plan,
      capabilities: rights, clock: .young(), isConfined: false)
    container.binds = [.init(source: draft, destination: plan.checkpoint ?? .root)]
    return container
  }

  /// Puts the launcher among the server's own files, where it is found wherever these are.
  private func putLauncher(_ engine: Engine, _ upper: Path) throws(EngineError) {
    let source = engine.bundle.launcher
    guard FileSystem.exists(source) else {
      throw EngineError(
        .noBundle, source.string, "the launcher for warm starts is not there",
        fix: "make it with `Setup/launcher.sh`, or freeze with --tier hot")
    }
    let place = upper / Launcher.jar.string
    try attempt("putting the launcher into the server's files", on: place) { () throws(Errno) in
      try FileSystem.makeDirectory(place.parent, mode: 0o755, parents: true)
      try FileSystem.copyTree(from: source, to: place)
      try FileSystem.changeMode(place, 0o644)
    }
  }

  var baseFolder: ServerContainer.BaseFolder {
    rootfs.map { .folder($0) } ?? .host
  }

  private func manifest(_ frozen: Frozen, _ draft: Path) throws(EngineFailure) -> Manifest {
    guard let facts = frozen.facts else {
      throw .server(InitFailure(.dumpFailed, "no facts of the frozen server", fix: ""))
    }
    do {
      try FileSystem.writeFile(draft / "recipe.json", try JSONText.encode(recipe), mode: 0o644)
      var manifest = Manifest(
        created: Clock.wall(), server: recipe.name, tier: tier, program: program, base: base,
        facts: facts, ports: recipe.ports.map(\.number), data: recipe.data,
        contents: [],
        history: Manifest.History(
          coldStart: frozen.coldStart, warmUp: frozen.warmUp, warmUpSteps: frozen.steps,
          dump: frozen.dump))
      if tier == .warm, let warm = recipe.warm {
        manifest.warm = .init(command: recipe.server.command, variables: warm.variables)
      }
      manifest.fallback = fallback
      manifest.maxAge = recipe.maxAge?.duration.seconds
      return manifest
    } catch let error as CheckpointError {
      throw .checkpoint(error)
    } catch let error as Errno {
      throw .checkpoint(CheckpointError(error, trying: "writing the manifest", on: draft))
    } catch {
      throw .checkpoint(
        CheckpointError(.failed, draft.string, "\(error)", fix: "report this as a fault of Thaw"))
    }
  }
}

extension TimeNamespace.Offsets {
  /// Clocks that begin now: no host on which a server with them is thawed is ever behind.
  static func young() -> TimeNamespace.Offsets {
    TimeNamespace.Offsets(
      monotonic: .seconds(1) - Clock.monotonic(), bootTime: .seconds(1) - Clock.bootTime())
  }
}
