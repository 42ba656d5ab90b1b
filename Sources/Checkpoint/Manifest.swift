package import Linux
import Memory

/// What a checkpoint is, and what must hold where it is thawed: `manifest.json`.
package struct Manifest: Sendable, Hashable, Codable {
  /// The version of this format.
  package static let currentVersion = 1

  /// The version that it was written in.
  package var version = Manifest.currentVersion
  /// When the freeze was finished.
  package var created: Timestamp
  /// How many seconds after that it may be thawed; nil: for ever.
  package var maxAge: Double?
  /// The name of the recipe, which is the server's.
  package var server: String
  /// How much of a start it saves.
  package var tier: Tier
  /// What holds of a start before `main`; nil if it is not warm.
  package var warm: WarmFacts?
  /// The checkpoint of the same server that is thawed where this one may not be; nil: there is none.
  package var fallback: String?
  /// The other checkpoints of running servers that lie in the same image, for other requests or processors; nil: there are
  /// none.
  package var variants: [String]?
  /// What was running.
  package var program: Program
  /// The file system under it.
  package var base: Base
  /// The machine that it was frozen on.
  package var host: HostFacts
  /// The CRIU that dumped it.
  package var criu: CRIUFacts
  /// Its clocks when it was frozen.
  package var clock: ClockFacts
  /// Its processes.
  package var processes: ProcessFacts
  /// What its memory is made of.
  package var memory: MemoryFacts
  /// The TCP ports that it listens on.
  package var ports: [UInt16]
  /// The folders that hold its data.
  package var data: [Path]
  /// The regular files that it had open or mapped.
  package var openFiles: FileTable
  /// The checkpoint's own files: path below its folder, size, digest.
  package var contents: [Content]
  /// What was done to it before the freeze.
  package var history: History
  /// The volumes that it was hibernated on; nil: it was not.
  package var volumes: [FrozenVolume]?
  /// What else of the host its server saw; nil: nothing.
  package var besides: [FrozenFolder]?

  /// How much of a start a checkpoint saves.
  package enum Tier: String, Sendable, Hashable, Codable {
    /// Frozen running, with its data open.
    case hot
    /// Frozen before its `main`, its code loaded and exercised.
    case warm

    /// Where a thawed server of this tier has its memory file mapped from.
    package var memoryPath: Path { self == .warm ? MemoryFile.warmPath : MemoryFile.path }
  }

  /// A file of the checkpoint.
  package struct Content: Sendable, Hashable, Codable {
    package var path: Path
    package var size: Int64
    package var digest: Digest

    package init(path: Path, size: Int64, digest: Digest) {
      self.path = path
      self.size = size
      self.digest = digest
    }
  }

  package init(
    created: Timestamp, server: String, tier: Tier, program: Program, base: Base,
    facts: FrozenFacts,
    ports: [UInt16], data: [Path], contents: [Content], history: History
  ) {
    self.created = created
    self.server = server
    self.tier = tier
    self.program = program
    self.base = base
    host = facts.host
    criu = facts.criu
    clock = facts.clock
    processes = facts.processes
    memory = facts.memory
    openFiles = facts.openFiles
    self.ports = ports
    self.data = data
    self.contents = contents
    self.history = history
  }

  /// The other checkpoints that it cannot do without: whose memory file it maps, and what it falls back to.
  package var needed: [String] { [memory.file?.checkpoint, fallback].compactMap(\.self) }

  /// The bytes on disk of all that belongs to it.
  package var size: ByteCount { ByteCount(UInt64(contents.reduce(0) { $0 + $1.size })) }

  /// Reads a manifest; one of a later version is refused, because it may demand what this Thaw does not know.
  ///
  /// `path` is told in errors.
  package static func decode(_ bytes: [UInt8], path: Path) throws(CheckpointError) -> Manifest {
    struct Versioned: Decodable { var version: Int }
    let manifest: Manifest
    do {
      manifest = try JSONText.decode(Manifest.self, from: bytes)
    } catch {
      // What a later version has made of it may look like damage.
      let version = try? JSONText.decode(Versioned.self, from: bytes).version
      if let version, version > currentVersion { throw tooNew(version, path) }
      throw CheckpointError(
        .damaged, path.string, JSONText.explain(error),
        fix: "freeze the server again; `thaw rm` removes this one")
    }
    guard manifest.version <= currentVersion else { throw tooNew(manifest.version, path) }
    return manifest
  }

  private static func tooNew(_ version: Int, _ path: Path) -> CheckpointError {
    CheckpointError(
      .tooNew, path.string, "manifest of version \(version), this Thaw knows \(currentVersion)",
      fix: "install the Thaw that made it, or freeze the server again")
  }
}
