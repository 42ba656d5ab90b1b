import Linux

/// What tells of a name in an engine whether its bench still runs: a lock, whose file lies where a boot clears it.
struct BenchLease: ~Copyable {
  /// What the names of all that a bench makes in engines contain.
  let id: String
  private let file: Path
  private let lock: FileLock

  private static let folder: Path = "/run/thaw-bench"

  init() throws {
    let id = Host.randomName()
    let file = Self.folder / id
    try FileSystem.makeDirectory(Self.folder, mode: 0o700, parents: true)
    guard let lock = try FileLock.tryLock(file) else { throw Errno.busy }
    self.id = id
    self.file = file
    self.lock = lock
  }

  deinit {
    // One that stays is not locked.
    try? FileSystem.remove(file)
  }

  /// Whether the bench of this id runs.
  static func isHeld(id: String) -> Bool { isHeld(folder / id) }

  /// Whether somebody holds a lock; nobody holds one whose file is not there.
  static func isHeld(_ file: Path) -> Bool {
    guard FileSystem.exists(file) else { return false }
    do {
      return try FileLock.tryLock(file, creating: false) == nil
    } catch {
      return false
    }
  }
}
