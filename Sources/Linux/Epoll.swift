import CLinux

/// Waits on many descriptors at once: `epoll`, level-triggered unless told.
public struct Epoll: ~Copyable, Sendable {
  /// What a descriptor is ready for.
  public typealias Events = PollEvents

  private let descriptor: Descriptor

  /// Makes one that waits on nothing yet.
  public init() throws(Errno) {
    descriptor = Descriptor(owning: try checked(clinux_epoll_create()))
  }

  /// The number, for another epoll or a poll.
  public var rawValue: Int32 { descriptor.rawValue }

  /// Waits on a descriptor from now on, which must be removed before it is closed.
  ///
  /// - Throws: `.permission` for plain files and folders, which are always ready.
  public borrowing func add(_ raw: Int32, _ events: Events, token: UInt64) throws(Errno) {
    try checked(clinux_epoll_control(descriptor.rawValue, 1, raw, events.rawValue, token))
  }

  /// Changes what a descriptor is waited for.
  public borrowing func modify(_ raw: Int32, _ events: Events, token: UInt64) throws(Errno) {
    try checked(clinux_epoll_control(descriptor.rawValue, 3, raw, events.rawValue, token))
  }

  /// No longer waits on a descriptor.
  public borrowing func remove(_ raw: Int32) throws(Errno) {
    try checked(clinux_epoll_control(descriptor.rawValue, 2, raw, 0, 0))
  }

  /// Waits until some are ready; empty when the deadline passed first.
  public borrowing func wait(
    deadline: Deadline
  ) throws(Errno) -> [(token: UInt64, events: Events)] {
    var events = [UInt32](repeating: 0, count: 64)
    var tokens = [UInt64](repeating: 0, count: 64)
    while true {
      let raw = descriptor.rawValue
      let result = clinux_epoll_wait(raw, &events, &tokens, 64, deadline.nanoseconds)
      // Nothing although there is time left: another thread took it.
      if result == -Errno.interrupted.rawValue { continue }
      let count = Int(try checked(result))
      if count == 0 && !deadline.hasPassed { continue }
      return (0..<count).map { (tokens[$0], Events(rawValue: events[$0])) }
    }
  }
}
