import CRIU
import Checkpoint
import Linux
import Memory
import Server

/// Freezes the server of a container onto its volume when the container is told to end: PID 1 does it itself.
///
/// Nobody with more rights is there. PID 1 has CAP_CHECKPOINT_RESTORE and the container's seccomp filter, which the server
/// has, too; CRIU is told that nobody has filters (``Client/hidesFilters``), and its code in the server's processes runs
/// under the container's filter.
struct StopHibernation {
  let plan: InitPlan
  let fences: VolumeFences
  /// The server's own checkpoint, the best that it could be started from but for a hibernated one.
  let parent: Path
  /// The digest of its manifest.
  let parentDigest: Digest
  /// How long it may take.
  let patience: TimeSpan

  /// What came of it.
  struct Hibernated {
    /// From the call to the mark on the volume, in milliseconds.
    var milliseconds: Double
    /// Bytes of the checkpoint.
    var size: ByteCount
    /// Resident bytes of the server.
    var resident: ByteCount

    /// The line in the server's log.
    var line: String {
      let tenths = { (bytes: ByteCount) in Double(bytes.bytes / 100_000) / 10 }
      return "hibernated in \(Int64(milliseconds.rounded())) ms: "
        + "\(tenths(size)) MB of \(tenths(resident)) MB of memory"
    }
  }

  /// Freezes the server, which has ended then.
  ///
  /// All goes on as it was if that fails, but for what `before-hibernate` did, and but for a volume that cannot be renamed
  /// on: that ends the server as a crash would.
  ///
  /// - Throws: ``InitFailure``, with what stopped it.
  func run(_ server: borrowing Child, pipes: borrowing ServerPipes) throws(InitFailure)
    -> Hibernated
  {
    let began = Clock.monotonic()
    let deadline = Deadline.after(patience.duration)
    guard let first = fences.volumes.first?.fence else {
      throw InitFailure(.cannotHibernate, "there is no volume", fix: "")
    }
    do {
      try quiesce(server, pipes: pipes, deadline: deadline)
      try first.discard()
      let result = try dump(server, into: first.draft, deadline: deadline)
      return Hibernated(
        milliseconds: (Clock.monotonic() - began).milliseconds, size: result.size,
        resident: result.memory.resident)
    } catch {
      // The volumes are dirty: what is left here is never thawed.
      for volume in fences.volumes { try? volume.fence.takeBack() }
      switch error {
      case let error as InitFailure: throw error
      case let error as Errno: throw InitFailure(error, trying: "writing to \(first.folder)")
      default: throw InitFailure(.dumpFailed, "\(error)", fix: "")
      }
    }
  }

  /// Makes sure that the server answers, and has it write what it holds back.
  private func quiesce(
    _ server: borrowing Child, pipes: borrowing ServerPipes, deadline: Deadline
  ) throws(InitFailure) {
    // It may have much to say meanwhile.
    let pump = try LogPump.start(pipes)
    do throws(InitFailure) {
      try quiesce(server, deadline: deadline)
      pump.finish()
    } catch {
      pump.finish()
      throw error
    }
  }

  private func quiesce(_ server: borrowing Child, deadline: Deadline) throws(InitFailure) {
    let commands = ColdStart.commands(plan, server: server.pid)
    let watch = Watch(server: server.pidfd)
    if let probe = plan.recipe.firstAnswer {
      let outcome = Readiness(probes: [probe]).wait(
        deadline: deadline.or(after: .seconds(1)), watch: watch, commands: commands)
      guard case .ready = outcome else {
        throw InitFailure(
          .neverReady, "the server does not answer, and is not frozen in a state that nobody knows",
          fix: "")
      }
    }
    let result = WarmUp(steps: plan.recipe.beforeHibernate).run(
      watch: watch, commands: commands, deadline: deadline)
    switch result.ending {
    case .finished: return
    case .failed(let why):
      throw InitFailure(.warmUpFailed, "before-hibernate: \(why)", fix: "mend the recipe's step")
    case .died, .cancelled:
      throw InitFailure(.serverDied, "the server ended in before-hibernate", fix: "")
    }
  }

