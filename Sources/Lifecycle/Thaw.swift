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

  /// Judges and restores; the server is then a child of this process.
  ///
  /// What is expected of the world but not so is a reason, not a fault: it comes back as a refusal.
  func run(
    _ pipes: borrowing ServerPipes, cancel: Int32, _ phases: consuming ThawPhases = ThawPhases()
  ) -> Outcome {
    let besides = RestoredBesides(checkpoint)
    do {
      if plan.isHibernated { try LayerFiles(checkpoint: checkpoint.path).put(plan) }
      try besides.put()
    } catch {
      return .refused("\(error)")
    }
    let outcome = restore(pipes, besides, cancel: cancel, phases)
    if case .thawed = outcome { return outcome }
    besides.remove()
    return outcome
  }

  private func restore(
    _ pipes: borrowing ServerPipes, _ besides: RestoredBesides, cancel: Int32,
    _ phases: consuming ThawPhases
  ) -> Outcome {
    var client: Client
    let version: String
    do {
      client = try CRIUAtHand.client(plan)
    } catch {
      return .refused("\(error)")
    }
    let kernelData = useKernelData()
    do throws(CRIUError) {
      version = try self.version(client, cancel: cancel)
    } catch {
      return error.code == .cancelled ? .cancelled : .refused(error.sentence, log: error.log)
    }
    phases.end("CRIU found")
    do throws(Errno) {
      let verdict = Verdict.judge(checkpoint.manifest, in: try situation(criu: version))
      if let reason = verdict.reason { return .refused(reason, over: verdict.obstacle) }
    } catch {
      return .refused("looking at this container: \(error)")
    }
    phases.end("judged")
    if plan.isInImage {
      Init.log("Restoring \(plan.recipe.title ?? plan.recipe.name) from CRIU checkpoint")
    }
    readAhead()
    var options = FrozenServer.restoreOptions(
      checkpoint, work: workFolder(), output: pipes.output.writer.rawValue,
      errors: pipes.errors.writer.rawValue)
    // Not warnings: CRIU has one for each capability of each thread, 1,700 lines for a JVM, which take milliseconds.
    options.logLevel = plan.criuLog ?? 1
    options.leaveStopped = plan.leavesStopped || besides.mustAttach
    if plan.lazyPages {
      options.lazyPages = true
      let pages = LazyPages(
        installation: client.installation, images: checkpoint.images, work: workFolder())
      do throws(InitFailure) {
        try pages.start(deadline: .after(plan.patience()))
      } catch {
        return .refused("\(error)")
      }
      phases.end("lazy-pages daemon")
    }
    let pids = plan.isInImage && plan.hibernatesOnStop ? LowPIDs() : nil
    do throws(CRIUError) {
      client.watch = watch
      let result = try client.restore(
        options, deadline: .after(plan.patience(for: checkpoint.manifest.memory.copied)),
        cancel: cancel
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

  /// What there is here, as far as PID 1 can see it.
  private func situation(criu: String) throws(Errno) -> Verdict.Situation {
    Verdict.Situation(
      host: HostFacts.current(), program: plan.program,
      monotonic: Clock.monotonic().seconds,
      capabilities: ColdStart.capabilities.map(\.name), clone3: Host.supportsClone3(), criu: criu,
      changedFile: try checkpoint.manifest.openFiles.firstChange(),
      foreignVolumes: plan.foreignVolumes, foreignBecause: plan.foreignBecause)
  }

  /// Which CRIU there is: to ask it takes a start of its own, which the very program that made the dump does not need.
  private func version(_ client: Client, cancel: Int32) throws(CRIUError) -> String {
    let criu = checkpoint.manifest.criu
    if let program = client.installation.command.last,
      let build = try? Digest(ofFile: Path(program)), build == criu.build
    {
      return criu.version
    }
    return "\(try client.requireVersion(deadline: .after(plan.patience()), cancel: cancel))"
  }

  /// The memory file, as this process sees it.
  private var memory: Path {
    if plan.isHibernated { return ImageHome.checkpoint / MemoryFile.name }
    return FileSystem.exists(checkpoint.memory) ? checkpoint.memory : MemoryFile.path
  }

  /// Asks for what the server will touch first of the memory file, if no engine has.
  private func readAhead() {
    guard watch == nil, checkpoint.manifest.memory.file != nil,
      let file = try? Descriptor.open(memory, .readOnly)
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
    let manifest = checkpoint.manifest
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
