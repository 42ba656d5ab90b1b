package import Checkpoint
import Linux

/// What PID 1 tells its engine, as JSON lines.
package enum InitEvent: Sendable, Codable, Hashable {
  /// PID 1 runs and listens to signals: those that came before would have been lost.
  case begun
  /// The server was started and has this pid.
  case started(pid: Int32)
  /// A probe is waited for; `reason` says what came of it last.
  case waiting(probe: String, reason: String?)
  /// The server is ready, this long after its start.
  case ready(milliseconds: Double)
  /// A step of the warm-up is under way.
  case warming(step: Int, steps: Int, title: String, repetition: Int, repetitions: Int)
  /// The warm-up is over.
  case warmed(milliseconds: Double, steps: [String])
  /// CRIU dumps.
  case dumping
  /// The images are written.
  case frozen(FrozenFacts, milliseconds: Double)
  /// CRIU gave the server back, this long after PID 1's start.
  case thawed(milliseconds: Double)
  /// The server is started cold, and why.
  case cold(reason: String)
  /// The first answer came, this long after PID 1's start.
  case answered(milliseconds: Double)
  /// It is over, and this is why.
  case failed(InitFailure)
}

/// Why PID 1 could not do what its plan says.
package struct InitFailure: Error, Sendable, Codable, Hashable, CustomStringConvertible {
  /// What kind of failure it is.
  package enum Code: String, Sendable, Codable {
    /// The plan could not be read.
    case badPlan
    /// The server's program could not be started.
    case notStarted
    /// The server did not become ready in time.
    case neverReady
    /// The server ended while it was started, warmed up, dumped or thawed.
    case serverDied
    /// A step of the warm-up could not be run.
    case warmUpFailed
    /// CRIU could not dump.
    case dumpFailed
    /// The checkpoint may not or could not be thawed, and a cold start was not wanted.
    case notThawed
    /// The user or the engine ended it.
    case cancelled
    /// The kernel or a file system refused something.
    case system
  }

  package var code: Code
  /// What failed and why.
  package var message: String
  /// What to do.
  package var fix: String

  package init(_ code: Code, _ message: String, fix: String) {
    self.code = code
    self.message = message
    self.fix = fix
  }

  package var description: String { fix.isEmpty ? message : "\(message); \(fix)" }
}

/// Where events go: a pipe of the engine, or nowhere.
package struct EventChannel: Sendable {
  /// The number of the pipe's descriptor in a container of Thaw.
  package static let descriptor: Int32 = 3

  private let raw: Int32?

  /// Writes to a descriptor, which stays its owner's; nil: events are dropped.
  package init(_ raw: Int32?) {
    self.raw = raw
  }

  /// Tells an event; an engine that is gone is not told, and its leash ends this process anyway.
  package func tell(_ event: InitEvent) {
    guard let raw, let line = try? JSONText.line(event) else { return }
    try? BorrowedDescriptor(raw).writeAll(line + [UInt8(ascii: "\n")])
  }
}
