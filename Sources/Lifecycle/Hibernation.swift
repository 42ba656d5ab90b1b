import CRIU
package import Checkpoint
package import Linux
package import Memory

/// Freezes the server of a running container, from outside.
///
/// PID 1 of such a container has neither the rights nor, under its seccomp filter, the means to dump. So CRIU is started by
/// the engine, in the container's namespaces, under the server's user, with the capabilities that it takes to look
/// behind a seccomp filter.
package struct Hibernation: Sendable {
  /// What the container runs.
  package var plan: InitPlan
  /// PID 1 of the container, in this process's numbers.
  package var firstProcess: Int32
  /// The server, in the container's numbers.
  package var server: Int32
  /// The checkpoint that the container was started from.
  package var parent: Checkpoint
  /// Whether the server goes on afterwards.
  package var leavesRunning = false
  /// Whether a server that goes on is brought to rest before the dump, and asked before and after it whose its memory is.
  package var asksMemory = false

  package init(plan: InitPlan, firstProcess: Int32, server: Int32, parent: Checkpoint) {
    self.plan = plan
    self.firstProcess = firstProcess
    self.server = server
    self.parent = parent
  }

  /// What CRIU needs besides what it has at a thaw: SYS_ADMIN alone may read and lift seccomp filters.
  static let capabilities: Set<Capability> = [
    .checkpointRestore, .setPCAP, .sysPtrace, .sysAdmin,
  ]

  /// Dumps the server into a folder; all goes on as it was if that fails.
  ///
  /// - Parameters:
  ///   - folder: the checkpoint's, with an empty folder `images` of the server's user.
  ///   - work: a folder of the server's user for CRIU's log.
  ///   - cancel: a descriptor that becomes readable when the caller gives up.
  ///   - stopped: called when all is dumped and the server still stands still; gets what is known of it, and how many
  ///     milliseconds it took. If it throws, the server goes on.
  /// - Returns: whose its memory is, by pids of the images; empty unless `asksMemory`.
  /// - Throws: ``InitFailure``, or what `stopped` throws.
  @discardableResult
  package func run(
    folder: Path, work: Path, cancel: Int32, stopped: (FrozenFacts, Double) throws -> Void
  ) throws -> [Int32: [KnownRange]] {
    let root = Path("/proc/\(firstProcess)/root")
    let target = try RunningServer.find(server, below: firstProcess)
    let filters = try target.containerFilters()
    let pidfd = try system("entering the container") { () throws(Errno) in
      try Processes.open(firstProcess)
    }
    let besides = HibernatedBesides(
      folder: folder, root: root, pidfd: pidfd.rawValue, user: plan.program.user,
      group: plan.program.group)
    let client = client(pidfd.rawValue, ownsIPC: try besides.hasSharedMemory())
    let images = folder / "images"
    let clocks = try system("reading the container's clocks") { () throws(Errno) in
      (own: try TimeNamespace.offsets(), its: try TimeNamespace.offsets(of: firstProcess))
    }
    var collector = FactsCollector(
      plan: plan, client: client, images: images, server: target.pid, version: nil)
    collector.viewpoint = .init(
      root: root,
      clock: .init(
        monotonic: clocks.its.monotonic - clocks.own.monotonic,
        bootTime: clocks.its.bootTime - clocks.own.bootTime), young: clocks.its.monotonic < .zero)
    collector.parent = parent.manifest
    collector.tree = target.tree
    if asksMemory { RunningJVMs.settle(target.tree, deadline: .after(.seconds(2))) }
    RunningJVMs.giveBack(target.tree, deadline: .after(.seconds(1)))
    let owners = asksMemory ? ask(target.tree) : [:]
    let before = try collector.beforeDump()
    var options = FrozenServer.dumpOptions(images: images, pid: server)
    options.work = work
    options.leaveRunning = leavesRunning
    let began = Clock.monotonic()
    var failure: (any Error)?
    var isKept = false
    do throws(CRIUError) {
      _ = try client.dump(
        options, deadline: .after(plan.patience(for: before.resident)), cancel: cancel
      ) { notification in
        guard notification == .postDump else { return .proceed }
        let milliseconds = (Clock.monotonic() - began).milliseconds
        do {
          try ContainerFilters(count: filters).strip(from: try ImageDirectory(images))
          try besides.take(images)
          try stopped(facts(collector, before), milliseconds)
          isKept = true
          return .proceed
        } catch {
          failure = error
          return .abort("\(error)")
        }
      }
    } catch {
      if let failure { throw failure }
      // With the server PID 1 ends, and with that all of its pid namespace: sometimes CRIU, too, before it has answered.
      if isKept, target.hasEnded(within: error.code == .died ? .seconds(5) : .zero) { return [:] }
      throw error.code == .cancelled
        ? InitFailure(.cancelled, "stopped in the dump; the server goes on", fix: "")
        : InitFailure(error)
    }
    _ = consume pidfd
    guard asksMemory else { return [:] }
    // A server at work may have changed its mind between the question and the dump: what it says again, it said then.
    let still = ask(target.tree)
    return Dictionary(
      uniqueKeysWithValues: owners.compactMap { pid, ranges in
        let common = KnownRange.common(ranges, still[pid] ?? [])
        return Processes.innerNumber(of: pid).map { ($0, common) }
      })
  }

  private func ask(_ tree: [Int32]) -> [Int32: [KnownRange]] {
    FrozenMemory(recipe: plan.recipe, folder: .root).ask(tree)
  }

  private func facts(
    _ collector: FactsCollector, _ before: FactsCollector.Before
  ) throws -> FrozenFacts {
    var facts = try collector.afterDump(before)
    let files = try ImageDirectory(collector.images).files()
    // Pages that the server did not change are those of its memory file, and CRIU has left them there.
    if files.contains(where: { MemoryFile.isPath($0.regular?.path) }) {
      facts.memory.file = parent.manifest.memory.file
      facts.memory.file?.checkpoint = parent.manifest.memory.file?.checkpoint ?? parent.id
    }
    return facts
  }

  /// How CRIU is started; with shared memory of System V that is not its own it dumps only from another IPC namespace.
  private func client(_ pidfd: Int32, ownsIPC: Bool) -> Client {
    var client = Client(
      Installation(bundle: plan.bundle ?? ""),
      credentials: Credentials(
        user: plan.program.user, group: plan.program.group,
        supplementaryGroups: plan.program.supplementaryGroups,
        ambientCapabilities: Self.capabilities))
    client.environment["XDG_RUNTIME_DIR"] = CRIUAtHand.runtimeFolder.string
    var namespaces: Namespaces = [.mount, .network, .uts, .pid, .time]
    if !ownsIPC { namespaces.insert(.ipc) }
    client.entering = Spawn.Entry(pidfd: pidfd, namespaces: namespaces)
    return client
  }
}

