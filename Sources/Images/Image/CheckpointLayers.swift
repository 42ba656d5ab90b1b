import Checkpoint
import Lifecycle
import Linux
import Memory
import Server

/// The layers that make a checkpoint part of an image: Thaw itself, the files that the server wrote, the checkpoint.
struct CheckpointLayers {
  let checkpoint: Checkpoint
  /// What it falls back to, if there is anything.
  var fallback: Checkpoint?
  /// Those for other requests and processors.
  var variants: [ImageVariant] = []
  let record: ImageRecord
  /// The unpacked base.
  let rootfs: Path
  /// The data and temporary folders as the server left them.
  let folders: MergedTree
  /// Data folders that the image leaves empty, because it declares them as volumes: PID 1 fills a volume from the seed.
  ///
  /// An engine copies what an image has at a volume's place into each new one, and podman starts two programs for that, which
  /// takes longer than a thaw; of an empty folder nothing is copied.
  var emptied: [Path] = []
  /// How hard to compress.
  let level: Int

  typealias Progress = (Int64) throws(Errno) -> Void

  private var program: Manifest.Program { checkpoint.manifest.program }
  private var created: Timestamp { checkpoint.manifest.created }

  /// All bytes that go into the layers, nearly.
  func size(_ thaw: Path, _ criu: Path) -> Int64 {
    var size = (try? FileSystem.status(thaw).size) ?? 0
    let all = ([checkpoint, fallback] + variants.map(\.checkpoint)).compactMap(\.self)
    for memory in all.compactMap(Self.memory(of:)) {
      size += (try? FileSystem.status(memory).size) ?? 0
    }
    for folder in [criu] + all.flatMap({ [$0.images, $0.files] }) {
      // What cannot be read now fails when it is written.
      try? FileSystem.walk(folder) { _, status in if status.kind == .file { size += status.size } }
    }
    return size
  }

  /// A folder as the server's files and the base have it; nil where it is a link there.
  private func attributes(of path: String) throws(Errno) -> LayerArchive.Attributes? {
    for root in [checkpoint.files, rootfs] {
      guard let status = try FileSystem.statusIfThere(root / path, followingLinks: false) else {
        continue
      }
      guard status.kind == .directory else { return nil }
      return LayerArchive.Attributes(
        mode: status.mode, owner: status.owner, group: status.group, modified: status.modified)
    }
    return LayerArchive.Attributes(mode: 0o755, modified: Timestamp(seconds: 0))
  }

  // MARK: Thaw itself

  /// Where the original's entry point lies, below the server's working folder.
  var entryPoint: Path { program.workingDirectory / ImageHome.entryPoint }

  /// Writes the layer with Thaw and CRIU: the same for every server of one working folder.
  func writeThaw(
    at path: Path, thaw: Path, criu: Path, _ progress: Progress
  ) throws -> LayerArchive.Layer {
    var layer = try LayerArchive(at: path, level: level, below: attributes(of:))
    let epoch = Timestamp(seconds: 0)
    let folder = LayerArchive.Attributes(mode: 0o755, modified: epoch)
    try layer.add(folder: Self.inside(ImageHome.path), folder)
    var executable = LayerArchive.Attributes(mode: 0o755, modified: epoch)
    executable.extended = ["security.capability": Self.checkpointRestore]
    try layer.add(file: Self.inside(ImageHome.program), from: thaw, executable, progress)
    let bundle = ImageHome.bundle / "criu"
    try layer.add(folder: Self.inside(ImageHome.bundle), folder)
    try layer.add(folder: Self.inside(bundle), folder)
    for (name, status) in try Self.entries(of: criu) {
      let attributes = LayerArchive.Attributes(mode: status.mode, modified: epoch)
      let place = Self.inside(bundle / name.string)
      switch status.kind {
      case .directory: try layer.add(folder: place, attributes)
      case .symbolicLink:
        try layer.add(link: place, to: try FileSystem.readLink(criu / name.string), attributes)
      default: try layer.add(file: place, from: criu / name.string, attributes, progress)
      }
    }
    let script = LayerArchive.Attributes(mode: 0o755, modified: epoch)
    try layer.add(file: Self.inside(entryPoint), Array(Self.entryScript.utf8), script)
    for (name, text) in Self.tools {
      try layer.add(file: "usr/local/bin/\(name)", Array(text.utf8), script)
    }
    return try layer.finish()
  }

  /// CAP_CHECKPOINT_RESTORE as a file's permitted capability: `vfs_cap_data` of version 2.
  ///
  /// Not effective from the start: then the kernel would refuse to start the program in a container that does not have
  /// it, instead of starting it without.
  private static let checkpointRestore: [UInt8] =
    [0, 0, 0, 2] + [0, 0, 0, 0] + [0, 0, 0, 0] + [0, 1, 0, 0] + [0, 0, 0, 0]

