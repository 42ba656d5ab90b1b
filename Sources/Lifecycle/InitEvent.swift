import CRIU
package import Checkpoint
package import Linux
import Memory

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
  /// CRIU has dumped this much memory.
  case dumped(ByteCount, milliseconds: Double)
  /// The images are written.
  case frozen(FrozenFacts, milliseconds: Double)
  /// CRIU gave the server back, this long after PID 1's start; `phases` tells what came before, `because` why it is no
  /// better tier.
  case thawed(
    milliseconds: Double, phases: [ThawPhase] = [], tier: Manifest.Tier = .hot,
    because: String? = nil)
  /// The server is started cold, and why.
  case cold(reason: String)
  /// The first answer came, this long after PID 1's start.
  case answered(milliseconds: Double)
  /// The server was frozen onto its volume, and this process ends.
  case hibernated(milliseconds: Double)
  /// The server could not be frozen onto its volume when that was asked for.
  case notHibernated(reason: String)
  /// Which start the server would get.
  case explained(Explanation)
  /// The questions of a measured thaw are answered.
  case measured(MeasuredAnswers)
  /// The watched trial is over.
  case tried(TrialResult)
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
    /// A step of the warm-up, or a question of a measured thaw, could not be done.
    case warmUpFailed
    /// There is no CRIU, or it is too old.
    case noCRIU
    /// CRIU could not dump.
    case dumpFailed
    /// The server runs in a way that no checkpoint could hold.
    case cannotHibernate
    /// A dump of this server takes CAP_SYS_ADMIN, which this process does not have.
    case needsSysAdmin
    /// The disk is full.
    case diskFull
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
  /// What a refused thaw was refused for; nil for everything else.
  package var obstacle: Verdict.Subject?

  package init(_ code: Code, _ message: String, fix: String) {
    self.code = code
    self.message = message
    self.fix = fix
  }

  package var description: String { fix.isEmpty ? message : "\(message); \(fix)" }
}

extension InitFailure {
  /// Takes an error of CRIU's, met in a dump.
  init(_ error: CRIUError, _ context: String = "") {
    let text = context + "\(error)"
    switch error.code {
    case .notFound, .tooOld:
      self.init(
        .noCRIU, context + error.sentence,
        fix: "make the bundle with `Setup/bundle.sh`, or set THAW_BUNDLE to its folder")
    default:
      let isFull = text.contains("No space left on device")
      self.init(isFull ? .diskFull : .dumpFailed, text, fix: isFull ? Self.freeSpace : "")
    }
  }

  /// Takes an error met in writing the memory.
  init(_ error: MemoryError) {
    let isFull = error.code == .diskFull
    self.init(isFull ? .diskFull : .dumpFailed, "\(error)", fix: isFull ? Self.freeSpace : "")
  }

  /// Takes an error of the kernel's, met while something was tried.
  init(_ errno: Errno, trying what: String) {
    let isFull = errno == .noSpace || errno == .quota
    self.init(isFull ? .diskFull : .system, "\(what): \(errno)", fix: isFull ? Self.freeSpace : "")
  }

  private static let freeSpace = "free space there, or choose another folder with --root"
}

extension CRIUError {
  /// What failed and why, in one line.
  var sentence: String {
    String("\(self)".prefix { $0 != "\n" })
  }
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
