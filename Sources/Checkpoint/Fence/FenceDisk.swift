package import Linux

/// What the fence does to a volume's file system, step by step: a test logs the steps and replays what a loss of power
/// leaves of them.
package protocol FenceDisk: Sendable {
  /// The whole content of a file; nil if it is not there.
  func read(_ path: Path) throws(Errno) -> [UInt8]?
  /// Makes a file, or replaces what is in it; nothing of it is durable yet.
  func write(_ path: Path, _ bytes: [UInt8]) throws(Errno)
  /// Brings a file, or a folder's names, to the disk.
  func synchronize(_ path: Path) throws(Errno)
  /// Brings all of the file system that holds a path to the disk.
  func synchronizeAll(on path: Path) throws(Errno)
  /// Gives a file or a folder another name.
  func rename(_ path: Path, to other: Path) throws(Errno)
  /// Removes a file, or a folder with all in it; nothing happens if it is not there.
  func remove(_ path: Path) throws(Errno)
}

/// The kernel's.
package struct KernelDisk: FenceDisk {
  package init() {}

  package func read(_ path: Path) throws(Errno) -> [UInt8]? {
    do throws(Errno) {
      return try FileSystem.readFile(path)
    } catch .noEntry {
      return nil
    }
  }

  package func write(_ path: Path, _ bytes: [UInt8]) throws(Errno) {
    try FileSystem.writeFile(path, bytes, mode: 0o644)
  }

  package func synchronize(_ path: Path) throws(Errno) { try FileSystem.synchronize(path) }

  package func synchronizeAll(on path: Path) throws(Errno) {
    try FileSystem.synchronizeAll(on: path)
  }

  package func rename(_ path: Path, to other: Path) throws(Errno) {
    try FileSystem.rename(path, to: other)
  }

  package func remove(_ path: Path) throws(Errno) {
    do throws(Errno) {
      try FileSystem.removeTree(path)
    } catch {
      guard error == .noEntry else { throw error }
    }
  }
}
