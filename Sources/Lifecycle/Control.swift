package import Linux

/// What can end or steer PID 1 from outside: signals, and the leash, a pipe whose other end the engine's monitor holds.
package struct Control: ~Copyable, Sendable {
  /// The number of the leash's descriptor in a container of Thaw.
  package static let leash: Int32 = 4

  private let ending: SignalDescriptor
  private let all: Epoll

  /// Starts to listen; all signals must be blocked already.
  package init(leash: Int32?) throws(Errno) {
    let ending = try SignalDescriptor([.terminate, .interrupt, .quit, .hangup])
    let all = try Epoll()
    try all.add(ending.rawValue, .readable, token: 0)
    // Nothing is ever written to the leash: readable means that its other end is gone.
    if let leash { try all.add(leash, [.readable, .hangUp], token: 1) }
    self.ending = ending
    self.all = all
  }

  /// Becomes readable when this process is to end: for those who wait.
  package var cancel: Int32 { all.rawValue }

  /// Why this process is to end; nil if it is not.
  package func ended() throws(Errno) -> String? {
    for event in try all.wait(deadline: .after(.zero)) {
      if event.token == 1 { return "the monitor of this container is gone" }
      if let arrival = try ending.next(deadline: .after(.zero)) {
        return "stopped by \(arrival.signal)"
      }
    }
    return nil
  }
}
