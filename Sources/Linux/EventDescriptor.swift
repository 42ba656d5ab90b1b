import CLinux

/// A counter to wake a waiting thread with: `eventfd`.
public struct EventDescriptor: ~Copyable, Sendable {
  private let descriptor: Descriptor

  /// Makes a counter that stands at 0.
  public init() throws(Errno) {
    descriptor = Descriptor(owning: try checked(clinux_eventfd(0)))
  }

  /// For ``Epoll``; readable when the counter is above 0.
  public var rawValue: Int32 { descriptor.rawValue }

  /// Counts up; safe from every thread.
  public borrowing func signal(_ count: UInt64 = 1) throws(Errno) {
    let bytes = withUnsafeBytes(of: count) { Array($0) }
    try descriptor.write(bytes)
  }

  /// Waits until it was counted up, takes the count and sets it to 0; nil when the deadline passed
  /// first.
  public borrowing func wait(deadline: Deadline) throws(Errno) -> UInt64? {
    try descriptor.readCounter(deadline: deadline)
  }
}

/// A timer to wait on: `timerfd` on CLOCK_MONOTONIC.
public struct TimerDescriptor: ~Copyable, Sendable {
  private let descriptor: Descriptor

  /// Makes a timer that is not set.
  public init() throws(Errno) {
    descriptor = Descriptor(owning: try checked(clinux_timerfd()))
  }

  /// For ``Epoll``; readable when the timer has fired.
  public var rawValue: Int32 { descriptor.rawValue }

  /// Sets the timer.
  ///
  /// - Parameters:
  ///   - first: when it fires; zero or less is at once.
  ///   - interval: how often after that; nil for never again.
  /// - Throws: `.invalid` for a time that the kernel does not take.
  public borrowing func set(after first: Duration, every interval: Duration? = nil) throws(Errno) {
    let again = interval.map { max(1, $0.nanoseconds) } ?? 0
    try checked(clinux_timerfd_set(descriptor.rawValue, max(1, first.nanoseconds), again))
  }

  /// Stops the timer.
  public borrowing func stop() throws(Errno) {
    try checked(clinux_timerfd_set(descriptor.rawValue, 0, 0))
  }

  /// Waits until it has fired, and tells how often since the last time; nil when the deadline
  /// passed first.
  public borrowing func wait(deadline: Deadline) throws(Errno) -> UInt64? {
    try descriptor.readCounter(deadline: deadline)
  }
}

extension Descriptor {
  /// Reads the eight bytes of an eventfd or timerfd that does not block.
  borrowing func readCounter(deadline: Deadline) throws(Errno) -> UInt64? {
    while true {
      do throws(Errno) {
        let bytes = try read(upTo: 8)
        guard bytes.count == 8 else { throw .inputOutput }
        return bytes.withUnsafeBytes { $0.loadUnaligned(as: UInt64.self) }
      } catch .again {
        guard try poll(for: .readable, deadline: deadline) else { return nil }
      }
    }
  }
}
