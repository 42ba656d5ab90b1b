import Linux

/// Folders that were locked while somebody filled them, and whose maker died.
enum Abandoned {
  /// Removes those of a folder whose name begins so and whose lock is free.
  static func remove(in folder: Path, prefix: String = "") {
    // Not to be read: the next step says so.
    for name in (try? FileSystem.list(folder)) ?? [] where name.hasPrefix(prefix) {
      let remains = folder / name
      // Locked: somebody is at work.
      guard let lock = try? FileLock.tryLock(remains) else { continue }
      // What cannot be removed now is tried again next time.
      try? FileSystem.removeTree(remains)
      _ = lock.rawValue
    }
  }
}
