import CLinux
import Synchronization

/// A process that this one started, known by its pidfd, so that no other process can be taken for
/// it.
///
/// When the value ends, the process runs on; once it has ended, it stays in the process table until
/// this process ends or reaps it.
public struct Child: ~Copyable, Sendable {
  /// Its process id; free for others once it was reaped.
  public let pid: Int32

  private let descriptor: Descriptor
  private let reaped: Mutex<ExitStatus?>

  init(pid: Int32, descriptor: consuming Descriptor) {
    self.pid = pid
    self.descriptor = descriptor
    reaped = Mutex(nil)
  }

  /// The pidfd's number, for ``Epoll``; readable when the process has ended.
  ///
  /// The value keeps owning it.
  public var pidfd: Int32 { descriptor.rawValue }

  /// Waits until the process has ended, and reaps it.
  ///
  /// - Returns: how it ended, the same however often it is asked; nil if the deadline passed first.
  /// - Throws: `.noChild` if somebody else reaped it, such as ``Processes/reap()``.
  public borrowing func wait(deadline: Deadline) throws(Errno) -> ExitStatus? {
    while true {
      if let status = try poll() { return status }
      guard try descriptor.poll(for: .readable, deadline: deadline) else { return nil }
    }
  }

  /// How the process ended, if it has; never waits.
  public borrowing func poll() throws(Errno) -> ExitStatus? {
    let raw = descriptor.rawValue
    return try reaped.withLock { (known) throws(Errno) -> ExitStatus? in
      if let known { return known }
      var code: CInt = 0
      var status: CInt = 0
      var result: CInt
      repeat {
        result = clinux_wait_pidfd(raw, &code, &status)
      } while result == -Errno.interrupted.rawValue
      guard try checked(result) == 1 else { return nil }
      known = ExitStatus(code: code, status: status)
      return known
    }
  }

  /// Takes note of a status that somebody else reaped (``Processes/reap()``), so that `wait` gives
  /// it.
  public borrowing func noteReaped(_ status: ExitStatus) {
    reaped.withLock { $0 = $0 ?? status }
  }

  /// Sends it a signal.
  ///
  /// - Throws: `.noSuchProcess` if it has ended and was reaped.
  public borrowing func signal(_ signal: Signal) throws(Errno) {
    try checked(clinux_pidfd_send_signal(descriptor.rawValue, signal.rawValue))
  }

  /// Kills it with all of its descendants, waits for it and reaps it.
  public borrowing func killTree() throws(Errno) -> ExitStatus? {
    if let status = try poll() { return status }
    Processes.kill(tree: pid)
    return try wait(deadline: .after(.seconds(10)))
  }

  /// Lets it go; its number is all that is left.
  @discardableResult
  public consuming func detach() -> Int32 { pid }
}