  /// Makes sure that there is time to write what has to be written: a CRIU that is killed in a dump may take the server with
  /// it, which would be no ordinary stop.
  private func checkTime(_ tree: [Int32], deadline: Deadline) throws(InitFailure) {
    // One that has ended meanwhile has none.
    let changed = tree.reduce(ByteCount.zero) {
      $0 + ((try? Processes.memory(of: $1).anonymous) ?? .zero)
    }
    // 200 MB/s, as a slow disk writes.
    let needed = Duration.milliseconds(Int64(changed.bytes / 200_000))
    guard needed > deadline.remaining else { return }
    throw InitFailure(
      .cannotHibernate,
      "\(changed.bytes / 1_000_000) MB of memory have changed, too much to write within \(patience)",
      fix: "give it more time with THAW_STOP_TIMEOUT, and the engine's own limit")
  }

  private func dump(
    _ server: borrowing Child, into draft: Path, deadline: Deadline
  ) throws -> Manifest {
    let target = try RunningServer.find(server.pid, below: Host.processID)
    let filters = try target.containerFilters()
    if try SystemVState.isAttached() {
      throw InitFailure(
        .needsSysAdmin,
        "the server uses System V shared memory, which CRIU dumps only with SYS_ADMIN",
        fix: "")
    }
    RunningJVMs.giveBack(target.tree, deadline: deadline)
    try checkTime(target.tree, deadline: deadline)
    let images = draft / "images"
    try FileSystem.makeDirectory(images, mode: 0o700, parents: true)
    try FileSystem.makeDirectory(draft / "work", mode: 0o700)
    var client = try CRIUAtHand.client(plan)
    client.hidesFilters = filters > 0
    let knowledge = KernelKnowledge(volume: fences.volumes.first?.fence.folder ?? draft)
    knowledge.put(CRIUAtHand.kernelData(plan))
    var parent = try Checkpoint.read(self.parent).manifest
    let own = plan.candidates.filter { !$0.isHibernated }.map(\.path)
    // Whichever the server was thawed from: what is unchanged is that one's.
    for other in own where other != self.parent {
      let more = try Checkpoint.read(other).manifest.openFiles.entries
      parent.openFiles = FileTable(parent.openFiles.entries + more)
    }
    var collector = FactsCollector(
      plan: plan, client: client, images: images, server: server.pid, version: nil)
    collector.parent = parent
    collector.tree = target.tree
    collector.unread = fences.volumes.map(\.fence.volume) + fences.besides + own
    let before = try collector.beforeDump()
    var options = FrozenServer.dumpOptions(images: images, pid: server.pid)
    options.work = draft / "work"
    options.logLevel = plan.criuLog ?? 1
    var (failure, manifest): ((any Error)?, Manifest?) = (nil, nil)
    let began = Clock.monotonic()
    do throws(CRIUError) {
      _ = try client.dump(options, deadline: deadline) { notification in
        guard notification == .postDump else { return .proceed }
        do {
          let draft = HibernationDraft(
            path: draft, plan: plan, parent: parent, parentDigest: parentDigest,
            dump: (Clock.monotonic() - began).milliseconds)
          if filters > 0 { try ContainerFilters.stripHidden(from: try ImageDirectory(images)) }
          knowledge.keep(CRIUAtHand.kernelData(plan), for: draft.path)
          let facts = try collector.afterDump(before)
          let tree = try ImageDirectory(images).processes().map(\.pid)
          let written = try draft.write(facts, fences)
          guard !deadline.hasPassed else {
            throw InitFailure(.dumpFailed, "it took longer than \(patience)", fix: "")
          }
          try Fence.commit(
            fences.volumes.compactMap { volume in volume.mark.map { (volume.fence, $0) } },
            frozenBy: written.digest
          ) {
            // From here on it runs no more, whatever becomes of CRIU.
            for pid in tree { try? Processes.signal(pid, .kill) }
          }
          manifest = written.manifest
          return .proceed
        } catch {
          failure = error
          return .abort("\(error)")
        }
      }
    } catch {
      // CRIU found the processes killed that it was about to kill.
      if manifest == nil { throw failure ?? InitFailure(error) }
    }
    guard let manifest else {
      throw InitFailure(.dumpFailed, "CRIU did not say that the server stood still", fix: "")
    }
    return manifest
  }
}
