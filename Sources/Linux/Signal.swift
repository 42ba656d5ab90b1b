import Glibc

/// A signal.
public struct Signal: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
  /// Its number, 1 to 64.
  public let rawValue: CInt

  /// Makes a signal of its number.
  public init(rawValue: CInt) {
    self.rawValue = rawValue
  }

  /// Makes a signal of its name, with or without `SIG`, in capitals or not, or of its number.
  ///
  /// Real-time signals are `RTMIN+3` or a number. Nil for anything else.
  public init?(name: String) {
    if let number = CInt(name) {
      guard (1...64).contains(number) else { return nil }
      self.init(rawValue: number)
      return
    }
    var text = name.uppercased()
    if text.hasPrefix("SIG") { text.removeFirst(3) }
    if let index = Signal.names.firstIndex(of: text) {
      self.init(rawValue: CInt(index + 1))
    } else if text.hasPrefix("RTMIN+"), let more = CInt(text.dropFirst(6)), (0...30).contains(more)
    {
      self.init(rawValue: 34 + more)
    } else {
      return nil
    }
  }

  /// The name, such as `SIGTERM`; real-time ones are `SIGRTMIN+n`.
  public var name: String {
    if (1...31).contains(rawValue) { return "SIG" + Signal.names[Int(rawValue) - 1] }
    return rawValue >= 34 && rawValue <= 64 ? "SIGRTMIN+\(rawValue - 34)" : "signal \(rawValue)"
  }

  /// The name.
  public var description: String { name }

  /// Ignores it from now on in this process, or gives it its default effect again.
  ///
  /// A program that is started inherits that, unless ``Spawn/resetsSignals``.
  public func ignore(_ on: Bool = true) throws(Errno) {
    try setIgnored(on)
  }

  /// SIGHUP.
  public static let hangup = Signal(rawValue: SIGHUP)
  /// SIGINT.
  public static let interrupt = Signal(rawValue: SIGINT)
  /// SIGQUIT.
  public static let quit = Signal(rawValue: SIGQUIT)
  /// SIGABRT.
  public static let abort = Signal(rawValue: SIGABRT)
  /// SIGKILL.
  public static let kill = Signal(rawValue: SIGKILL)
  /// SIGSEGV.
  public static let segmentationFault = Signal(rawValue: SIGSEGV)
  /// SIGUSR1.
  public static let user1 = Signal(rawValue: SIGUSR1)
  /// SIGUSR2.
  public static let user2 = Signal(rawValue: SIGUSR2)
  /// SIGPIPE.
  public static let pipe = Signal(rawValue: SIGPIPE)
  /// SIGALRM.
  public static let alarm = Signal(rawValue: SIGALRM)
  /// SIGTERM.
  public static let terminate = Signal(rawValue: SIGTERM)
  /// SIGCHLD.
  public static let child = Signal(rawValue: SIGCHLD)
  /// SIGCONT.
  public static let `continue` = Signal(rawValue: SIGCONT)
  /// SIGSTOP.
  public static let stop = Signal(rawValue: SIGSTOP)
  /// SIGTSTP.
  public static let terminalStop = Signal(rawValue: SIGTSTP)
  /// SIGPWR.
  public static let power = Signal(rawValue: SIGPWR)
  /// SIGWINCH.
  public static let windowChange = Signal(rawValue: SIGWINCH)

  /// Names of the signals 1 to 31, on x86 and ARM.
  private static let names = [
    "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2",
    "PIPE", "ALRM", "TERM", "STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG",
    "XCPU", "XFSZ", "VTALRM", "PROF", "WINCH", "IO", "PWR", "SYS",
  ]
}
