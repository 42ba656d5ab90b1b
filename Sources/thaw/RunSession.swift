import Arguments
import Checkpoint
import Images
import Lifecycle
import Linux
import Terminal

/// A server that `thaw run` or `thaw restore` runs: in the foreground, or left to a process of its own.
struct RunSession {
  let parsed: Parsed
  let request: Running
  let verb: String

  init(_ parsed: Parsed, _ request: Running, verb: String) {
    self.parsed = parsed
    self.request = request
    self.verb = verb
  }

  func run() throws -> ExitCode {
    try parsed[RunVerb.detach] ? detach() : stay()
  }

  // MARK: In the foreground

  private func stay() throws -> ExitCode {
    let output = try Globals.output(parsed)
    let report = try parsed[RunVerb.report].map { number in Report(Int32(number)) }
    let verification = VerificationProgress(output)
    let timeline = try parsed[RunVerb.timeline].map { TimelineWriter(Int32($0)) }
    var outcome = Outcome()
    let status: ExitStatus
    do {
      status = try request.run(try Globals.engine(parsed)) { told in
        switch told {
        case .changed(let record): outcome.record = record
        case .verifying(let reading): verification.take(reading)
        case .verified: verification.finish()
        case .log(.output, let bytes): output.write(bytes: bytes)
        case .log(.errors, let bytes):
          // A reader that has gone wants no more.
          try? BorrowedDescriptor.standardError.writeAll(bytes)
        case .passed(let part): timeline?.tell(.part(part))
        case .server(let event):
          timeline?.tell(.server(event))
          outcome.note(event)
          if case .answered = event { answered(outcome, output, report) }
        }
      }
    } catch {
      let failure = Failure(error)
      report?.tell(DetachedRun.Told(error: failure.message, exitCode: failure.exitCode.code))
      throw failure
    }
    if let failure = outcome.failure {
      let failure = Failure(failure)
      report?.tell(DetachedRun.Told(error: failure.message, exitCode: failure.exitCode.code))
      throw failure
    }
    if let why = outcome.outOfMemory { output.warning(why) }
    let why = outcome.outOfMemory.map { " (\($0))" } ?? ""
    report?.tell(
      DetachedRun.Told(
        error:
          "the server ended with \(status) before it answered\(why); see: thaw logs \(outcome.name)",
        exitCode: Failure.serverFailed.code))
    return ExitCode(status.shellCode, "The server's own status.")
  }

  private func answered(_ outcome: Outcome, _ output: Output, _ report: Report?) {
    guard let record = outcome.record else { return }
    if let report { return report.tell(DetachedRun.Told(record)) }
    output.note(DetachedRun.Told(record).text)
  }

  private struct Outcome {
    var record: ContainerRecord?
    var failure: InitFailure?

    var name: String { record?.name ?? "" }

    /// That the kernel killed it for its memory; nil if it did not.
    var outOfMemory: String? {
      guard record?.outOfMemory == true else { return nil }
      let limit = record?.memoryLimit.map { " of \($0)" } ?? ""
      return "out of memory: the kernel killed a process at the limit\(limit); give it more with -m"
    }

    mutating func note(_ event: InitEvent) {
      if case .failed(let failure) = event { self.failure = failure }
    }
  }

  // MARK: Detached

  /// Starts this program again in a session of its own, and waits for what it reports.
  private func detach() throws -> ExitCode {
    let output = try Globals.output(parsed)
    let root = try parsed[Globals.root]
    let told = try DetachedRun(request.words(root: root, verb: verb)).told()
    try output.result(told, output.isQuiet ? told.name ?? "" : told.text)
    return .success
  }

  /// Where a detached run tells its caller, once.
  private final class Report {
    private var raw: Int32?

    init(_ raw: Int32) { self.raw = raw }

    func tell(_ told: DetachedRun.Told) {
      guard let raw = raw.take(), let line = try? JSONText.line(told) else { return }
      // A caller that was stopped wants to know nothing.
      try? BorrowedDescriptor(raw).writeAll(line + [UInt8(ascii: "\n")])
      _ = Descriptor(owning: raw)
    }
  }
}
