import Checkpoint
import Lifecycle
package import Linux
import Synchronization

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
  /// Those that hold data and can be written, as the server sees them.
  private var own: [Path] = []
  /// The checkpoints that were hibernated onto them, if there are any: whether they may be thawed, PID 1 says.
  private(set) var hibernated: [Manifest] = []
  /// Locks of the folders that hold data, kept as long as the server runs.
  let locks = VolumeLocks()

  /// Prepares each volume: an empty one on a data folder gets the checkpoint's data, as Docker fills a new volume from the image, unless only a look is wanted.
  init(
    _ requests: [VolumeRequest], engine: Engine, checkpoint: Checkpoint, rootfs: Path?,
    fills: Bool = true
  ) throws(EngineError) {
    for request in requests {
      if !fills, Self.wouldBeFilled(request, engine) { continue }
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
      own.append(request.destination)
      try lock(folder)
      try give(folder, to: checkpoint.manifest.program)
      // One that is not there or cannot be read will not be thawed.
      if let found = try? Checkpoint.read(Fence(folder).checkpoint).manifest {
        hibernated.append(found)
      }
      guard fills else {
        foreign.append(request.destination)
        continue
      }
      let sources = [rootfs, checkpoint.files].compactMap { layer in
        layer.map { $0 / request.destination.string }
      }
      let isOwn = try attempt("filling the volume", on: folder) { () throws(Errno) in
        try DataFolder(folder).fill(from: sources)
      }
      if !isOwn { foreign.append(request.destination) }
    }
  }

  /// What PID 1 is told of them.
  func stopPlan(_ manifest: Manifest) -> StopPlan {
    var stop = StopPlan(volumes: own)
    stop.besides = binds.map(\.destination).filter { !own.contains($0) }
    stop.obstacle =
      manifest.data.isEmpty
      ? "the recipe names no data folder"
      : manifest.data.first { folder in !own.contains { folder.isInside($0) } }
        .map { "\($0) is not on a volume that can be written" }
    return stop
  }

  /// Whether a volume is empty, or still has to be made: a start would fill it.
  private static func wouldBeFilled(_ request: VolumeRequest, _ engine: Engine) -> Bool {
    let path =
      request.source.contains("/")
      ? Path(request.source) : engine.root / "volumes" / request.source
    guard let names = try? DataFolder(path).names() else { return !request.source.contains("/") }
    return names.isEmpty && !request.isReadOnly
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

  /// Lets PID 1, which is the server's user, mark the volume.
  private func give(_ folder: Path, to program: Manifest.Program) throws(EngineError) {
    try attempt("preparing the volume", on: folder) { () throws(Errno) in
      let fence = Fence(folder)
      let status = try FileSystem.status(fence.folder)
      guard status.owner != program.user || status.group != program.group else { return }
      // What another user's server left there cannot be thawed, nor removed by this one.
      try fence.discard()
      try FileSystem.changeOwner(fence.folder, user: program.user, group: program.group)
    }
  }

  private func lock(_ folder: Path) throws(EngineError) {
    let lock = try attempt("locking the volume", on: folder) { () throws(Errno) in
      try DataFolder(folder).lock()
    }
    guard let lock else {
      throw EngineError(
        .volumeInUse, folder.string, "another server runs on this volume",
        fix: "`thaw ps` shows it; two servers on one volume would destroy its data")
    }
    locks.add(lock)
  }
}

/// Locks that several parts of a run know.
final class VolumeLocks: Sendable {
  private let held = Mutex<[DataFolder.HeldLock]>([])

  func add(_ lock: DataFolder.HeldLock) {
    held.withLock { $0.append(lock) }
  }

  /// Their descriptors: PID 1 gets them, so that nobody else runs a server there before it has ended.
  var descriptors: [Int32] { held.withLock { $0.map(\.rawValue) } }

  /// Gives them back; when a container is gone for others, its volumes are free.
  func release() {
    held.withLock { $0 = [] }
  }
}
