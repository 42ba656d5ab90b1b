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
  /// The manifest of the image's own checkpoint, with the open files of all that the image has.
  let parent: Manifest
  /// The digest of that.
  let image: Digest
  /// How long CRIU's dump took, in milliseconds.
  let dump: Double

  /// Writes it.
  ///
  /// - Returns: the manifest, and the digest of its file.
  func write(
    _ facts: FrozenFacts, volumes: [ImageFence.Volume]
  ) throws -> (manifest: Manifest, digest: Digest) {
    var facts = facts
    let directory = try ImageDirectory(path / "images")
    let files = try directory.files().compactMap { $0.regular?.path }
    // Pages that the server did not change are those of the image's memory file, and CRIU has left them there.
    let home = ImageHome.checkpoints.first { files.contains(($0 / MemoryFile.name).string) }
    if let home {
      facts.memory.file = try Checkpoint.read(home).manifest.memory.file
      facts.memory.file?.checkpoint = image.hexadecimal
      facts.memory.file?.path = home / MemoryFile.name
    }
    try LayerFiles(checkpoint: path).take(plan, openFiles: facts.openFiles, parent: parent)
    try FileSystem.writeFile(
      path / "recipe.json", try JSONText.encode(plan.recipe), mode: 0o644)
    if let home, FileSystem.exists(home / WorkingSet.name) {
      try FileSystem.writeFile(
        path / WorkingSet.name, try FileSystem.readFile(home / WorkingSet.name))
    }
    // CRIU's log of a dump that succeeded.
    try FileSystem.removeTree(path / "work")
    let frozen = try tables(of: volumes)
    var history = parent.history
    history.dump = dump
    history.trialThaw = nil
    history.parent = image.hexadecimal
    history.container = Host.hostName
    var program = plan.program
    // An engine's idea of them, which may be another in the next container.
    let root = try directory.core(facts.processes.root)
    program.supplementaryGroups = root.credentials?.groups ?? program.supplementaryGroups
    var manifest = Manifest(
      created: Clock.wall(), server: parent.server, tier: .hot, program: program,
      base: parent.base, facts: facts, ports: parent.ports, data: parent.data,
      contents: try Checkpoint.contents(of: path), history: history)
    manifest.volumes = frozen
    let bytes = try JSONText.encode(manifest)
    try FileSystem.writeFile(path / "manifest.json", bytes, mode: 0o644)
    return (manifest, Digest(of: bytes))
  }

  /// Takes the tables of the volumes' files.
  private func tables(of volumes: [ImageFence.Volume]) throws -> [FrozenVolume] {
    try FileSystem.makeDirectory(path / "volumes", mode: 0o755)
    var all: [FrozenVolume] = []
    for (index, volume) in volumes.enumerated() {
      guard let mark = volume.mark else {
        throw InitFailure(.cannotHibernate, "\(volume.fence.volume) has no mark", fix: "")
      }
      let table = try VolumeTable(
        of: volume.fence.volume, leavingOut: ImageFence.foreignNames)
      guard table.settle() else {
        throw InitFailure(
          .cannotHibernate, "files in \(volume.fence.volume) have times in the future",
          fix: "a later change could not be told: set the clock")
      }
      let place = Path("volumes/\(index)")
      try FileSystem.writeFile(path / place.string, table.bytes, mode: 0o644)
      all.append(
        FrozenVolume(mark, path: volume.fence.volume, entries: table.entries, table: place))
    }
    return all
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
