import CRIU
import Checkpoint
import Linux
import Memory
import Server

/// Freezes a server: start, ready, warm up, dump.
///
/// Runs as PID 1 of the freezing container.
struct Freeze: ~Copyable {
  private let plan: InitPlan
  private let folder: Path
  private let client: Client
  private let preparation: Preparation

  init(
    _ plan: InitPlan, control: consuming Control, events: EventChannel
  ) throws(InitFailure) {
    guard let folder = plan.checkpoint else {
      throw InitFailure(.badPlan, "the plan names no folder for the checkpoint", fix: "")
    }
    let client = try CRIUAtHand.client(plan)
    self.plan = plan
    self.folder = folder
    self.client = client
    preparation = Preparation(plan: plan, control: control, events: events)
  }

  /// Does it all; when it returns, the images are on disk and no process of the server is left.
  func run() throws(InitFailure) {
    let version = try version()
    let pipes = try ServerPipes.open()
    let pump = try LogPump.start(pipes)
    do throws(InitFailure) {
      try freeze(pipes, version)
      pump.finish()
    } catch {
      pump.finish()
      throw error
    }
  }

  /// Asked before anything is started: without CRIU the rest would be in vain.
  private func version() throws(InitFailure) -> Version {
    do throws(CRIUError) {
      return try client.requireVersion(
        deadline: .after(plan.patience()), cancel: preparation.control.cancel)
    } catch {
      if error.code == .cancelled { throw preparation.cancelled("before the server was started") }
      throw InitFailure(error)
    }
  }

  private func freeze(
    _ pipes: borrowing ServerPipes, _ version: Version
  ) throws(InitFailure) {
    let parking = try parking()
    try parking?.prepare()
    let launcher = parking.flatMap { Launcher.command(plan.recipe.server.command, $0.warm) }
    let server = try ColdStart(plan: plan, launcher: launcher).start(pipes)
    preparation.events.tell(.started(pid: server.pid))
    do throws(InitFailure) {
      // A launcher without an exercise starts no server.
      let isAsked = parking.map { $0.warm.exercise != nil } ?? true
      if isAsked { try preparation.waitUntilReady(server) }
      // Before the warm-up: without the right it would be in vain.
      try Dump.checkRights()
      var done = Preparation.Warmed()
      if isAsked { try preparation.warmUp(plan.recipe.warmUp, server, &done) }
      if let parking {
        try parking.park(server, cancel: preparation.control.cancel)
      }
      if plan.tier == .warm {
        let steps = plan.recipe.warm?.beforeFreeze ?? []
        try preparation.warmUp(WarmUp(steps: steps), server, &done)
      } else {
        if parking != nil { try runMain(server) }
        try preparation.warmUp(WarmUp(steps: plan.recipe.beforeFreeze), server, &done)
      }
      preparation.events.tell(
        .warmed(milliseconds: (Clock.monotonic() - done.began).milliseconds, steps: done.steps))
      try dump(server, version)
    } catch {
      // The tree is killed whatever happened; that it is gone already is as good.
      _ = try? server.killTree()
      throw error
    }
  }

  /// Has a launcher whose exercise is over run the server's `main`, and waits until that is ready.
  private func runMain(_ server: borrowing Child) throws(InitFailure) {
    preparation.events.tell(.started(pid: server.pid))
    let launch = try Launch(plan, command: plan.recipe.server.command)
    if let why = launch.finish() { throw InitFailure(.neverReady, why, fix: "its log is above") }
    try preparation.waitUntilReady(server)
  }

  /// How the launcher is brought to wait; nil where the server starts by itself.
  private func parking() throws(InitFailure) -> Parking? {
    guard plan.tier == .warm || plan.recipe.isExercisedFirst else { return nil }
    guard let warm = plan.recipe.warm else {
      throw InitFailure(.badPlan, "the recipe does not say how to start warm", fix: "")
    }
    return Parking(plan: plan, warm: warm)
  }

  private func dump(_ server: borrowing Child, _ version: Version) throws(InitFailure) {
    // The warm-up may have brought it about.
    try Dump.checkRights()
    preparation.events.tell(.dumping)
    let memory = FrozenMemory(
      recipe: plan.recipe, folder: folder,
      path: plan.tier.memoryPath)
    try system("making a folder for the dump") { () throws(Errno) in
      try FileSystem.makeDirectory(memory.dump, mode: 0o700)
    }
    let collector = FactsCollector(
      plan: plan, client: client, images: memory.dump, server: server.pid, version: version)
    let tree = [server.pid] + Processes.descendants(of: server.pid)
    RunningJVMs.settle(tree, deadline: .after(.seconds(10)))
    RunningJVMs.giveBack(tree, deadline: .after(.seconds(10)))
    let known = memory.ask(tree)
    let before = try collector.beforeDump()
    let began = Clock.monotonic()
    let dump = Dump(client: client, folder: folder, images: memory.dump, server: server.pid)
    do throws(CRIUError) {
      try dump.run(
        deadline: .after(plan.patience(for: before.resident)), cancel: preparation.control.cancel)
    } catch {
      if error.code == .cancelled { throw preparation.cancelled("in the dump") }
      if (try? server.poll()) ?? nil != nil, error.code != .timedOut {
        throw InitFailure(
          .serverDied, "the server ended in the dump: \(Preparation.ending(of: server)); \(error)",
          fix: "")
      }
      throw InitFailure(error)
    }
    let milliseconds = (Clock.monotonic() - began).milliseconds
    // CRIU has killed the tree; it is reaped here.
    _ = try? server.killTree()
    var facts = try collector.afterDump(before)
    preparation.events.tell(.dumped(facts.memory.copied, milliseconds: milliseconds))
    do throws(MemoryError) {
      facts.memory.note(try memory.write(known))
    } catch {
      throw InitFailure(error)
    }
    preparation.events.tell(.frozen(facts, milliseconds: milliseconds))
  }
}

extension WarmUp.StepRecord {
  /// One line for people.
  var summary: String {
    let end = cutShort ? ", cut short" : ""
    return
      "\(title): \(repetitions) of \(asked) times, \(operations) operations in \(duration)\(end)"
  }
}
