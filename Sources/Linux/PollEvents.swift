import CLinux
import Glibc

/// What a descriptor is ready for.
public struct PollEvents: OptionSet, Hashable, Sendable {
  /// The bits of `poll`, which are those of `epoll` as well.
  public let rawValue: UInt32

  /// Makes a set of the bits of `poll`.
  public init(rawValue: UInt32) {
    self.rawValue = rawValue
  }

  /// POLLIN: there is something to read, or the end.
  public static let readable = PollEvents(rawValue: 0x001)
  /// POLLPRI: a change of a control file.
  public static let priority = PollEvents(rawValue: 0x002)
  /// POLLOUT: a write would not wait.
  public static let writable = PollEvents(rawValue: 0x004)
  /// POLLERR: an error is pending, or the reader of a pipe is gone; always reported.
  public static let error = PollEvents(rawValue: 0x008)
  /// POLLHUP: the other end is closed; always reported.
  public static let hangUp = PollEvents(rawValue: 0x010)
  /// POLLRDHUP: the other end of a stream writes no more.
  public static let readHangUp = PollEvents(rawValue: 0x2000)
  /// EPOLLET, for ``Epoll`` only: told once for each change.
  public static let edgeTriggered = PollEvents(rawValue: 1 << 31)
  /// EPOLLONESHOT, for ``Epoll`` only: told once, until modified.
  public static let oneShot = PollEvents(rawValue: 1 << 30)
}

extension Descriptor {
  /// Waits until the descriptor is ready, has an error or is closed at its other end.
  ///
  /// - Returns: false if the deadline passed first.
  public borrowing func poll(for events: PollEvents, deadline: Deadline) throws(Errno) -> Bool {
    try Descriptor.poll(rawValue, for: events, deadline: deadline) != []
  }

  /// Waits on a descriptor that somebody else owns, and returns what it is ready for; empty at the
  /// deadline.
  public static func poll(
    _ rawValue: Int32, for events: PollEvents, deadline: Deadline
  ) throws(Errno) -> PollEvents {
    while true {
      let result = clinux_poll(rawValue, CInt(events.rawValue & 0xFFFF), deadline.nanoseconds)
      if result == -EINTR { continue }
      return PollEvents(rawValue: UInt32(try checked(result)))
    }
  }
}
