/// What a dump tells.
public struct DumpResult: Hashable, Sendable {
  /// Whether this is the copy that was restored from a dump of the caller itself.
  public let restored: Bool
}

/// What a restore tells.
public struct RestoreResult: Hashable, Sendable {
  /// The root of the restored tree; the caller's child with ``Options/restoresAsSibling``.
  public let pid: Int32
}

/// A server that takes or gives pages over the network.
public struct PageServer: Hashable, Sendable {
  /// The address that it listens on.
  public let address: String?
  /// The port that it listens on.
  public let port: UInt16?
  /// Its process.
  public let pid: Int32
}

/// What the kernel lets CRIU do, beyond the ordinary.
public struct Features: Hashable, Sendable {
  /// Changed pages can be told from others (soft-dirty bits): dumps after a dump can be small.
  public let memoryTracking: Bool
  /// Pages can be brought in after the restore (userfaultfd).
  public let lazyPages: Bool
  /// Processes can be told from others that got their pid (pidfds that can be kept).
  public let pidfdStore: Bool
}
