import CLinux

/// Any process, held by a pidfd: its number may go to another, this never does.
///
/// Unlike a ``Child`` it cannot be reaped.
public struct ProcessHandle: ~Copyable, Sendable {
  /// Its number when the handle was made.
  public let pid: Int32

  private let descriptor: Descriptor

  /// Takes hold of a process.
  ///
  /// - Throws: `.noSuchProcess` if there is none of that number.
  public init(pid: Int32) throws(Errno) {
    descriptor = Descriptor(owning: try checked(clinux_pidfd_open(pid)))
    self.pid = pid
  }

  /// The pidfd's number, for ``Epoll``; readable when the process has ended.
  ///
  /// The value keeps owning it.
  public var rawValue: Int32 { descriptor.rawValue }

  /// Sends it a signal.
  ///
  /// - Throws: `.noSuchProcess` if it has ended, `.permission` if it is not to be sent signals.
  public borrowing func signal(_ signal: Signal) throws(Errno) {
    try checked(clinux_pidfd_send_signal(descriptor.rawValue, signal.rawValue))
  }
}
