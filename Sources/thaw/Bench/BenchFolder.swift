import Images
import Linux

/// The folder of a bench, which goes with this value; what a killed bench left, the next one removes.
struct BenchFolder: ~Copyable {
  let path: Path
  private let lock: FileLock

  private static let prefix = ".bench-"
  private static let lockName = "lock"

  /// Makes one below the engine's root.
  init(_ engine: Engine) throws {
    for folder in Self.abandoned(engine) {
      // The next bench tries again.
      try? FileSystem.removeTree(folder)
    }
    let path = engine.root / (Self.prefix + Host.randomName())
    try FileSystem.makeDirectory(path, mode: 0o700, parents: true)
    guard let lock = try FileLock.tryLock(path / Self.lockName) else { throw Errno.busy }
    self.path = path
    self.lock = lock
  }

  deinit {
    // What cannot be removed now the next bench removes.
    try? FileSystem.removeTree(path)
  }

  /// Folders whose bench has ended.
  private static func abandoned(_ engine: Engine) -> [Path] {
    // No root yet: nothing in it.
    ((try? FileSystem.list(engine.root)) ?? []).filter { $0.hasPrefix(prefix) }
      .map { engine.root / $0 }.filter { !isHeld($0) }
  }

  private static func isHeld(_ folder: Path) -> Bool {
    BenchLease.isHeld(folder / lockName)
  }
}
