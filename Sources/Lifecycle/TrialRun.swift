import CRIU
import Checkpoint
import Linux
import Memory
import Server

/// Thaws a checkpoint under watch: what it writes until its first answers, what of the memory file it needs, and whether it
/// makes calls that memory mapped from a file answers otherwise.
///
/// Runs as PID 1 of a container like those of later runs. The server is killed at the end.
struct TrialRun: ~Copyable {
  private let plan: InitPlan
  private let checkpoint: Checkpoint
  private let report: MemoryReport
  private let control: Control
  private let events: EventChannel

  init(
    _ plan: InitPlan, control: consuming Control, events: EventChannel
  ) throws(InitFailure) {
    guard let folder = plan.checkpoint else {
      throw InitFailure(.badPlan, "the plan names no checkpoint to try", fix: "")
    }
    let checkpoint: Checkpoint
    let report: MemoryReport
    do {
      checkpoint = try Checkpoint.open(folder)
      report = try JSONText.decode(
        MemoryReport.self, from: try FileSystem.readFile(folder / MemoryReport.name))
    } catch {
      throw InitFailure(.notThawed, "the checkpoint to try: \(error)", fix: "freeze again")
    }
    self.plan = plan
    self.checkpoint = checkpoint
    self.report = report
    self.control = control
    self.events = events
  }

  func run() throws(InitFailure) {
    let pipes = try ServerPipes.open()
    let pump = try LogPump.start(pipes)
    do throws(InitFailure) {
      events.tell(.tried(try tried(pipes)))
      pump.finish()
    } catch {
      pump.finish()
      throw error
    }
  }

  private func tried(_ pipes: borrowing ServerPipes) throws(InitFailure) -> TrialResult {
    // What was just written is cached: only what is read from the disk tells what is needed.
    try memoryFile { (file) throws(Errno) in try PageCache.drop(file) }
    let watch = try system("watching system calls") { () throws(Errno) in
      try SystemCallWatch()
    }
    let thaw = Thaw(plan: plan, checkpoint: checkpoint, watch: watch)
    let server: Child
    switch thaw.run(pipes, cancel: control.cancel) {
    case .thawed(let pid, _):
      server = try system("taking over the thawed server") { () throws(Errno) in
        try Child(adopting: pid)
      }
    case .cancelled: throw InitFailure(.cancelled, "stopped in the trial thaw", fix: "")
    case .refused(let why, let log, _):
      let lines = log.map { "\nCRIU: \($0)" }.joined()
      throw InitFailure(.notThawed, "the trial thaw failed: \(why)\(lines)", fix: "")
    }
    do throws(InitFailure) {
      let result = try exercise(server, watch)
      _ = try? server.killTree()
      return result
    } catch {
      // It is killed whatever happened; that it is gone already is as good.
      _ = try? server.killTree()
      throw error
    }
  }

  private func exercise(
    _ server: borrowing Child, _ watch: SystemCallWatch
  ) throws(InitFailure) -> TrialResult {
    let guardian = Watch(server: server.pidfd, cancel: control.cancel)
    let commands = ColdStart.commands(plan, server: server.pid)
    try plan.waitForAnswer(guardian, commands)
    let answered = Init.sinceStart().milliseconds
    var hindrance: String?
    let asked = plan.recipe.training.run(watch: guardian, commands: commands)
    if case .failed(let why) = asked.ending { hindrance = "the training failed: \(why)" }
    var result = TrialResult(
      answered: answered, written: writtenPages(), cached: try cachedRanges(), findings: [],
      hindrance: hindrance)
    let warmed = plan.recipe.warmUp.run(watch: guardian, commands: commands) { now in
      events.tell(
        .warming(
          step: now.step, steps: now.steps, title: now.title, repetition: now.repetition,
          repetitions: now.repetitions))
    }
    switch warmed.ending {
    case .finished: break
    // Not every warm-up can be done twice: what it did before it failed was watched.
    case .failed(let why): result.hindrance = hindrance ?? "the warm-up failed: \(why)"
    case .died:
      throw InitFailure(
        .serverDied, "the thawed server ended in the warm-up of the trial",
        fix: "look at its log above; `memory: copy` in the recipe does without mapped memory")
    case .cancelled: throw InitFailure(.cancelled, "stopped in the trial", fix: "")
    }
    result.findings = Finding.all(in: watch.take(), of: report)
    return result
  }

  /// The mapped pages that differ from the memory file now: those that were written.
  private func writtenPages() -> [Int32: Pages] {
    var written: [Int32: Pages] = [:]
    for process in report.processes {
      var pages = Pages()
      // A process that has ended has written nothing that matters later.
      guard let table = try? PageTable(of: process.pid) else { continue }
      for row in process.mappings where row.placement == "mapped" {
        let found = try? table.ranges(of: .anonymous, in: row.start..<row.end)
        for range in found ?? [] { pages.append(range) }
      }
      written[process.pid] = pages
    }
    return written
  }

  private func cachedRanges() throws(InitFailure) -> [Int64] {
    try memoryFile { (file) throws(Errno) in
      try PageCache.residentRanges(of: file).flatMap { [$0.lowerBound, $0.upperBound] }
    }
  }

  private func memoryFile<Value>(
    _ body: (borrowing Descriptor) throws(Errno) -> Value
  ) throws(InitFailure) -> Value {
    try system("looking at the memory file") { () throws(Errno) in
      try body(try Descriptor.open(checkpoint.memoryAtHand, .readOnly))
    }
  }
}

extension InitPlan {
  /// Waits until a server that was thawed as a trial has given its first answer.
  func waitForAnswer(
    _ guardian: Watch, _ commands: CommandContext
  ) throws(InitFailure) {
    guard let probe = recipe.firstAnswer else { return }
    let within = recipe.ready.within
    switch Readiness(probes: [probe]).wait(
      deadline: .after(within.duration), watch: guardian, commands: commands)
    {
    case .ready: return
    case .cancelled: throw InitFailure(.cancelled, "stopped in the trial", fix: "")
    case .died:
      throw InitFailure(
        .serverDied, "the thawed server ended before its first answer",
        fix: "look at its log above; `memory: copy` in the recipe does without mapped memory")
    case .timedOut, .refused:
      throw InitFailure(
        .serverDied, "the trial thaw gave no answer within \(within): waited for \(probe)",
        fix: "look at its log above; `--no-trial` keeps the checkpoint all the same")
    }
  }
}
