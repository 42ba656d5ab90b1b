import Checkpoint
import Images
import Lifecycle
import Linux
import Server
import Terminal

/// Shows a freeze as phases, each with a bar or a sign that turns.
///
/// What the server writes is kept back and shown only if the freeze fails: then it is what the reader needs.
final class FreezeProgress {
  private let output: Output
  private var phase: Phase?
  private var log: [UInt8] = []
  private var isTrial = false
  /// Whether the server is started for what is made ahead of time: one phase each time.
  private var isAhead = false
  /// What the phase is said to have come to when the next one begins.
  private var result: String?

  init(_ output: Output) {
    self.output = output
  }

  func take(_ report: Freezing.Report) {
    switch report {
    case .tier(let tier):
      finish()
      isTrial = false
      output.note(tier == .warm ? "Before its main:" : "Running:")
    case .variant(let name):
      finish()
      isTrial = false
      output.note("Variant \(name):")
    case .step(.recording): beginAhead("Ahead: what it loads")
    case .step(.compiling): beginAhead("Ahead: compile")
    case .step(.archiving): beginAhead("Ahead: class-data archive")
    case .step(.checking): beginAhead("Ahead: check")
    case .failed(let step, let why):
      fail(lines: 5)
      output.note("Ahead of time: \(step.rawValue) failed, the image does without: \(why.message)")
    case .step(.container):
      isAhead = false
      begin("Container")
    case .step(.again): begin("Again, for System V shared memory")
    case .step(.fetching): begin("Dump")
    case .step(.reading): begin("Images")
    case .step(.contents): begin("Manifest")
    case .step(.training):
      isTrial = true
      begin("Trial under watch")
    case .note(let text): output.note(text)
    case .step(.copying): begin("Copy of the running server")
    case .step(.race):
      isTrial = true
      begin("Comparison")
    case .step(.trial):
      isTrial = true
      begin("Trial thaw")
    case .log(_, let bytes):
      log = Array((log + bytes).suffix(1 << 16))
    case .server(let event): take(event)
    }
  }

  private func take(_ event: InitEvent) {
    switch event {
    case .started where !isTrial && !isAhead: begin("Start")
    case .waiting(let probe, let reason):
      phase?.detail("waiting for \(probe)" + (reason.map { ": \($0)" } ?? ""))
    case .ready(let milliseconds):
      result = "ready after \(Human.text(.milliseconds(Int64(milliseconds))))"
      if !isAhead { finish() }
    case .warming(let step, let steps, let title, let repetition, let repetitions):
      if phase == nil { begin("Warm up", .fraction) }
      phase?.detail("step \(step) of \(steps): \(title)")
      guard !isAhead else { break }
      let part = Double(repetition - 1) / Double(max(repetitions, 1))
      phase?.advance(toFraction: (Double(step - 1) + part) / Double(max(steps, 1)))
    case .dumping: begin("Dump")
    case .dumped(let memory, _):
      phase?.finish("\(memory) of memory")
      begin("Memory")
    case .frozen(let facts, _):
      let mapped = facts.memory.file?.pages ?? .zero
      phase?.finish("\(mapped) mapped, \(facts.memory.copied) copied")
      phase = nil
    case .answered(let milliseconds):
      phase?.finish("first answer after \(Human.text(.milliseconds(Int64(milliseconds))))")
      phase = nil
    default: break
    }
  }

  private func begin(_ name: String, _ amount: Phase.Amount = .unknown) {
    finish()
    phase = output.begin(name, amount)
  }

  private func beginAhead(_ name: String) {
    isAhead = true
    // What is shown of a log is that of the step.
    log = []
    begin(name)
  }

  func finish() {
    phase?.finish(result)
    phase = nil
    result = nil
  }

  /// Ends the running phase and shows the end of the server's log.
  func fail(lines count: Int = 20) {
    phase?.fail()
    phase = nil
    result = nil
    let lines = String(decoding: log, as: UTF8.self).split(separator: "\n").suffix(count)
    guard !lines.isEmpty else { return }
    output.note("The end of the server's log:")
    for line in lines { output.note("  " + TextWidth.safe(String(line))) }
  }
}
