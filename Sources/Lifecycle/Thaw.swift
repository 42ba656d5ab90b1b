import CRIU
import Checkpoint
import Linux
import Memory
import Server

/// Thaws a checkpoint into the container of this process.
struct Thaw {
  let plan: InitPlan
  let checkpoint: Checkpoint
  /// Sees the calls of the thawed server by which it changes its memory; nil: nobody does.
  var watch: SystemCallWatch?
  /// Whether the checkpoint lies on a volume that is what it was when the server was hibernated onto it.
  var isHibernated = false
  /// Whether the data folders hold, or would be filled with, what another checkpoint of the image was frozen with.
  var hasOtherData = false

  var manifest: Manifest { checkpoint.manifest }

  /// Judges and restores; the server is then a child of this process.
  ///
  /// What is expected of the world but not so is a reason, not a fault: it comes back as a refusal.
  func run(
    _ pipes: borrowing ServerPipes, cancel: Int32, _ phases: consuming ThawPhases = ThawPhases()
  ) -> Outcome {
    let besides = RestoredBesides(checkpoint)
    do {
      if isHibernated { try LayerFiles(checkpoint: checkpoint.path).put(plan) }
      try besides.put()
    } catch {
      return .refused("\(error)")
    }
    let outcome = judgeAndRestore(pipes, besides, cancel: cancel, phases)
    if case .thawed = outcome { return outcome }
    besides.remove()
    return outcome
  }

  private func judgeAndRestore(
    _ pipes: borrowing ServerPipes, _ besides: RestoredBesides, cancel: Int32,
    _ phases: consuming ThawPhases
  ) -> Outcome {
    // CRIU's program is loaded while this process looks whether there will be something to do for it.
    let options = restoreOptions(pipes, besides)
    var client: Client
    do throws(Hindrance) { client = try self.client() } catch { return error.outcome }
    client.watch = watch
    let criu = Result { () throws(CRIUError) in try client.prepareRestore(options) }
    let verdict: Verdict
    do throws(Hindrance) {
      verdict = try self.verdict(client, cancel: cancel)
    } catch {
      return error.outcome
    }
    if let reason = verdict.reason { return .refused(reason, over: verdict.obstacle) }
    phases.end("judged")
    let kernelData = useKernelData()
    if plan.isInImage {
      Init.log("Restoring \(plan.recipe.title ?? plan.recipe.name) from CRIU checkpoint")
    }
    readAhead()
    guard let facts = manifest.warm, !plan.leavesStopped else {
      return restore(criu, besides, kernelData: kernelData, cancel: cancel, phases)
    }
    let launch: Launch
    do throws(InitFailure) {
      launch = try Launch(plan, facts)
    } catch {
      return .refused("\(error)")
    }
    let outcome = restore(criu, besides, kernelData: kernelData, cancel: cancel, phases)
    guard case .thawed(let server, _) = outcome else {
      Launch.remove()
      return outcome
    }
    guard let reason = launch.finish() else { return outcome }
    Self.end(server)
    return .refused(reason)
  }

  /// Kills what was restored, a child of this process, and reaps it.
  static func end(_ server: Int32) {
    Processes.kill(tree: server)
    if let child = try? Child(adopting: server) {
      _ = try? child.wait(deadline: .after(.seconds(5)))
    }
  }

  private func restoreOptions(
    _ pipes: borrowing ServerPipes, _ besides: RestoredBesides
  ) -> Options {
    var options = FrozenServer.restoreOptions(
      checkpoint, work: workFolder(), output: pipes.output.writer.rawValue,
      errors: pipes.errors.writer.rawValue)
    // Not warnings: CRIU has one for each capability of each thread, 1,700 lines for a JVM, which take milliseconds.
    options.logLevel = plan.criuLog ?? 1
    options.leaveStopped = plan.leavesStopped || besides.mustAttach
    options.lazyPages = plan.lazyPages
    return options
  }

  /// Has CRIU restore what was judged.
  private func restore(
    _ criu: consuming Result<PreparedRestore, CRIUError>, _ besides: RestoredBesides,
    kernelData: Bool, cancel: Int32, _ phases: consuming ThawPhases
  ) -> Outcome {
    if plan.lazyPages {
      do throws(InitFailure) {
        let pages = LazyPages(
          installation: try CRIUAtHand.client(plan).installation, images: checkpoint.images,
          work: workFolder())
        try pages.start(deadline: .after(plan.patience()))
      } catch {
        return .refused("\(error)")
      }
      phases.end("lazy-pages daemon")
    }
    let pids = plan.hibernatesOnStop ? LowPIDs() : nil
    do throws(CRIUError) {
      let result = try criu.get().restore(
        deadline: .after(plan.patience(for: manifest.memory.copied)), cancel: cancel
      ) { notification in
        // All is restored and stands still: what was called so far, CRIU called.
        if case .preResume = notification {
          _ = watch?.take()
          pids?.finish()
        }
        return .proceed
      }
      phases.end("CRIU")
      // The container's /dev/shm is the server's.
      if plan.isInImage { try? FileSystem.remove(CRIUAtHand.kernelData(plan)) }
      if plan.keepsKernelData, !kernelData { keepKernelData() }
      if let reason = besides.attach(result.pid) { return .refused(reason) }
      return .thawed(result.pid, phases)
    } catch {
      return error.code == .cancelled ? .cancelled : .refused(error.sentence, log: error.log)
    }
  }

  /// What came of it.
  enum Outcome {
    /// The server runs and has this pid; this is how long it took.
    case thawed(Int32, ThawPhases)
    /// It may not or cannot be thawed here.
    case refused(String, log: [String] = [], over: Verdict.Subject? = nil)
    /// This process was told to end.
    case cancelled
  }

  /// Asks for what the server will touch first of the memory file, if no engine has.
  private func readAhead() {
    guard watch == nil, manifest.memory.file != nil,
      let file = try? Descriptor.open(checkpoint.memoryAtHand, .readOnly)
    else { return }
    WorkingSet.readAhead(in: checkpoint.path, file)
  }

  /// The log is kept where people look for it, if that can be written.
  private func workFolder() -> Path {
    // One that another user left there cannot be written anew.
    let isFree =
      !FileSystem.exists("/tmp/criu-restore.log") || FileSystem.isWritable("/tmp/criu-restore.log")
    return isFree && FileSystem.isWritable("/tmp") ? "/tmp" : CRIUAtHand.runtimeFolder(plan)
  }

  /// Puts what CRIU learnt about this kernel where CRIU looks, if the checkpoint has it for this very kernel.
  private func useKernelData() -> Bool {
    guard manifest.host.kernel == Host.kernelRelease,
      let bytes = try? FileSystem.readFile(checkpoint.kernelData)
    else { return false }
    // Without it CRIU learns anew, which takes 20-28 ms.
    return (try? FileSystem.writeFile(CRIUAtHand.kernelData(plan), bytes, mode: 0o600)) != nil
  }

  private func keepKernelData() {
    guard let bytes = try? FileSystem.readFile(CRIUAtHand.kernelData(plan)) else { return }
    // A thaw without it is slower, not wrong.
    try? FileSystem.writeFile(checkpoint.kernelData, bytes, mode: 0o644)
  }
}

extension Checkpoint {
  /// The memory file, as PID 1 of a container sees it.
  var memoryAtHand: Path {
    manifest.memory.file?.path ?? (FileSystem.exists(memory) ? memory : MemoryFile.path)
  }
}
