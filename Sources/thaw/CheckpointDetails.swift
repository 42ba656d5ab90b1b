import Checkpoint
import Linux
import Memory

/// All that is known about a checkpoint, as `thaw inspect --json` prints it.
struct CheckpointDetails: Encodable {
  var id: String
  var names: [String]
  var path: String
  /// Why it cannot be thawed anywhere; nil if all of its files are there.
  var damage: String?
  /// Why this machine does not suit it; nil if it does.
  var hindrance: String?
  var manifest: Manifest
  var verification: Verification?
  /// What became of each mapping; nil unless asked for.
  var memory: MemoryReport?

  /// What came of reading every file.
  struct Verification: Encodable {
    var files: Int
    var bytes: ByteCount
    var changes: [String]
  }

  init(_ stored: CheckpointStore.Stored, _ manifest: Manifest, host: HostFacts) {
    id = stored.id
    names = stored.names
    path = stored.path.string
    if case .damaged(let error) = stored.state { damage = "\(error)" }
    self.manifest = manifest
    hindrance = manifest.hindrance(on: host)
  }
}

extension Manifest {
  /// Why a machine cannot thaw this checkpoint, as far as its kernel and processor tell; nil if
  /// they suit it.
  func hindrance(on host: HostFacts) -> String? {
    // All but the machine is taken for given: the engine looks at the rest when it thaws.
    Verdict.judge(
      self,
      in: .init(
        host: host, program: program, now: created, monotonic: clock.monotonic,
        capabilities: ["CAP_CHECKPOINT_RESTORE", "CAP_SETPCAP"], clone3: true, criu: criu.version,
        changedFile: nil, foreignVolumes: [])
    ).reason
  }
}
