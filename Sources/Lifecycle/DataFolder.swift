package import Linux

/// A folder that holds a server's data, on a volume or not: filled from a checkpoint, locked while a server runs on it.
package struct DataFolder: Sendable {
  package let path: Path

  package init(_ path: Path) {
    self.path = path
  }

  /// What is Thaw's in it.
  private var own: Path { path / ".thaw" }

  /// Names in it that are not the server's.
  static let foreign: Set = [".thaw", "lost+found"]

  /// A lock that can be kept in an array, which cannot hold values that are not copied.
  package final class HeldLock: Sendable {
    private let lock: FileLock

    init(_ lock: consuming FileLock) { self.lock = lock }

    /// The locked file's descriptor.
    package var rawValue: Int32 { lock.rawValue }
  }

  /// The lock that whoever runs a server on it holds; nil if somebody else does.
  package func lock() throws(Errno) -> HeldLock? {
    try FileSystem.makeDirectory(own, mode: 0o755, parents: true)
    guard let lock = try FileLock.tryLock(own / "lock", exclusive: true) else { return nil }
    return HeldLock(lock)
  }

  /// Fills an empty one; false if it is not empty, and so has data of its own, or cannot be filled from one layer.
  ///
  /// One whose filling was cut short is filled anew: no server has run on it.
  package func fill(from sources: [Path]) throws(Errno) -> Bool {
    let mark = own / "filling"
    let inside = try names()
    guard inside.isEmpty || FileSystem.exists(mark) else { return false }
    // A layer that does not have the folder has nothing in it.
    let full = sources.filter { (try? FileSystem.list($0))?.isEmpty == false }
    guard full.count <= 1 else { return false }
    try FileSystem.makeDirectory(own, mode: 0o755, parents: true)
    try FileSystem.writeFile(mark, [])
    // An empty file is as durable as its name.
    try FileSystem.synchronize(own)
    for name in inside { try FileSystem.removeTree(path / name) }
    if let source = full.first ?? sources.last(where: { FileSystem.exists($0) }) {
      for name in try FileSystem.list(source) {
        try FileSystem.copyTree(from: source / name, to: path / name)
      }
      try adopt(source)
    }
    // Before the mark goes, all is on the disk: one call for the file system takes a tenth of one for each file.
    try FileSystem.synchronizeAll(on: path)
    try FileSystem.remove(mark)
    return true
  }

  /// What lies in it and is the server's.
  package func names() throws(Errno) -> [String] {
    try FileSystem.list(path).filter { !Self.foreign.contains($0) }
  }

  private func adopt(_ source: Path) throws(Errno) {
    let wanted = try FileSystem.status(source)
    let found = try FileSystem.status(path)
    if found.owner != wanted.owner || found.group != wanted.group {
      try FileSystem.changeOwner(path, user: wanted.owner, group: wanted.group)
    }
    if found.mode != wanted.mode { try FileSystem.changeMode(path, wanted.mode) }
  }
}