  /// Thaw itself is its interpreter: with no_new_privs a capability of a file counts only for the first program that is
  /// started, and a shell in between would lose it.
  private static let entryScript = """
    #!\(ImageHome.program) init
    # PID 1 of this image: thaws the checkpoint that lies in it, or starts the server cold and says why.
    #   --restore-only        never start cold; the exit status tells why not (`thaw init --help`)
    #   anything else         arguments of the server, such as -f custom.yaml

    """

  /// CRIU and its tools, as those who look into a container call them.
  private static let tools = [
    ("criu", bundled("criu")), ("compel", bundled("compel")),
    (
      "crit",
      """
      #!/bin/sh
      # CRIU's image tool; that of CRIU itself needs Python.
      exec \(ImageHome.program) crit "$@"

      """
    ),
    (
      "criu-ns",
      """
      #!/bin/sh
      # CRIU in a pid and mount namespace of its own: for a restore beside processes that have its pids.
      exec unshare --pid --mount --fork --mount-proc criu "$@"

      """
    ),
  ]

  private static func bundled(_ program: String) -> String {
    """
    #!/bin/sh
    # \(program) with the libraries and the loader that it came with.
    folder=\(ImageHome.bundle)/criu
    exec "$folder/lib/ld-linux-x86-64.so.2" --library-path "$folder/lib" "$folder/\(program)" "$@"

    """
  }

  // MARK: Files

  /// Writes the layer with the files that the server wrote before it was frozen.
  func writeFiles(
    of checkpoint: Checkpoint, at path: Path, _ progress: Progress
  ) throws -> LayerArchive.Layer {
    var layer = try LayerArchive(at: path, level: level, below: attributes(of:))
    for (name, status) in try Self.entries(of: checkpoint.files)
    where !Self.isEngines(name, status) && !isEmptied(name)
      && !isBelow(name, status, of: checkpoint)
    {
      try layer.add(name.string, asIn: checkpoint.files / name.string, status, progress)
    }
    return try layer.finish()
  }

  /// Whether a file is in the layer below already: what was made ahead of time is one file with two names.
  private func isBelow(_ path: Path, _ status: FileStatus, of checkpoint: Checkpoint) -> Bool {
    guard let fallback, fallback.id != checkpoint.id, status.kind == .file,
      let other = try? FileSystem.linkStatus(fallback.files / path.string)
    else { return false }
    return (other.device, other.inode) == (status.device, status.inode)
  }

  /// Whether a path of a layer is below a folder that is left empty.
  private func isEmptied(_ path: Path) -> Bool {
    emptied.contains { $0 != .root / path.string && (.root / path.string).isInside($0) }
  }

  /// What every engine mounts something over: places that the freezing container made for it.
  static func isEngines(_ path: Path, _ status: FileStatus) -> Bool {
    if ["proc", "sys", "dev", "run"].contains(path.components.first) { return true }
    return status.size == 0 && status.kind == .file
      && ["etc/hosts", "etc/hostname", "etc/resolv.conf"].contains(path.string)
  }

  // MARK: The checkpoint

  /// Writes the layer with the checkpoints and what starts their server cold.
  func writeCheckpoint(at path: Path, _ progress: Progress) throws -> LayerArchive.Layer {
    var layer = try LayerArchive(at: path, level: level, below: attributes(of:))
    let open = LayerArchive.Attributes(mode: 0o444, modified: created)
    try layer.add(file: Self.inside(ImageHome.record), try JSONText.encode(record), open)
    try add(checkpoint, at: ImageHome.checkpoint, to: &layer, progress)
    if let fallback { try add(fallback, at: ImageHome.warm, to: &layer, progress) }
    try addSeed(folders, at: ImageHome.seed, to: &layer)
    // PID 1 makes it where it is not.
    if let data = record.recipe.data.first, !emptied.contains(data) {
      try layer.add(
        link: Self.inside(data / ImageHome.linkName), to: ImageHome.checkpoint.string,
        LayerArchive.Attributes(mode: 0o777, modified: created))
    }
    let log = checkpoint.images / "dump.log"
    if FileSystem.exists(log) { try layer.add(file: "tmp/criu-dump.log", from: log, open) }
    return try layer.finish()
  }

  /// Writes the layer with a checkpoint for another request or processor, with its data for volumes that are empty, and
  /// with those of its server's files that no other has.
  func writeVariant(
    _ variant: ImageVariant, files: Set<Path>, _ folders: MergedTree, at path: Path,
    _ progress: Progress
  ) throws -> LayerArchive.Layer {
    var layer = try LayerArchive(at: path, level: level, below: attributes(of:))
    let own = variant.checkpoint.files
    for (name, status) in try Self.entries(of: own) where files.contains(name) {
      try layer.add(name.string, asIn: own / name.string, status, progress)
    }
    let home = ImageHome.variants / variant.name
    try add(folder: ImageHome.variants, to: &layer)
    try add(variant.checkpoint, at: home, to: &layer, progress)
    try addSeed(folders, at: home / "seed", to: &layer)
    return try layer.finish()
  }

