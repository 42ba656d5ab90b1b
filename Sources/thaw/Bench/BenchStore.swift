import CRIU
import Checkpoint
import Images
import Linux

/// Other forms of one checkpoint, to compare with: each in a store of its own below the engine's root, thawed by the same engine.
///
/// They go with this value; what a killed bench left, the next one removes.
struct BenchStore: ~Copyable {
  /// What each way is started from.
  private(set) var places: [BenchWay: Place] = [:]
  /// The folder of all of it.
  let folder: Path
  private let lock: FileLock
  private let engine: Engine
  private let original: Checkpoint

  /// A checkpoint, and the root of its store.
  struct Place {
    var root: Path
    var checkpoint: Checkpoint
  }

  private static let prefix = ".bench-"
  private static let lockName = "lock"

  /// Makes the forms that the ways need.
  init(_ engine: Engine, _ checkpoint: Checkpoint, _ ways: Set<BenchWay>) throws {
    Self.sweep(engine)
    let folder = engine.root / (Self.prefix + Host.randomName())
    try FileSystem.makeDirectory(folder, mode: 0o700, parents: true)
    guard let lock = try FileLock.tryLock(folder / Self.lockName) else { throw Errno.busy }
    var places: [BenchWay: Place] = [:]
    do {
      for way in BenchWay.allCases where ways.contains(way) {
        let form: CheckpointForm
        switch way {
        case .cold, .hot:
          places[way] = Place(root: engine.root, checkpoint: checkpoint)
          continue
        case .criu: form = CheckpointForm()
        case .lazyPages: form = CheckpointForm(kernelData: try KernelData.privileged(engine))
        case .empty: form = CheckpointForm(hasMemory: false)
        }
        let root = try Self.makeRoot(folder / way.rawValue, engine)
        places[way] = Place(root: root, checkpoint: try form.make(of: checkpoint, engine, in: root))
      }
    } catch {
      // The first error is the one to tell.
      try? FileSystem.removeTree(folder)
      throw error
    }
    self.engine = engine
    original = checkpoint
    self.folder = folder
    self.lock = lock
    self.places = places
  }

  /// A copy of the checkpoint as it is: what is hibernated from it goes with this value, too.
  func copy() throws -> Place {
    let root = try Self.makeRoot(folder / "copy", engine)
    let folder = original.path.parent.lastComponent
    try FileSystem.makeDirectory(root / folder, mode: 0o700)
    let path = root / folder / original.id
    try FileSystem.copyTree(from: original.path, to: path)
    try CheckpointStore(root: root).name(original.id, CheckpointForm.name)
    return Place(root: root, checkpoint: try Checkpoint.open(path))
  }

  private static func makeRoot(_ root: Path, _ engine: Engine) throws -> Path {
    try FileSystem.makeDirectory(root, mode: 0o700)
    try FileSystem.symbolicLink(at: root / "images", to: engine.root / "images")
    return root
  }

  deinit {
    // What cannot be removed now the next bench removes.
    try? FileSystem.removeTree(folder)
  }

  /// Removes what benches left that were killed: folders whose lock is free.
  private static func sweep(_ engine: Engine) {
    // No root yet: nothing in it.
    for name in (try? FileSystem.list(engine.root)) ?? [] where name.hasPrefix(prefix) {
      let path = engine.root / name
      guard let lock = try? FileLock.tryLock(path / lockName) else { continue }
      // The next bench tries again.
      try? FileSystem.removeTree(path)
      _ = consume lock
    }
  }
}

/// What CRIU learns about a kernel when it may do all: that `userfaultfd` tells of forks and discards.
///
/// Without CAP_SYS_ADMIN it does not look, and `--lazy-pages` then loses memory.
enum KernelData {
  /// Has a privileged CRIU look, with a tmpfs in the place where it keeps what it learnt.
  static func privileged(_ engine: Engine) throws -> [UInt8] {
    let script =
      #"mount -t tmpfs none /run && "$0" --library-path "$1" "$2" check --feature uffd-noncoop >&2 && cat /run/criu.kdat"#
    let finished = try Spawn(
      "unshare",
      ["--mount", "--propagation", "private", "sh", "-c", script]
        + Installation(bundle: engine.bundle.path).command.filter { $0 != "--library-path" }
    ).run(deadline: .after(.seconds(20)))
    guard finished.isSuccess, !finished.output.isEmpty else {
      throw Failure(
        Failure.failed,
        "lazy-pages: CRIU could not learn about this kernel's userfaultfd: \(finished.errorText)")
    }
    return finished.output
  }
}
