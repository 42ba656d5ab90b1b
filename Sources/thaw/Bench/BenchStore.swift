import CRIU
import Checkpoint
import Images
import Linux

/// Other forms of one checkpoint, to compare with: each in a store of its own below the engine's root, thawed by the same engine.
///
/// They go with this value.
struct BenchStore: ~Copyable {
  /// What each way is started from.
  private(set) var places: [BenchWay: Place] = [:]
  private let home: BenchFolder
  private let engine: Engine
  private let original: Checkpoint

  /// A checkpoint, and the root of its store.
  struct Place {
    var root: Path
    var checkpoint: Checkpoint
    /// The checkpoint that a start takes in the end, if not that one.
    var fallback: Checkpoint?

    /// The checkpoint whose memory is thawed.
    var thawed: Checkpoint { fallback ?? checkpoint }
  }

  /// The folder of all of it.
  var folder: Path { home.path }

  /// Makes the forms that the ways need.
  init(_ engine: Engine, _ checkpoint: Checkpoint, _ ways: Set<BenchWay>) throws {
    let home = try BenchFolder(engine)
    var places: [BenchWay: Place] = [:]
    for way in BenchWay.allCases where ways.contains(way) {
      let form: CheckpointForm
      switch way {
      case .hello, .restore: continue
      case .cold, .hot:
        places[way] = Place(root: engine.root, checkpoint: checkpoint)
        continue
      case .warm:
        let id = checkpoint.manifest.fallback ?? ""
        places[way] = Place(
          root: engine.root, checkpoint: checkpoint, fallback: try engine.checkpoints.find(id))
        continue
      case .criu: form = CheckpointForm()
      case .lazyPages: form = CheckpointForm(kernelData: try KernelData.privileged(engine))
      case .empty: form = CheckpointForm(hasMemory: false)
      }
      let root = try Self.makeRoot(home.path / way.rawValue, engine)
      places[way] = Place(root: root, checkpoint: try form.make(of: checkpoint, engine, in: root))
    }
    self.engine = engine
    original = checkpoint
    self.home = home
    self.places = places
  }

  /// A copy of the checkpoint as it is: what is hibernated from it goes with this value, too.
  func copy() throws -> Place {
    let root = try Self.makeRoot(self.folder / "copy", engine)
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