/// The server of a running container, seen from outside.
struct RunningServer: ~Copyable {
  /// PID 1 of its container, in this process's numbers.
  let firstProcess: Int32
  /// Its own pid, in this process's numbers.
  let pid: Int32
  /// It and its descendants, in this process's numbers.
  let tree: [Int32]
  private let pidfd: Descriptor

  /// Finds the child of PID 1 that has a pid in the container.
  ///
  /// - Throws: `.serverDied` if there is none; `.cannotHibernate` if the container has processes that are no descendants
  ///   of it: a checkpoint would not hold them.
  static func find(_ server: Int32, below firstProcess: Int32) throws(InitFailure) -> RunningServer
  {
    var found: Int32?
    for pid in Processes.children(of: firstProcess) {
      if Processes.innerNumber(of: pid) == server {
        found = pid
      } else if let entry = ProcessEntry(pid: pid), !entry.hasEnded {
        throw InitFailure(
          .cannotHibernate,
          "process \(Processes.innerNumber(of: pid) ?? pid) (\(entry.name)) has left the server's tree, "
            + "and a checkpoint would not hold it",
          fix: "end it, or try again when it has ended")
      }
    }
    guard let found else {
      throw InitFailure(
        .serverDied, "the server has not started yet, or has just ended", fix: "see `thaw ps`")
    }
    return RunningServer(
      firstProcess: firstProcess, pid: found, tree: [found] + Processes.descendants(of: found),
      pidfd: try system("watching the server") { () throws(Errno) in try Processes.open(found) })
  }

  /// Waits until it has ended; false if it has not by then.
  func hasEnded(within time: Duration) -> Bool {
    // Where that cannot be told, the checkpoint is kept: better one too many than a server that is lost.
    (try? pidfd.poll(for: .readable, deadline: .after(time))) ?? true
  }

  /// How many seccomp filters each thread of it has: those of the container, which all of its processes have.
  ///
  /// - Throws: `.cannotHibernate` if a thread has filters of its own: CRIU could put them back only with CAP_SYS_ADMIN.
  func containerFilters() throws(InitFailure) -> Int {
    let count = Processes.seccompFilters(of: firstProcess) ?? 0
    for process in tree {
      for thread in Processes.threads(of: process) {
        // Gone meanwhile: it is not dumped.
        guard let own = Processes.seccompFilters(of: thread), own != count else { continue }
        let name = ProcessEntry(pid: process)?.name ?? "?"
        throw InitFailure(
          .cannotHibernate,
          "process \(Processes.innerNumber(of: process) ?? process) (\(name)) has \(own) seccomp "
            + "filters, its container \(count): a server that confines itself cannot be frozen",
          fix: "turn its own sandbox off; the container confines it already")
      }
    }
    return count
  }
}
