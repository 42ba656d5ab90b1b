import CLinux

/// Signals as something to read: a `signalfd`.
///
/// The signals must be blocked in every thread (``SignalSet/block()`` before the first one starts),
/// or they have their effect instead.
public struct SignalDescriptor: ~Copyable, Sendable {
  /// A signal that came.
  public struct Arrival: Hashable, Sendable {
    /// Which one.
    public let signal: Signal
    /// The process that sent it; 0 for the kernel and for senders outside of this pid namespace.
    public let pid: Int32
    /// The real user of the sender.
    public let user: UInt32
  }

  private let descriptor: Descriptor

  /// Starts to collect the signals of a set.
  public init(_ signals: SignalSet) throws(Errno) {
    descriptor = Descriptor(owning: try checked(clinux_signalfd(signals.bits)))
  }

  /// For ``Epoll``; readable when a signal is pending.
  public var rawValue: Int32 { descriptor.rawValue }

  /// Waits for the next signal; nil when the deadline passed first.
  public func next(deadline: Deadline) throws(Errno) -> Arrival? {
    while true {
      var pid: CInt = 0
      var user: UInt32 = 0
      let number = try checked(clinux_signalfd_read(descriptor.rawValue, &pid, &user))
      if number > 0 { return Arrival(signal: Signal(rawValue: number), pid: pid, user: user) }
      guard try descriptor.poll(for: .readable, deadline: deadline) else { return nil }
    }
  }
}
