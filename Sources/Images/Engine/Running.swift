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
  /// What becomes of a server on volumes when it is told to end; nil: what the environment says.
  package var onStop: OnStop?

  /// When it is frozen again while it runs, for a better checkpoint; nil: never.
  package var refresh: RefreshRule?

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
    let ready = try PreparedRun(self, engine, report)
    try checkRefresh(ready.checkpoint, engine)
    var session = ready.session(engine, self)
    session.refresh = refresh
    session.ports =
      ports
      ?? ready.checkpoint.manifest.ports.map {
        PublishedPort(hostAddress: "127.0.0.1", hostPort: $0, containerPort: $0)
      }
    session.isTransient = isTransient
    session.changed = { report(.changed($0)) }
    session.passed = { report(.passed($0)) }
    report(.passed(.engine))
    let parts = ready.parts
    let status = try session.run(
      prepare: { folder in container(engine, parts, folder) },
      log: { report(.log($0, $1)) },
      event: { event in
        report(.server(event))
        return nil
      }, finish: { _ in parts.locks.release() })
    let id = ready.checkpoint.id
    // Held until here: the checkpoint's lock.
    _ = consume ready
    // It had a name, and has lost it to the better one that was made of this server.
    if refresh != nil { engine.checkpoints.removeIfNameless(id) }
    return status
  }

  /// Sees whether the server may be frozen for others while it runs.
  private func checkRefresh(
    _ found: Checkpoint, _ engine: Engine
  ) throws(EngineFailure) {
    guard refresh != nil else { return }
    let isNamed = try stored { () throws(CheckpointError) in
      try engine.checkpoints.named(checkpoint)?.id == found.id
    }
    guard isNamed else {
      throw .engine(
        EngineError(
          .failed, "--refresh",
          "a better checkpoint gets the name of the one that is run, and \(checkpoint) is an id",
          fix: "run it by its name"))
    }
    guard found.manifest.history.container == nil else {
      throw .engine(
        EngineError(
          .failed, "--refresh",
          "\(checkpoint) holds the state of a server that ran, which its next start goes on with",
          fix: "leave it out, and keep the server with `thaw hibernate`"))
    }
    if let obstacle = RunningCopy.obstacle(found.manifest, hasVolumes: !volumes.isEmpty) {
      throw .engine(
        EngineError(
          .failed, "--refresh", "\(checkpoint): \(obstacle.why)", fix: obstacle.fix))
    }
  }

  func container(
    _ engine: Engine, _ parts: PreparedRun.Parts, _ folder: ContainerFolder
  ) -> ServerContainer {
    let (plan, checkpoints) = (parts.plan, parts.candidates.map(\.checkpoint))
    let manifests = checkpoints.map(\.manifest)
    var rights = manifests.reduce(Set<Capability>()) { $0.union($1.capabilitiesAtThaw) }
    if plan.lazyPages || (plan.stop?.wish == .hibernate && Host.restrictsTracing()) {
      rights.insert(.sysPtrace)
    }
    var container = ServerContainer(
      engine: engine, id: folder.path.lastComponent, folder: folder.bundle, base: parts.base,
      // A checkpoint whose files are gone is refused by PID 1, and the server started cold without them.
      layers: checkpoints.map(\.files).filter { FileSystem.exists($0) }, upper: folder.upper,
      work: folder.work, plan: plan, capabilities: rights,
      clock: Manifest.clockAtThaw(of: manifests + parts.hibernated), isConfined: !plan.lazyPages)
    container.opened = FileTable(manifests.flatMap(\.openFiles.entries))
    container.memoryLimit = memoryLimit
    container.locks = parts.locks.descriptors
    container.binds =
      parts.binds + checkpoints.flatMap { ServerContainer.binds($0.path, $0.manifest) }
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
