import Glibc

/// A lock on a file: `flock`.
///
/// It ends with this value, and with the process however that ends. It binds only those who ask for
/// it.
public struct FileLock: ~Copyable, Sendable {
  private let file: Descriptor

  private init(file: consuming Descriptor) {
    self.file = file
  }

  /// The locked file's descriptor; a child that gets it keeps the lock alive.
  public var rawValue: Int32 { file.rawValue }

  /// Takes the lock if it is free.
  ///
  /// - Parameters:
  ///   - path: the file, made empty if it is not there; a folder can be locked as well.
  ///   - exclusive: alone; else together with others that are not exclusive.
  ///   - creating: whether the file is made if it is not there; else that is `.noEntry`.
  /// - Returns: nil if somebody else has it.
  /// - Throws: what opening the file gives.
  public static func tryLock(
    _ path: Path, exclusive: Bool = true, creating: Bool = true
  ) throws(Errno) -> FileLock? {
    let file = try openForLock(path, creating: creating)
    let raw = file.rawValue
    do {
      try retrying { flock(raw, (exclusive ? LOCK_EX : LOCK_SH) | LOCK_NB) }
    } catch .again {
      return nil
    }
    return FileLock(file: file)
  }

  /// Takes the lock, and waits for it until the deadline; nil if that passed first.
  public static func lock(
    _ path: Path, exclusive: Bool = true, deadline: Deadline
  ) throws(Errno) -> FileLock? {
    // A blocking flock knows no deadline, and the kernel tells nobody when a lock is free: asked
    // again with growing pauses, at most 50 ms.
    var pause = Duration.milliseconds(1)
    while true {
      if let lock = try tryLock(path, exclusive: exclusive) { return lock }
      guard !deadline.hasPassed else { return nil }
      Deadline.after(min(pause, deadline.remaining)).pass()
      pause = min(pause * 2, .milliseconds(50))
    }
  }

  private static func openForLock(_ path: Path, creating: Bool) throws(Errno) -> Descriptor {
    do {
      return try Descriptor.open(path, .readWrite, creating ? .create : [], mode: 0o644)
    } catch .isDirectory {
      return try Descriptor.open(path, .readOnly, .directory)
    } catch .readOnlyFileSystem {
      // A lock needs no right to write.
      return try Descriptor.open(path, .readOnly)
    }
  }
}

extension Deadline {
  /// Blocks the calling thread until the moment is over; for states that the kernel offers nothing
  /// to wait on.
  public func pass() {
    while !hasPassed {
      var spec = timespec(
        tv_sec: Int(remaining.nanoseconds / 1_000_000_000),
        tv_nsec: Int(remaining.nanoseconds % 1_000_000_000))
      nanosleep(&spec, nil)
    }
  }
}
