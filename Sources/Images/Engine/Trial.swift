import Checkpoint
import Lifecycle
import Linux
import Server

/// Thaws a checkpoint once before it is kept, as it will be thawed later, and waits for its first answer.
struct Trial {
  let freezing: Freezing
  /// The draft's folder.
  let checkpoint: Path
  let manifest: Manifest

  /// Does it; the result is the time from the start of PID 1 to the first answer, in milliseconds.
  func run(
    _ engine: Engine, _ report: @escaping (Freezing.Report) -> Void
  ) throws(EngineFailure) -> Double {
    try stored { () throws(CheckpointError) in try write() }
    var answered: Double?
    var failure: InitFailure?
    let within = freezing.recipe.ready.within.duration
    let status = try Session(
      engine: engine, name: "trial-\(freezing.name)",
      image: manifest.base.reference ?? "this machine",
      arguments: manifest.program.words, deadline: .after(within)
    ).run(
      prepare: { folder in container(engine, folder) },
      log: { report(.log($0, $1)) },
      event: { event in
        switch event {
        case .answered(let milliseconds): answered = milliseconds
        case .failed(let why): failure = why
        case .thawed where freezing.recipe.firstAnswer == nil: answered = 0
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

  private func container(_ engine: Engine, _ folder: ContainerFolder) -> ServerContainer {
    var plan = InitPlan(task: .start, recipe: freezing.recipe, program: manifest.program)
    plan.checkpoint = ServerContainer.checkpoint
    plan.bundle = ServerContainer.bundle
    plan.mayStartCold = false
    plan.keepsKernelData = true
    var container = ServerContainer(
      engine: engine, id: folder.path.lastComponent, folder: folder.bundle,
      base: freezing.baseFolder, layers: [checkpoint / "files"], upper: folder.upper,
      work: folder.work, plan: plan, capabilities: [.checkpointRestore],
      clock: manifest.clockAtThaw(), isConfined: true)
    container.binds =
      [.init(source: checkpoint, destination: ServerContainer.checkpoint)]
      + ServerContainer.memory(of: checkpoint, manifest)
    return container
  }
}

extension Manifest {
  /// Offsets under which a thawed server's clocks go on a moment after they stopped.
  func clockAtThaw() -> TimeNamespace.Offsets {
    // The clocks were read just before the dump, which took its time.
    let later = history.dump / 1000 + 0.1
    return TimeNamespace.Offsets(
      monotonic: .seconds(clock.monotonic + later) - Clock.monotonic(),
      bootTime: .seconds(clock.bootTime + later) - Clock.bootTime())
  }
}
