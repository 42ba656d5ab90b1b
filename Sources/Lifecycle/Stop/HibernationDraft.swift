import CRIU
import Checkpoint
import Linux
import Memory
import Server

/// All of a hibernated checkpoint but CRIU's images: written while the server stands still.
struct HibernationDraft {
  /// The checkpoint's folder.
  let path: Path
  let plan: InitPlan
  /// The manifest of the server's own checkpoint, with the open files of all that it could be started from.
  let parent: Manifest
  /// The digest of that.
  let parentDigest: Digest
  /// How long CRIU's dump took, in milliseconds.
  let dump: Double

  /// Writes it.
  ///
  /// - Returns: the manifest, and the digest of its file.
  func write(
    _ facts: FrozenFacts, _ fences: VolumeFences
  ) throws -> (manifest: Manifest, digest: Digest) {
    var facts = facts
    let directory = try ImageDirectory(path / "images")
    let files = try directory.files().compactMap { $0.regular?.path }
    // Pages that the server did not change are those of a memory file, and CRIU has left them there.
    let source = try memorySource(files)
    if let source {
      facts.memory.file = source.checkpoint.manifest.memory.file
      facts.memory.file?.checkpoint = parentDigest.hexadecimal
      facts.memory.file?.path = source.file
    }
    try LayerFiles(checkpoint: path).take(plan, openFiles: facts.openFiles, parent: parent)
    try FileSystem.writeFile(
      path / "recipe.json", try JSONText.encode(plan.recipe), mode: 0o644)
    if let set = source.map({ $0.checkpoint.path / WorkingSet.name }), FileSystem.exists(set) {
      try FileSystem.writeFile(path / WorkingSet.name, try FileSystem.readFile(set))
    }
    // CRIU's log of a dump that succeeded.
    try FileSystem.removeTree(path / "work")
    let volumes = try tables(of: fences.volumes)
    let besides = try tables(of: fences.besides)
    var history = parent.history
    history.dump = dump
    history.trialThaw = nil
    history.parent = parentDigest.hexadecimal
    history.container = Host.hostName
    var program = plan.program
    // An engine's idea of them, which may be another in the next container.
    let root = try directory.core(facts.processes.root)
    program.supplementaryGroups = root.credentials?.groups ?? program.supplementaryGroups
    var manifest = Manifest(
      created: Clock.wall(), server: parent.server, tier: .hot, program: program,
      base: parent.base, facts: facts, ports: parent.ports, data: parent.data,
      contents: try Checkpoint.contents(of: path), history: history)
    manifest.volumes = volumes
    if !besides.isEmpty { manifest.besides = besides }
    let bytes = try JSONText.encode(manifest)
    try FileSystem.writeFile(path / "manifest.json", bytes, mode: 0o644)
    return (manifest, Digest(of: bytes))
  }

  /// The checkpoint whose memory file the server has mapped, and where it has; nil if all of its memory is its own.
  private func memorySource(_ files: [String]) throws -> (checkpoint: Checkpoint, file: Path)? {
    for candidate in plan.candidates where !candidate.isHibernated {
      let checkpoint = try Checkpoint.read(candidate.path)
      let file =
        plan.isInImage ? candidate.path / MemoryFile.name : checkpoint.manifest.tier.memoryPath
      if files.contains(file.string) { return (checkpoint, file) }
    }
    return nil
  }

  /// Takes the tables of the volumes' files.
  private func tables(of volumes: [VolumeFences.Volume]) throws -> [FrozenVolume] {
    try FileSystem.makeDirectory(path / "volumes", mode: 0o755)
    return try volumes.enumerated().map { index, volume in
      guard let mark = volume.mark else {
        throw InitFailure(.cannotHibernate, "\(volume.fence.volume) has no mark", fix: "")
      }
      let table = try table(
        of: volume.fence.volume, holdsData: true, in: Path("volumes/\(index)"))
      return FrozenVolume(
        mark, path: volume.fence.volume, entries: table.entries, table: table.table)
    }
  }

  /// The same of what else of the host the server sees.
  private func tables(of folders: [Path]) throws -> [FrozenFolder] {
    try folders.enumerated().map { index, folder in
      try table(of: folder, holdsData: false, in: Path("volumes/besides-\(index)"))
    }
  }

  private func table(
    of folder: Path, holdsData: Bool, in place: Path
  ) throws -> FrozenFolder {
    let table: VolumeTable
    do {
      table = try VolumeFences.table(of: folder, holdsData: holdsData)
    } catch {
      throw InitFailure(
        .cannotHibernate, "the files in \(folder) cannot be compared later: \(error)", fix: "")
    }
    guard table.settle() else {
      throw InitFailure(
        .cannotHibernate, "files in \(folder) have times in the future",
        fix: "a later change could not be told: set the clock")
    }
    try FileSystem.writeFile(path / place.string, table.bytes, mode: 0o644)
    return FrozenFolder(path: folder, entries: table.entries, table: place)
  }
}

/// What CRIU learnt about this host's kernel, kept on a volume for the next hibernation and thaw: to learn it takes CRIU
/// 20-28 ms.
struct KernelKnowledge {
  /// The folder on the volume that is Thaw's.
  let volume: Path

  private static let prefix = "criu-"

  /// One file for each kernel that the volume was on.
  private var file: Path { volume / "\(Self.prefix)\(Host.kernelRelease).kdat" }

  /// Puts it where CRIU looks; without it CRIU learns anew.
  func put(_ place: Path) {
    guard let bytes = try? FileSystem.readFile(file) else { return }
    try? FileSystem.writeFile(place, bytes, mode: 0o600)
  }

  /// Keeps what CRIU left there, also with a checkpoint.
  func keep(_ place: Path, for checkpoint: Path) {
    guard let bytes = try? FileSystem.readFile(place) else { return }
    // A thaw without it is slower, not wrong.
    try? FileSystem.writeFile(checkpoint / "criu.kdat", bytes, mode: 0o644)
    if !FileSystem.exists(file) { try? FileSystem.writeFile(file, bytes, mode: 0o644) }
  }
}
