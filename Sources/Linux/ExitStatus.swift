/// How a process ended.
public enum ExitStatus: Hashable, Sendable, CustomStringConvertible {
  /// It ended by itself with a number, 0 to 255.
  case exited(Int32)
  /// A signal ended it.
  case signalled(Signal)

  /// Whether it ended by itself with 0.
  public var isSuccess: Bool { self == .exited(0) }

  /// The number that a shell would give: the exit number, or 128 plus the signal's.
  public var shellCode: Int32 {
    switch self {
    case .exited(let number): number
    case .signalled(let signal): 128 + signal.rawValue
    }
  }

  /// `exit status 1`, or `killed by SIGTERM`.
  public var description: String {
    switch self {
    case .exited(let number): "exit status \(number)"
    case .signalled(let signal): "killed by \(signal)"
    }
  }

  /// Reads the two numbers of `waitid`: CLD_EXITED is 1.
  init(code: Int32, status: Int32) {
    self = code == 1 ? .exited(status) : .signalled(Signal(rawValue: status))
  }

  /// Reads the one number of `waitpid`.
  init(waitStatus: Int32) {
    let signal = waitStatus & 0x7F
    self =
      signal == 0 ? .exited(waitStatus >> 8 & 0xFF) : .signalled(Signal(rawValue: signal))
  }
}
