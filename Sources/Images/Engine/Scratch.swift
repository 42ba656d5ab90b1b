import Linux

/// A folder of one build alone, below the engine's root, whose lock lives as long as this.
final class Scratch: Sendable {
  let path: Path
  private let lock: FileLock

  private init(path: Path, lock: consuming FileLock) {
    self.path = path
    self.lock = lock
  }

  /// Makes one; those of builds that were killed are removed.
  static func make(_ engine: Engine) throws(EngineError) -> Scratch {
    let folder = engine.root / "builds"
    return try attempt("making a folder for the image", on: folder) { () throws(Errno) in
      try FileSystem.makeDirectory(folder, mode: 0o700, parents: true)
      Abandoned.remove(in: folder)
      let path = folder / Host.randomName()
      try FileSystem.makeDirectory(path, mode: 0o700)
      guard let lock = try FileLock.tryLock(path) else { throw .busy }
      return Scratch(path: path, lock: lock)
    }
  }
}
