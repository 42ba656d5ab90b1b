import Checkpoint
import Lifecycle
import Linux
import Server

/// All that is held and known before a container is made.
struct PreparedRun: ~Copyable {
  /// A checkpoint to start from, and what speaks against it.
  struct Candidate {
    var checkpoint: Checkpoint
    var doubt: String?
  }

  let checkpoint: Checkpoint
  let base: ServerContainer.BaseFolder
  let volumes: Volumes
  let candidates: [Candidate]
  let plan: InitPlan
  private let recipe: Recipe
  private let lock: FileLock

  /// What a container is made of, for functions that cannot hold the locks.
  struct Parts {
    var plan: InitPlan
    var base: ServerContainer.BaseFolder
    var candidates: [Candidate]
    var binds: [ContainerSpec.Bind]
    /// What was hibernated onto the volumes.
    var hibernated: [Manifest]
    var locks: VolumeLocks
  }

  var parts: Parts {
    Parts(
      plan: plan, base: base, candidates: candidates, binds: volumes.binds,
      hibernated: volumes.hibernated, locks: volumes.locks)
  }

  init(
    _ running: Running, _ engine: Engine, fillsVolumes: Bool = true,
    _ report: (Running.Report) -> Void
  ) throws(EngineFailure) {
    let found = try stored { () throws(CheckpointError) in
      try engine.checkpoints.find(running.checkpoint)
    }
    guard let lock = try stored({ () throws(CheckpointError) in try found.use() }) else {
      throw .checkpoint(
        CheckpointError(.notFound, running.checkpoint, "is being removed", fix: "freeze it again"))
    }
    let recipe = try found.readRecipe()
    let base = try Images.engine { () throws(EngineError) in
      try Running.base(found.manifest.base, engine)
    }
    let volumes = try Images.engine { () throws(EngineError) in
      try Volumes(
        running.volumes, engine: engine, checkpoint: found, rootfs: base.path,
        fills: fillsVolumes)
    }
    let candidates = try running.candidates(found, engine, report)
    var plan = running.plan(found, recipe, foreign: volumes.foreign, candidates)
    if running.comparison == nil, !volumes.binds.isEmpty {
      plan.stop = try running.stopPlan(volumes.stopPlan(found.manifest))
    }
    self.plan = plan
    checkpoint = found
    self.base = base
    self.volumes = volumes
    self.candidates = candidates
    self.recipe = recipe
    self.lock = lock
  }

  func session(_ engine: Engine, _ running: Running) -> Session {
    let manifest = checkpoint.manifest
    var session = Session(
      engine: engine,
      name: running.name ?? "\(manifest.server)-\(Host.randomName().prefix(6))",
      image: manifest.base.reference ?? "this machine", arguments: plan.program.words)
    session.checkpointName = running.checkpoint
    session.volumes = volumes.binds
    session.checkpoint = checkpoint
    session.memoryLimit = running.memoryLimit
    session.patience = recipe.stop.within.duration + .seconds(2)
    if let stop = plan.stop, stop.wish == .hibernate, stop.obstacle == nil {
      session.patience += stop.patience.duration
      session.hibernatesWithin = stop.patience
    }
    return session
  }
}

extension Running {
  /// The checkpoint that was asked for, and what it falls back to.
  fileprivate func candidates(
    _ found: Checkpoint, _ engine: Engine, _ report: (Report) -> Void
  ) throws(EngineFailure) -> [PreparedRun.Candidate] {
    var all = [found]
    // One that is gone is none: the server then starts without.
    if let id = found.manifest.fallback, let other = try? engine.checkpoints.find(id) {
      all.append(other)
    }
    var candidates: [PreparedRun.Candidate] = []
    for checkpoint in all {
      let doubt = isCold ? nil : try doubt(checkpoint, report)
      // The disk reads the likely one while network and container are made.
      if doubt == nil, !isCold, !candidates.contains(where: { $0.doubt == nil }) {
        checkpoint.readAhead()
      }
      candidates.append(PreparedRun.Candidate(checkpoint: checkpoint, doubt: doubt))
    }
    return candidates
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

  /// What the line and the environment of this process say of the end.
  fileprivate func stopPlan(_ plan: StopPlan) throws(EngineFailure) -> StopPlan {
    var plan = plan
    guard plan.take(onStop, Spawn.ownEnvironment()) else {
      throw .engine(
        EngineError(
          .failed, "THAW_ON_STOP, THAW_STOP_TIMEOUT", "cannot be understood",
          fix: "write the first as hibernate or stop, the second as 8s"))
    }
    return plan
  }

  fileprivate func plan(
    _ found: Checkpoint, _ recipe: Recipe, foreign: [Path], _ candidates: [PreparedRun.Candidate]
  ) -> InitPlan {
    var program = found.manifest.program
    if let arguments { program.words = recipe.server.words(replacingArguments: arguments) }
    program.environment.merge(environment) { $1 }
    var plan = InitPlan(task: .start, recipe: recipe, program: program)
    plan.candidates = candidates.map { candidate in
      .init(
        ServerContainer.checkpoint(candidate.checkpoint.manifest.tier), doubt: candidate.doubt)
    }
    plan.bundle = ServerContainer.bundle
    plan.mayStartCold = mayStartCold
    plan.coldBecause = isCold ? "a cold start was asked for" : nil
    plan.foreignVolumes = foreign
    plan.engineSetsPIDs = true
    plan.lazyPages = comparison == .lazyPages
    plan.leavesStopped = comparison == .stopped
    return plan
  }
}
