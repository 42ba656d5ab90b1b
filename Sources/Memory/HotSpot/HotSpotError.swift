package import Linux

/// Why a HotSpot JVM did not tell what it was asked.
package struct HotSpotError: Error, Sendable, Hashable, CustomStringConvertible {
  /// What kind of failure it is.
  package enum Code: String, Sendable, Hashable {
    /// It was started so that nobody may attach to it, or it does not catch SIGQUIT.
    case closed
    /// It did not answer before the deadline.
    case timedOut
    /// It ended.
    case ended
    /// It does not know the command, or failed at it.
    case refused
    /// It answered something that no HotSpot JVM answers.
    case strange
    /// The system did not let it be asked.
    case failed
  }

  /// What kind of failure it is.
  package var code: Code
  /// The process.
  package var pid: Int32
  /// Why.
  package var cause: String
  /// What to do.
  package var fix: String

  /// Makes an error.
  package init(_ code: Code, pid: Int32, _ cause: String, fix: String? = nil) {
    self.code = code
    self.pid = pid
    self.cause = cause
    self.fix = fix ?? Self.usualFix(code)
  }

  /// Takes an error of the system, met while something was tried.
  package init(_ errno: Errno, pid: Int32, trying: String) {
    let code: Code = errno == .timedOut ? .timedOut : errno == .noSuchProcess ? .ended : .failed
    self.init(code, pid: pid, "\(trying): \(errno)")
  }

  /// `JVM 1001: why; what to do`.
  package var description: String { "JVM \(pid): \(cause); \(fix)" }

  private static func usualFix(_ code: Code) -> String {
    switch code {
    case .closed:
      "start it without -XX:+DisableAttachMechanism and -Xrs, or let its memory be copied"
    case .timedOut: "give it more time; see that it runs, and that it may write /tmp"
    case .ended: "look at its log for why"
    case .refused: "see that its version is one of those that are known"
    case .strange: "see what listens at the JVM's socket in /tmp"
    case .failed: "ask it as the same user, and see that it has a /tmp that it may write"
    }
  }
}
