import CLinux

/// A system call by which a process changed its memory, as ``SystemCallWatch`` saw it.
public struct WatchedCall: Hashable, Sendable {
  /// What was called.
  public enum Kind: Hashable, Sendable {
    /// `madvise`.
    case madvise(address: UInt64, length: UInt64, advice: Int32)
    /// `mremap`; the new address counts only with MREMAP_FIXED.
    case mremap(
      address: UInt64, length: UInt64, newLength: UInt64, flags: UInt64, newAddress: UInt64)
    /// `brk`; 0 only asks.
    case brk(address: UInt64)
    /// `process_madvise`, which means the memory of the process behind a pidfd of the caller.
    ///
    /// The vector is an array of `count` pairs of an address and a length, in the caller's memory.
    case processMadvise(pidfd: Int32, vector: UInt64, count: UInt64, advice: Int32)
  }

  /// The process that made it, in this process's pid namespace; 0 if it was killed before that was
  /// known.
  ///
  /// A process that was made by `vfork` works in its parent's memory, and one that has called
  /// `execve` in another than before.
  public let process: Int32
  /// The thread that made it.
  public let thread: Int32
  /// What it called, with what arguments.
  public let kind: Kind

  /// Describes a call.
  public init(process: Int32, thread: Int32, kind: Kind) {
    self.process = process
    self.thread = thread
    self.kind = kind
  }

  init(_ call: clinux_watched_call, process: Int32) {
    let (a, b, c, d, e, _) = call.arguments
    let kind: Kind =
      switch Int(call.kind) {
      case CLINUX_CALL_MADVISE:
        .madvise(address: a, length: b, advice: Int32(truncatingIfNeeded: c))
      case CLINUX_CALL_MREMAP:
        .mremap(address: a, length: b, newLength: c, flags: d, newAddress: e)
      case CLINUX_CALL_BRK: .brk(address: a)
      default:
        .processMadvise(
          pidfd: Int32(truncatingIfNeeded: a), vector: b, count: c,
          advice: Int32(truncatingIfNeeded: d))
      }
    self.init(process: process, thread: call.thread, kind: kind)
  }
}
