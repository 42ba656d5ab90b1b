package import Checkpoint
package import Lifecycle
package import Linux
package import Server

/// Starts a server from its checkpoint: thawed where that is safe, else cold.
package struct Running: Sendable {
  /// The checkpoint's name or id.
  package var checkpoint: String
  /// The container's name; nil: made up.
  package var name: String?
  /// Arguments instead of the recipe's; nil: those of the checkpoint.
  package var arguments: [String]?
  /// Variables to set besides those of the checkpoint.
  package var environment: [String: String] = [:]
  /// The ports to publish; nil: all that the server listens on, with their own numbers on 127.0.0.1.
  package var ports: [PublishedPort]?
  package var volumes: [VolumeRequest] = []
  /// How much memory the container may have; nil: as much as there is.
  package var memoryLimit: ByteCount?
  /// Whether nothing of the container is kept when it has ended.
  package var isTransient = false
  /// Whether it is started cold even if it could be thawed.
  package var isCold = false
  /// Whether it may be started cold if it cannot be thawed.
  package var mayStartCold = true

  /// How `thaw bench` has it thawed to compare with; nil: as Thaw does.
  package var comparison: Comparison?

  /// Other ways to thaw than Thaw's own, only for comparison.
  package enum Comparison: String, Sendable, CaseIterable {
    /// As `criu restore --lazy-pages`, with more rights than a thaw has.
    case lazyPages = "lazy-pages"
    /// Left stopped: a server without memory must not run.
    case stopped
  }

  package init(checkpoint: String) {
    self.checkpoint = checkpoint
  }

  /// What is told while it runs.
  package enum Report: Sendable {
    case changed(ContainerRecord)
    /// The checkpoint's files are read, because this host has not verified them as they are.
    case verifying(Reading)
    /// They have been read.
    case verified
    case passed(Part)
    case server(InitEvent)
    case log(LogLine.Stream, [UInt8])
  }

  /// What the engine does before PID 1 begins; each is told when it is over.
  package enum Part: String, Sendable, Codable {
    /// Program started, checkpoint found, volumes filled.
    case engine
    case network
    /// The root file system is mounted, runc has started PID 1.
    case container
  }

  /// Runs until the server has ended; signals that end this process must be blocked, and end the server instead.
  package func run(
    _ engine: Engine, report: @escaping (Report) -> Void
  ) throws(EngineFailure) -> ExitStatus {
    let found = try stored { () throws(CheckpointError) in
      try engine.checkpoints.find(checkpoint)
    }
    let lock = try stored { () throws(CheckpointError) in try found.use() }
    guard lock != nil else {
      throw .checkpoint(
        CheckpointError(.notFound, checkpoint, "is being removed", fix: "freeze it again"))
    }
    let recipe = try found.readRecipe()
    let base = try Images.engine { () throws(EngineError) in
      try Self.base(found.manifest.base, engine)
    }
    let prepared = try Images.engine { () throws(EngineError) in
      try Volumes(volumes, engine: engine, checkpoint: found, rootfs: base.path)
    }
    let doubt = isCold ? "a cold start was asked for" : try doubt(found, report)
    // The disk reads while network and container are made.
    if doubt == nil { found.readAhead() }
    let plan = plan(found, recipe, foreign: prepared.foreign, coldBecause: doubt)
    var session = Session(
      engine: engine, name: name ?? "\(found.manifest.server)-\(Host.randomName().prefix(6))",
      image: found.manifest.base.reference ?? "this machine", arguments: plan.program.words)
    session.checkpointName = checkpoint
    session.ports =
      ports
      ?? found.manifest.ports.map {
        PublishedPort(hostAddress: "127.0.0.1", hostPort: $0, containerPort: $0)
      }
    session.volumes = prepared.binds
    session.checkpoint = found
    session.isTransient = isTransient
    session.memoryLimit = memoryLimit
    session.patience = recipe.stop.within.duration + .seconds(2)
    session.changed = { report(.changed($0)) }
    session.passed = { report(.passed($0)) }
    report(.passed(.engine))
    let binds = prepared.binds
    let status = try session.run(
      prepare: { folder in
        container(engine, found, base, plan, folder, binds: binds)
      },
      log: { report(.log($0, $1)) },
      event: { event in
        report(.server(event))
        return nil
      })
    // Held until here: the volumes' locks and the checkpoint's.
    _ = consume prepared
    _ = consume lock
    return status
  }

  /// What speaks against the checkpoint's files; nil if they are what they were.
  ///
  /// PID 1 looks again, but it cannot record what it has read: so that it need not read hundreds of
  /// megabytes at each start, they are read here where this host does not know them.
  private func doubt(
    _ checkpoint: Checkpoint, _ report: (Report) -> Void
  ) throws(EngineFailure) -> String? {
    let signals = try Images.engine { () throws(EngineError) in
      try attempt("listening to signals", on: checkpoint.path) { () throws(Errno) in
        try SignalDescriptor([.terminate, .interrupt, .quit, .hangup])
      }
    }
    do throws(CheckpointError) {
      var isReading = false
      try checkpoint.verify { (reading) throws(Errno) in
        isReading = true
        report(.verifying(reading))
        if try signals.next(deadline: .after(.zero)) != nil { throw .cancelled }
      }
      if isReading { report(.verified) }
      return nil
    } catch {
      guard error.code != .cancelled else { throw .checkpoint(error) }
      report(.verified)
      return "\(error)"
    }
  }

  private func plan(
    _ found: Checkpoint, _ recipe: Recipe, foreign: [Path], coldBecause: String?
  ) -> InitPlan {
    var program = found.manifest.program
    if let arguments { program.words = recipe.server.words(replacingArguments: arguments) }
    program.environment.merge(environment) { $1 }
    var plan = InitPlan(task: .start, recipe: recipe, program: program)
    plan.checkpoint = ServerContainer.checkpoint
    plan.bundle = ServerContainer.bundle
    plan.mayStartCold = mayStartCold
    plan.coldBecause = coldBecause
    plan.foreignVolumes = foreign
    plan.engineSetsPIDs = true
    plan.lazyPages = comparison == .lazyPages
    plan.leavesStopped = comparison == .stopped
    return plan
  }

  private func container(
    _ engine: Engine, _ found: Checkpoint, _ base: ServerContainer.BaseFolder, _ plan: InitPlan,
    _ folder: ContainerFolder, binds: [ContainerSpec.Bind]
  ) -> ServerContainer {
    var container = ServerContainer(
      engine: engine, id: folder.path.lastComponent, folder: folder.bundle, base: base,
      // A checkpoint whose files are gone is refused by PID 1, and the server started cold without them.
      layers: FileSystem.exists(found.files) ? [found.files] : [], upper: folder.upper,
      work: folder.work, plan: plan,
      capabilities: found.manifest.capabilitiesAtThaw.union(plan.lazyPages ? [.sysPtrace] : []),
      clock: found.manifest.clockAtThaw(), isConfined: !plan.lazyPages)
    container.opened = found.manifest.openFiles
    container.memoryLimit = memoryLimit
    container.binds =
      binds + [
        .init(source: found.path, destination: ServerContainer.checkpoint, readOnly: true)
      ] + ServerContainer.memory(of: found.path, found.manifest)
    return container
  }

  /// The unpacked file system under a checkpoint; nil for this machine's own.
  package static func rootfs(
    of manifest: Manifest, _ engine: Engine
  ) throws(EngineFailure) -> Path? {
    try Images.engine { () throws(EngineError) in try base(manifest.base, engine).path }
  }

  /// The unpacked file system under a checkpoint.
  static func base(
    _ base: Manifest.Base, _ engine: Engine
  ) throws(EngineError) -> ServerContainer.BaseFolder {
    guard let reference = base.reference else { return .host }
    if let digest = base.digest, let found = engine.unpacked(digest, reference: reference) {
      return .folder(found.rootfs)
    }
    let image = try engine.images.resolve(reference)
    guard case .image(_, let digest) = image.base, digest == base.digest else {
      throw EngineError(
        .imageNotFound, reference, "is no longer the image that the server was frozen on",
        fix: "freeze the server again")
    }
    return .folder(image.rootfs)
  }
}

extension Checkpoint {
  /// The recipe that the server was frozen by.
  package func readRecipe() throws(EngineFailure) -> Recipe {
    do {
      return try JSONText.decode(Recipe.self, from: try FileSystem.readFile(recipe))
    } catch {
      throw .checkpoint(
        CheckpointError(
          .damaged, recipe.string, JSONText.explain(error), fix: "freeze the server again"))
    }
  }
}

extension ServerContainer.BaseFolder {
  /// Its path; nil for this machine's own file system.
  var path: Path? {
    if case .folder(let path) = self { path } else { nil }
  }
}
