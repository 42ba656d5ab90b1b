import Linux

/// What every wait in this module looks at besides its own business: descriptors that others own.
///
/// They must stay open for as long as the call that was given them runs.
package struct Watch: Sendable {
  /// A pidfd of the server: readable once it has ended.
  package var server: Int32?
  /// Anything that becomes readable when the work is to be given up, such as an eventfd or a pipe.
  package var cancel: Int32?

  /// Makes a watch; without descriptors nothing but deadlines ends a wait.
  package init(server: Int32? = nil, cancel: Int32? = nil) {
    self.server = server
    self.cancel = cancel
  }

  /// What has happened.
  enum Event: Hashable, Sendable {
    case died, cancelled
  }

  /// What has happened so far, the end of the server first.
  func event() throws(Errno) -> Event? {
    try wait(deadline: .after(.zero))
  }

  /// Waits until something happens; nil at the deadline.
  func wait(deadline: Deadline) throws(Errno) -> Event? {
    let waiting = try Waiting(watch: self)
    do throws(WaitError) {
      _ = try waiting.wait(deadline: deadline)
      return nil
    } catch {
      switch error {
      case .died: return .died
      case .cancelled: return .cancelled
      case .timedOut: return nil
      case .system(let errno): throw errno
      }
    }
  }
}

/// Why a wait ended without what it waited for.
enum WaitError: Error, Hashable {
  case system(Errno)
  case timedOut
  case died
  case cancelled
}

/// Waits on descriptors and a watch at once.
struct Waiting: ~Copyable {
  private enum Token {
    static let server = UInt64.max
    static let cancel = UInt64.max - 1
  }

  private let epoll: Epoll

  init(watch: Watch) throws(Errno) {
    let epoll = try Epoll()
    if let server = watch.server { try epoll.add(server, .readable, token: Token.server) }
    if let cancel = watch.cancel, cancel != watch.server {
      try epoll.add(cancel, .readable, token: Token.cancel)
    }
    self.epoll = epoll
  }

  /// Waits on a descriptor from now on.
  func add(_ raw: Int32, _ events: PollEvents) throws(Errno) {
    try epoll.add(raw, events, token: UInt64(UInt32(bitPattern: raw)))
  }

  /// Changes what a descriptor is waited for.
  func modify(_ raw: Int32, _ events: PollEvents) throws(Errno) {
    try epoll.modify(raw, events, token: UInt64(UInt32(bitPattern: raw)))
  }

  /// No longer waits on a descriptor.
  func remove(_ raw: Int32) throws(Errno) {
    try epoll.remove(raw)
  }

  /// Waits until one of the descriptors is ready, and returns those that are.
  func wait(deadline: Deadline) throws(WaitError) -> [Int32] {
    let ready: [(token: UInt64, events: PollEvents)]
    do throws(Errno) {
      ready = try epoll.wait(deadline: deadline)
    } catch {
      throw WaitError.system(error)
    }
    if ready.isEmpty { throw WaitError.timedOut }
    if ready.contains(where: { $0.token == Token.server }) { throw WaitError.died }
    if ready.contains(where: { $0.token == Token.cancel }) { throw WaitError.cancelled }
    return ready.map { Int32(bitPattern: UInt32(truncatingIfNeeded: $0.token)) }
  }
}
