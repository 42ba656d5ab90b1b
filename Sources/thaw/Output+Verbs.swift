import Arguments
import Linux
import Terminal

extension Output {
  /// Ends a verb: with a failure if not all of the result could be written, for example on a full
  /// disk.
  func ended(_ code: ExitCode = .success) throws -> ExitCode {
    guard let failure else { return code }
    throw Failure(
      failure == .noSpace ? Failure.diskFull : Failure.failed, "writing the result: \(failure)")
  }
}

extension Human {
  /// A length of time that was kept as milliseconds.
  static func text(milliseconds: Double) -> String {
    guard milliseconds.isFinite, abs(milliseconds) < 1e15 else { return "-" }
    return text(.microseconds(Int64(milliseconds * 1000)))
  }
}

extension Timestamp {
  /// The moment that lies back by a duration.
  func before(_ duration: Duration) -> Timestamp {
    let since1970 = Duration.seconds(seconds) + .nanoseconds(Int64(nanoseconds))
    let parts = max(.zero, since1970 - duration).components
    return Timestamp(
      seconds: parts.seconds, nanoseconds: Int32(parts.attoseconds / 1_000_000_000))
  }
}

extension SignalSet {
  /// Gives the signals that end a program their usual effect again: for verbs that may end at any
  /// moment, because what
  /// they leave undone is whole or is swept.
  static func endThisProgram() {
    SignalSet([.terminate, .interrupt, .quit, .hangup, .pipe]).unblock()
  }
}

/// Runs a verb's work for each of several names: all are tried, each failure is told, and the first
/// one's code is kept.
func forEach(_ names: [String], _ output: Output, _ work: (String) throws -> Void) -> ExitCode {
  var code = ExitCode.success
  for name in names {
    do {
      try work(name)
    } catch {
      let failure = Failure(error)
      output.error(failure.message, code: "\(failure.exitCode.code)")
      if code == .success { code = failure.exitCode }
    }
  }
  return code
}
