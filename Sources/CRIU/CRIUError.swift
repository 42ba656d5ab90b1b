/// Why something with CRIU or its images failed: what was tried on what, the cause, and what to do.
public struct CRIUError: Error, Hashable, Sendable {
  /// What kind of failure it is.
  public enum Code: Hashable, Sendable {
    /// There is no CRIU to run.
    case notFound
    /// CRIU runs, but is of a version that is not enough.
    case tooOld(Version)
    /// The kernel or a container's settings do not let CRIU do it: capability, seccomp, limit.
    case refused
    /// A process that is to come back finds its pid in use.
    case pidTaken
    /// The process to dump does not exist.
    case noSuchProcess
    /// CRIU does not accept the options.
    case badOptions
    /// An image file, or a file that the images name, is not there.
    case missingImage
    /// An image file is cut off, changed or none of CRIU's, or a file that the images name differs.
    case damagedImage
    /// CRIU did not answer before the deadline and was killed.
    case timedOut
    /// CRIU ended without an answer.
    case died
    /// The caller's cancel descriptor became readable, and CRIU was killed.
    case cancelled
    /// The handler answered a notification with ``Reply/abort(_:)``.
    case aborted
    /// CRIU's answer was not understood.
    case protocolViolation
    /// CRIU failed for a reason that its log tells.
    case failed
  }

  /// What kind of failure it is.
  public var code: Code
  /// What was tried, and on what: `restore of /images`.
  public var subject: String
  /// Why it failed: CRIU's first error line, or what this module found; `nil` where nobody knows.
  public var cause: String?
  /// CRIU's `cr_errno`, where it gave one.
  public var number: Int32?
  /// The last lines of CRIU's log.
  public var log: [String]
  /// What to do about it, a sentence.
  public var fix: String

  /// Makes an error.
  public init(
    _ code: Code, subject: String, cause: String? = nil, number: Int32? = nil, log: [String] = [],
    fix: String? = nil
  ) {
    self.code = code
    self.subject = subject
    self.cause = cause
    self.number = number
    self.log = log
    self.fix = fix ?? CRIUError.usualFix(code)
  }
}

extension CRIUError: CustomStringConvertible {
  /// All of it as text: one line, then the fix, then the log.
  public var description: String {
    var lines = ["\(subject): \(cause ?? CRIUError.meaning(code))", fix]
    if !log.isEmpty { lines += ["CRIU's log ends with:"] + log.map { "  " + $0 } }
    return lines.joined(separator: "\n")
  }

  /// What a code means, for errors that have no other cause to tell.
  static func meaning(_ code: Code) -> String {
    switch code {
    case .notFound: "CRIU was not found"
    case .tooOld(let version): "CRIU \(version) is too old"
    case .refused: "this system does not let CRIU do it"
    case .pidTaken: "a pid is in use"
    case .noSuchProcess: "no such process"
    case .badOptions: "CRIU does not accept the options"
    case .missingImage: "a file is missing"
    case .damagedImage: "a file is damaged"
    case .timedOut: "CRIU did not answer in time and was killed"
    case .died: "CRIU ended without an answer"
    case .cancelled: "cancelled"
    case .aborted: "given up by the caller"
    case .protocolViolation: "CRIU answered something strange"
    case .failed: "CRIU failed"
    }
  }

  private static func usualFix(_ code: Code) -> String {
    switch code {
    case .notFound:
      "Install CRIU \(Version.required) or later, or set THAW_BUNDLE to a bundle's folder."
    case .tooOld: "Install CRIU \(Version.required) or later."
    case .refused:
      "Give CRIU the capability that its log names; CAP_CHECKPOINT_RESTORE is the least."
    case .pidTaken: "End the process that has the pid, or restore in a pid namespace of its own."
    case .noSuchProcess: "Check the pid, and that CRIU sees the same pid namespace."
    case .badOptions: "Check the options against CRIU's version."
    case .missingImage: "Restore the file, or make the checkpoint anew."
    case .damagedImage: "Make the checkpoint anew."
    case .timedOut: "Give it more time, or look at the log for what it waits for."
    case .died: "Look at the kernel's log for why it was killed, and run it again with log level 4."
    case .cancelled: "Nothing is to be done."
    case .aborted: "See the cause."
    case .protocolViolation: "Check that the program is CRIU \(Version.required) or later."
    case .failed: "Run it again with log level 4 and read the log."
    }
  }
}
