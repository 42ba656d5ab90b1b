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
  let cold: Bool

  init(_ parsed: Parsed, _ request: Running, verb: String, cold: Bool) {
    self.parsed = parsed
    self.request = request
    self.verb = verb
    self.cold = cold
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
      report?.tell(Told(error: failure.message, exitCode: failure.exitCode.code))
      throw failure
    }
    if let failure = outcome.failure {
      let failure = Failure(failure)
      report?.tell(Told(error: failure.message, exitCode: failure.exitCode.code))
      throw failure
    }
    report?.tell(
      Told(
        error: "the server ended with \(status) before it answered; see: thaw logs \(outcome.name)",
        exitCode: Failure.serverFailed.code))
    return ExitCode(status.shellCode, "The server's own status.")
  }

  private func answered(_ outcome: Outcome, _ output: Output, _ report: Report?) {
    guard let record = outcome.record else { return }
    if let report { return report.tell(Told(record)) }
    output.note(Told(record).text)
  }

  private struct Outcome {
    var record: ContainerRecord?
    var failure: InitFailure?

    var name: String { record?.name ?? "" }

    mutating func note(_ event: InitEvent) {
      if case .failed(let failure) = event { self.failure = failure }
    }
  }

  // MARK: Detached

  /// Starts this program again in a session of its own, and waits for what it reports.
  private func detach() throws -> ExitCode {
    let output = try Globals.output(parsed)
    let pipe = try Pipe()
    var spawn = Spawn("/proc/self/exe", arguments())
    spawn.descriptors = [3: pipe.writer.rawValue]
    spawn.newSession = true
    let child = try spawn.start()
    let bytes = try Self.line(from: pipe.intoReader())
    guard let told = try? JSONText.decode(Told.self, from: bytes) else {
      let status = try child.wait(deadline: .after(.seconds(10)))
      throw Failure(
        Failure.failed,
        "the process that runs the server ended without a word (\(status.map { "\($0)" } ?? "still running"))"
      )
    }
    if let error = told.error {
      throw Failure(ExitCode(told.exitCode ?? 1), error)
    }
    _ = child.detach()
    try output.result(told, output.isQuiet ? told.name ?? "" : told.text)
    return .success
  }

  /// The words of this line, without those that made it detach.
  private func arguments() -> [String] {
    var words = ["--root", (try? parsed[Globals.root]) ?? Engine.standardRoot.string, verb]
    words += ["--report", "3"]
    if let name = request.name { words += ["--name", name] }
    for port in request.ports ?? [] { words += ["-p", port.argument] }
    for volume in request.volumes {
      words += ["-v", "\(volume.source):\(volume.destination)" + (volume.isReadOnly ? ":ro" : "")]
    }
    for (name, value) in request.environment { words += ["-e", "\(name)=\(value)"] }
    if request.isTransient { words.append("--rm") }
    if cold { words.append("--cold") }
    words.append(request.checkpoint)
    if let arguments = request.arguments { words += ["--"] + arguments }
    return words
  }

  /// What comes before the first line feed, or all if the other end closes.
  private static func line(from reader: consuming Descriptor) throws -> [UInt8] {
    var bytes: [UInt8] = []
    while true {
      let more = try reader.read(upTo: 4096)
      bytes += more
      if more.isEmpty || more.contains(UInt8(ascii: "\n")) { return bytes }
    }
  }

  /// How a detached start went.
  private struct Told: Codable {
    var id: String?
    var name: String?
    var tier: String?
    var reason: String?
    var milliseconds: Double?
    var ports: [String]?
    var error: String?
    var exitCode: Int32?

    init(_ record: ContainerRecord) {
      id = record.id
      name = record.name
      tier = record.tier
      reason = record.tierReason
      milliseconds = record.firstReady
      ports = record.ports.map { "\($0.hostAddress):\($0.hostPort)" }
    }

    init(error: String, exitCode: Int32) {
      self.error = error
      self.exitCode = exitCode
    }

    /// One line for people.
    var text: String {
      let time = Human.text(.milliseconds(Int64(milliseconds ?? 0)))
      let why = reason.map { " (\($0))" } ?? ""
      return "\(name ?? "") answers after \(time), \(tier ?? "?")\(why): "
        + (ports ?? []).joined(separator: ", ")
    }
  }

  /// Where a detached run tells its caller, once.
  private final class Report {
    private var raw: Int32?

    init(_ raw: Int32) { self.raw = raw }

    func tell(_ told: Told) {
      guard let raw = raw.take(), let line = try? JSONText.line(told) else { return }
      // A caller that was stopped wants to know nothing.
      try? BorrowedDescriptor(raw).writeAll(line + [UInt8(ascii: "\n")])
      _ = Descriptor(owning: raw)
    }
  }
}

extension PublishedPort {
  /// As `-p` takes it.
  var argument: String { "\(hostAddress):\(hostPort):\(containerPort)" }
}