  /// Adds all of a checkpoint but the server's files, as it lies in a folder of the image.
  private func add(
    _ checkpoint: Checkpoint, at home: Path, to layer: inout LayerArchive, _ progress: Progress
  ) throws {
    // The memory file is mapped from where the image has it.
    let image = try MemoryFile.files(of: checkpoint.images, with: home / MemoryFile.name)
    try add(folder: home, to: &layer)
    for (name, status) in try Self.entries(of: checkpoint.path) {
      let source = checkpoint.path / name.string
      let place = home / name.string
      guard !Self.isHosts(name) else { continue }
      switch status.kind {
      // What the server had in /dev/shm and /run comes back as it was.
      case _ where name.isInside("kept"):
        try layer.add(Self.inside(place), asIn: source, status)
      case .directory: try add(folder: place, to: &layer)
      case .file where name == "manifest.json":
        let manifest = manifest(of: checkpoint, image)
        try layer.add(file: Self.inside(place), try JSONText.encode(manifest), secret)
      case .file where name == Self.files:
        try layer.add(file: Self.inside(place), image, secret)
      case .file: try layer.add(file: Self.inside(place), from: source, secret, progress)
      default: try layer.add(Self.inside(place), asIn: source, status)
      }
    }
    // That of a hibernated one lies with its parent.
    if let memory = Self.memory(of: checkpoint), memory != checkpoint.memory {
      try layer.add(file: Self.inside(home / MemoryFile.name), from: memory, secret, progress)
    }
  }

  /// The memory file that a checkpoint is thawed from; nil: it has none.
  private static func memory(of checkpoint: Checkpoint) -> Path? {
    ServerContainer.memory(of: checkpoint.path, checkpoint.manifest).first?.source
  }

  /// The image of open files, in the checkpoint's folder.
  private static let files = Path("images/\(MemoryFile.filesImage)")

  /// The manifest as it holds in the image: without the server's files, which are a layer of their own.
  ///
  /// That of the main one names all others: what is hibernated in a container of the image belongs to all of them.
  private func manifest(of checkpoint: Checkpoint, _ image: [UInt8]) -> Manifest {
    var manifest = checkpoint.manifest
    if checkpoint.id == self.checkpoint.id, !variants.isEmpty {
      manifest.variants = variants.map(\.checkpoint.id)
      manifest.fallback = fallback?.id
    }
    manifest.memory.file?.checkpoint = nil
    manifest.contents = manifest.contents.compactMap { content in
      if content.path.isInside("files") { return nil }
      guard content.path == Self.files else { return content }
      return Manifest.Content(
        path: content.path, size: Int64(image.count), digest: Digest(of: image))
    }
    return manifest
  }

  /// What belongs to the host that made it, or lies in the layer of files.
  private static func isHosts(_ path: Path) -> Bool {
    path.isInside("files") || ["lock", "verified"].contains(path.string)
  }

  /// Copies of the folders that a volume or a tmpfs may be mounted on.
  private func addSeed(
    _ folders: MergedTree, at seed: Path, to layer: inout LayerArchive
  ) throws {
    let all = folders.entries.sorted { $0.key < $1.key }
    guard !all.isEmpty else { return }
    try add(folder: seed, to: &layer)
    var parents: Set<Path> = []
    for (path, entry) in all {
      for parent in Self.parents(of: path) where parents.insert(parent).inserted {
        guard folders.entries[parent] == nil else { continue }
        try add(folder: seed / parent.string, to: &layer)
      }
      try layer.add(
        Self.inside(seed / path.string), asIn: entry.source, entry.status)
    }
  }

  private static func parents(of path: Path) -> [Path] {
    var parents: [Path] = []
    var parent = path.parent
    while parent != .root {
      parents.insert(parent, at: 0)
      parent = parent.parent
    }
    return parents
  }

  private func add(folder: Path, to layer: inout LayerArchive) throws {
    var attributes = secret
    attributes.mode = 0o550
    try layer.add(folder: Self.inside(folder), attributes)
  }

  /// Memory holds secrets: it is for the server's user, and for group 0, which root has even without the right to read
  /// what is another's.
  private var secret: LayerArchive.Attributes {
    LayerArchive.Attributes(mode: 0o440, owner: program.user, modified: created)
  }

  /// A path as a layer has it.
  private static func inside(_ path: Path) -> String { String(path.string.dropFirst()) }

  /// All below a folder, folders before what is in them, in the order of their bytes.
  private static func entries(of folder: Path) throws -> [(Path, FileStatus)] {
    var entries: [(Path, FileStatus)] = []
    try FileSystem.walk(folder) { entries.append(($0, $1)) }
    return entries
  }
}
