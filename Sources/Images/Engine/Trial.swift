import Checkpoint
import Lifecycle
import Linux
import Server

/// Thaws a checkpoint once before it is kept, as it will be thawed later, and waits for its first answer.
struct Trial {
  /// The checkpoint's name.
  let name: String
  let recipe: Recipe
  /// The file system under the server.
  let base: ServerContainer.BaseFolder
  /// The draft's folder.
  let checkpoint: Path
  var manifest: Manifest

  /// Completes a checkpoint in the making: tries what may stay mapped, lists the files, and tries all of it.
  func complete(
    _ engine: Engine, tries: Bool, _ report: @escaping (Freezing.Report) -> Void
  ) throws(EngineFailure) -> Manifest {
    var trial = self
    if tries, manifest.memory.file != nil {
      report(.step(.training))
      trial.manifest.memory = try Training(trial: self).run(engine, report)
    }
    report(.step(.contents))
    trial.manifest.contents = try stored { () throws(CheckpointError) in
      try Checkpoint.contents(of: checkpoint)
    }
    if tries {
      report(.step(.trial))
      trial.manifest.history.trialThaw = try trial.run(engine, report)
    }
    return trial.manifest
  }

  /// Thaws it under watch, and exercises it; the result is what was seen.
  func watched(
    _ engine: Engine, _ report: @escaping (Freezing.Report) -> Void
  ) throws(EngineFailure) -> TrialResult {
    try stored { () throws(CheckpointError) in try write() }
    var result: TrialResult?
    var failure: InitFailure?
    let status = try session(engine).run(
      prepare: { folder in container(engine, folder, .trial) },
      log: { report(.log($0, $1)) },
      event: { event in
        switch event {
        case .tried(let found): result = found
        case .failed(let why): failure = why
        default: break
        }
        report(.server(event))
        return nil
      })
    if let result { return result }
    throw .server(
      failure
        ?? InitFailure(
          .serverDied, "the trial thaw ended with \(status)",
          fix: "look at its log above; `--no-trial` keeps the checkpoint all the same"))
  }

  /// Does it; the result is the time from the start of PID 1 to the first answer, in milliseconds.
  func run(
    _ engine: Engine, _ report: @escaping (Freezing.Report) -> Void
  ) throws(EngineFailure) -> Double {
    try stored { () throws(CheckpointError) in try write() }
    var answered: Double?
    var failure: InitFailure?
    let within = recipe.ready.within.duration
    let status = try session(engine, deadline: .after(within)).run(
      prepare: { folder in container(engine, folder, .start) },
      log: { report(.log($0, $1)) },
      event: { event in
        switch event {
        case .answered(let milliseconds): answered = milliseconds
        case .failed(let why): failure = why
        case .thawed where recipe.firstAnswer == nil: answered = 0
        default: break
        }
        report(.server(event))
        return answered == nil ? nil : .kill
      })
    if let answered { return answered }
    throw .server(
      failure
        ?? InitFailure(
          .serverDied,
          "the trial thaw gave no answer: the thawed server ended with \(status) or stayed silent for \(within)",
          fix: "look at its log above; `--no-trial` keeps the checkpoint all the same"))
  }

  /// Thaws it as a run does, and asks it: questions, or its first one over and over if there is no step.
  func measured(
    _ questions: WarmUp, _ engine: Engine, _ report: @escaping (Freezing.Report) -> Void
  ) throws(EngineFailure) -> MeasuredAnswers {
    var result: MeasuredAnswers?
    var failure: InitFailure?
    let status = try session(engine, deadline: .after(recipe.ready.within.duration)).run(
      prepare: { folder in
        var container = container(engine, folder, .measure, writesBeside: false)
        container.plan.questions = questions
        return container
      },
      log: { report(.log($0, $1)) },
      event: { event in
        switch event {
        case .measured(let answers): result = answers
        case .failed(let why): failure = why
        default: break
        }
        return nil
      })
    if let result { return result }
    throw .server(
      failure
        ?? InitFailure(
          .serverDied, "the thawed server ended with \(status), or did not answer in time",
          fix: "look at its log above"))
  }

  /// The manifest, as it is now: the finished one is written when the trial is over.
  private func write() throws(CheckpointError) {
    do {
      try FileSystem.writeFile(checkpoint / "manifest.json", try JSONText.encode(manifest))
    } catch let error as Errno {
      throw CheckpointError(error, trying: "writing the manifest", on: checkpoint)
    } catch {
      throw CheckpointError(
        .failed, checkpoint.string, "\(error)", fix: "report this as a fault of Thaw")
    }
  }

  private func session(_ engine: Engine, deadline: Deadline = .never) -> Session {
    Session(
      engine: engine, name: "trial-\(name)", image: manifest.base.reference ?? "this machine",
      arguments: manifest.program.words, deadline: deadline)
  }

  private func container(
    _ engine: Engine, _ folder: ContainerFolder, _ task: InitPlan.Task, writesBeside: Bool = true
  ) -> ServerContainer {
    var plan = InitPlan(task: task, recipe: recipe, program: manifest.program)
    plan.tier = manifest.tier
    let place = ServerContainer.checkpoint(manifest.tier)
    plan.checkpoint = place
    plan.candidates = [.init(place)]
    plan.bundle = ServerContainer.bundle
    plan.mayStartCold = false
    plan.keepsKernelData = writesBeside
    // What it falls back to has files of its own, and perhaps its memory.
    let others = [manifest.fallback.flatMap { try? engine.checkpoints.find($0) }].compactMap(\.self)
    var container = ServerContainer(
      engine: engine, id: folder.path.lastComponent, folder: folder.bundle,
      base: base, layers: ([checkpoint] + others.map(\.path)).map { $0 / "files" },
      upper: folder.upper,
      work: folder.work, plan: plan, capabilities: manifest.capabilitiesAtThaw,
      clock: manifest.clockAtThaw(), isConfined: true)
    container.binds =
      ServerContainer.binds(checkpoint, manifest, readOnly: !writesBeside)
      + others.flatMap { ServerContainer.binds($0.path, $0.manifest) }
    return container
  }
}

extension Manifest {
  /// What PID 1 needs to thaw it; only an imported PID 1, which gets a pid namespace of its own, needs more than one.
  var capabilitiesAtThaw: Set<Capability> {
    processes.root == 1 ? [.checkpointRestore, .sysAdmin] : [.checkpointRestore]
  }

  /// Offsets under which a thawed server's clocks go on a moment after they stopped.
  func clockAtThaw() -> TimeNamespace.Offsets { Self.clockAtThaw(of: [self]) }

  /// The same where one of several is thawed: none of them sees its clocks go back.
  static func clockAtThaw(of all: [Manifest]) -> TimeNamespace.Offsets {
    // The clocks were read just before the dump, which took its time.
    let monotonic = all.map { $0.clock.monotonic + $0.history.dump / 1000 + 0.1 }.max() ?? 0
    let bootTime = all.map { $0.clock.bootTime + $0.history.dump / 1000 + 0.1 }.max() ?? 0
    return TimeNamespace.Offsets(
      monotonic: .seconds(monotonic) - Clock.monotonic(),
      bootTime: .seconds(bootTime) - Clock.bootTime())
  }
}
