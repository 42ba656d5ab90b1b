import Checkpoint
package import Linux

/// A folder of this machine that a container sees: `-v NAME:/path` or `-v /folder:/path[:ro]`.
package struct VolumeRequest: Hashable, Sendable {
  /// A name below the engine's `volumes/`, or an absolute path.
  package var source: String
  /// Where the server sees it.
  package var destination: Path
  package var isReadOnly: Bool

  package init(source: String, destination: Path, isReadOnly: Bool) {
    self.source = source
    self.destination = destination
    self.isReadOnly = isReadOnly
  }
}

/// Makes volumes ready for a server, and tells on which of them its data is not that of the checkpoint.
struct Volumes: ~Copyable {
  private(set) var binds: [ContainerSpec.Bind] = []
  private(set) var foreign: [Path] = []
  /// Locks of the folders that hold data, kept as long as the server runs.
  private var locks: [HeldLock] = []

  /// A lock in an array, which cannot hold values that are not copied.
  private final class HeldLock: Sendable {
    let lock: FileLock

    init(_ lock: consuming FileLock) { self.lock = lock }
  }

  /// Prepares each volume: an empty one on a data folder gets the checkpoint's data, as Docker fills a new volume from the image.
  init(
    _ requests: [VolumeRequest], engine: Engine, checkpoint: Checkpoint, rootfs: Path?
  ) throws(EngineError) {
    for request in requests {
      let folder = try Self.folder(request, engine)
      binds.append(
        .init(source: folder, destination: request.destination, readOnly: request.isReadOnly))
      let holdsData = checkpoint.manifest.data.contains {
        $0.isInside(request.destination) || request.destination.isInside($0)
      }
      guard holdsData, !request.isReadOnly else {
        // Something else than at the freeze is seen there, whatever it is.
        foreign.append(request.destination)
        continue
      }
      try lock(folder)
      let sources = [rootfs, checkpoint.files].compactMap { layer in
        layer.map { $0 / request.destination.string }
      }
      if try !Self.fill(folder, from: sources) { foreign.append(request.destination) }
    }
  }

  private static func folder(_ request: VolumeRequest, _ engine: Engine) throws(EngineError) -> Path
  {
    guard !request.source.contains("/") else {
      let path = Path(request.source)
      guard FileSystem.exists(path) else {
        throw EngineError(
          .failed, path.string, "there is no such folder", fix: "make it, or name a volume")
      }
      return try attempt("finding the volume", on: path) { () throws(Errno) in
        try FileSystem.resolve(path)
      }
    }
    let path = engine.root / "volumes" / request.source
    try attempt("making the volume", on: path) { () throws(Errno) in
      try FileSystem.makeDirectory(path, mode: 0o755, parents: true)
    }
    return path
  }

  private mutating func lock(_ folder: Path) throws(EngineError) {
    let own = folder / ".thaw"
    let lock = try attempt("locking the volume", on: own) { () throws(Errno) in
      try FileSystem.makeDirectory(own, mode: 0o755, parents: true)
      return try FileLock.tryLock(own / "lock", exclusive: true)
    }
    guard let lock else {
      throw EngineError(
        .volumeInUse, folder.string, "another server runs on this volume",
        fix: "`thaw ps` shows it; two servers on one volume would destroy its data")
    }
    locks.append(HeldLock(lock))
  }

  /// Fills an empty volume; false if it is not empty, and so has data of its own, or cannot be filled from one layer.
  ///
  /// A volume whose filling was cut short is filled anew: no server has run on it.
  private static func fill(_ folder: Path, from sources: [Path]) throws(EngineError) -> Bool {
    try attempt("filling the volume", on: folder) { () throws(Errno) in
      let mark = folder / ".thaw/filling"
      let own: Set<String> = [".thaw", "lost+found"]
      let inside = try FileSystem.list(folder).filter { !own.contains($0) }
      guard inside.isEmpty || FileSystem.exists(mark) else { return false }
      // A layer that does not have the folder has nothing in it.
      let full = sources.filter { (try? FileSystem.list($0))?.isEmpty == false }
      guard full.count <= 1 else { return false }
      try FileSystem.writeFile(mark, [], durable: true)
      for name in inside { try FileSystem.removeTree(folder / name) }
      if let source = full.first ?? sources.last(where: { FileSystem.exists($0) }) {
        for name in try FileSystem.list(source) {
          try FileSystem.copyTree(from: source / name, to: folder / name)
        }
        let status = try FileSystem.status(source)
        try FileSystem.changeOwner(folder, user: status.owner, group: status.group)
        try FileSystem.changeMode(folder, status.mode)
      }
      try FileSystem.synchronize(folder)
      try FileSystem.remove(mark)
      return true
    }
  }
}
