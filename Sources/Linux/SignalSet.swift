import CLinux
import Glibc

/// A set of signals.
public struct SignalSet: Hashable, Sendable, ExpressibleByArrayLiteral {
  /// Bit n-1 stands for signal n, as in the kernel.
  var bits: UInt64

  init(bits: UInt64) {
    self.bits = bits
  }

  /// Makes a set of some signals.
  public init(_ signals: some Sequence<Signal>) {
    bits = signals.reduce(0) { $0 | SignalSet.bit($1) }
  }

  /// Makes a set of a literal.
  public init(arrayLiteral elements: Signal...) {
    self.init(elements)
  }

  /// Every signal that there is.
  public static let all = SignalSet(bits: ~0)

  /// All but those that the processor raises for a fault of the program itself, and those of glibc.
  ///
  /// What a process 1 blocks and passes on.
  public static let forwardable = SignalSet(
    bits: all.subtracting([
      .segmentationFault, .abort, Signal(rawValue: SIGILL), Signal(rawValue: SIGFPE),
      Signal(rawValue: SIGBUS), Signal(rawValue: SIGTRAP), Signal(rawValue: SIGSYS),
      Signal(rawValue: 32), Signal(rawValue: 33), .kill, .stop,
    ]).bits)

  /// Whether a signal is in it.
  public func contains(_ signal: Signal) -> Bool { bits & SignalSet.bit(signal) != 0 }

  /// This set without another.
  public func subtracting(_ other: SignalSet) -> SignalSet { SignalSet(bits: bits & ~other.bits) }

  /// This set and another.
  public func union(_ other: SignalSet) -> SignalSet { SignalSet(bits: bits | other.bits) }

  /// Blocks these signals for the calling thread; threads that it starts inherit that.
  ///
  /// - Returns: what was blocked before, for ``restore()``.
  @discardableResult
  public func block() -> SignalSet { apply(SIG_BLOCK) }

  /// No longer blocks these signals for the calling thread.
  @discardableResult
  public func unblock() -> SignalSet { apply(SIG_UNBLOCK) }

  /// Blocks exactly these signals for the calling thread.
  @discardableResult
  public func restore() -> SignalSet { apply(SIG_SETMASK) }

  /// What the calling thread blocks now.
  public static func blocked() -> SignalSet { SignalSet(bits: 0).apply(SIG_BLOCK) }

  private func apply(_ how: CInt) -> SignalSet {
    // It cannot fail: the three ways are valid, and the set has the kernel's size.
    var old: UInt64 = 0
    clinux_signal_mask(how, bits, &old)
    return SignalSet(bits: old)
  }

  private static func bit(_ signal: Signal) -> UInt64 {
    (1...64).contains(signal.rawValue) ? 1 << UInt64(signal.rawValue - 1) : 0
  }
}

extension Signal {
  func setIgnored(_ on: Bool) throws(Errno) {
    try checked(clinux_signal_ignore(rawValue, on))
  }

  /// Whether this process ignores it.
  public var isIgnored: Bool { clinux_signal_ignored(rawValue) == 1 }
}
