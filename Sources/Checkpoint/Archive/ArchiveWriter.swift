import Linux

/// Writes checkpoints into an archive.
struct ArchiveWriter: ~Copyable {
  private var output: Compressor
  /// What the archive is called in errors.
  private let name: String
  private var reading: Reading
  private let progress: Reading.Progress

  init(
    to output: consuming Compressor, name: String, total: Int64,
    _ progress: @escaping Reading.Progress
  ) {
    self.output = output
    self.name = name
    self.progress = progress
    reading = Reading(total: total)
  }

  /// The compressed bytes that were written.
  var written: Int64 { output.written }

  mutating func write(_ index: ArchiveIndex, modified: Timestamp) throws(CheckpointError) {
    let bytes: [UInt8]
    do {
      bytes = try JSONText.encode(index)
    } catch {
      throw CheckpointError(.failed, name, "\(error)", fix: "report this as a fault of Thaw")
    }
    let member = TarMember(
      path: ArchiveIndex.path, kind: .file(size: Int64(bytes.count)), modified: modified)
    try put(member.header + bytes + Self.zeros(after: Int64(bytes.count)))
  }

  /// Writes all that belongs to a checkpoint: its manifest first, then all else in order.
  mutating func write(_ checkpoint: Checkpoint) throws(CheckpointError) {
    let tree = try CheckpointTree(checkpoint)
    for node in tree.nodes {
      try put(node.member.header)
      guard case .file(let size) = node.member.kind, size > 0 else { continue }
      reading.path = Path(node.member.path)
      try copy(node.source, size)
      try put(Self.zeros(after: size))
    }
  }

  /// Ends the archive; nothing may be written after it.
  mutating func finish() throws(CheckpointError) {
    try put(TarMember.end)
    do throws(Errno) {
      try output.finish()
    } catch {
      throw CheckpointError(error, trying: "writing the archive", on: Path(name))
    }
  }

  private mutating func copy(_ source: Path, _ size: Int64) throws(CheckpointError) {
    do throws(Errno) {
      let file = try SparseFile(source)
      guard try file.file.status().size == size else { throw .stale }
      try file.readAll { (piece) throws(Errno) in
        try output.write(piece)
        reading.done += Int64(piece.byteCount)
        try progress(reading)
      }
    } catch {
      throw CheckpointError(
        error, trying: output.failure == nil ? "reading the checkpoint" : "writing the archive",
        on: output.failure == nil ? source : Path(name))
    }
  }

  private mutating func put(_ bytes: [UInt8]) throws(CheckpointError) {
    do throws(Errno) {
      try output.write(bytes)
    } catch {
      throw CheckpointError(error, trying: "writing the archive", on: Path(name))
    }
  }

  private static func zeros(after size: Int64) -> [UInt8] {
    [UInt8](repeating: 0, count: TarMember.padding(after: size))
  }
}

/// All that belongs to a checkpoint, as members of an archive.
struct CheckpointTree {
  /// A member and the file that it is made of.
  struct Node {
    var member: TarMember
    var source: Path
  }

  private(set) var nodes: [Node] = []

  init(_ checkpoint: Checkpoint) throws(CheckpointError) {
    do {
      try collect(checkpoint)
    } catch let error as CheckpointError {
      throw error
    } catch let error as Errno {
      throw CheckpointError(error, trying: "reading the checkpoint", on: checkpoint.path)
    } catch {
      throw CheckpointError(
        .failed, checkpoint.path.string, "\(error)", fix: "report this as a fault of Thaw")
    }
  }

  private mutating func collect(_ checkpoint: Checkpoint) throws {
    let manifest = checkpoint.manifest
    let known = Set(manifest.contents.map(\.path))
    /// Files with several names, and the path that they have in the archive.
    var first: [UInt64: String] = [:]
    try add(".", FileSystem.status(checkpoint.path), checkpoint)
    try add("manifest.json", FileSystem.status(checkpoint.path / "manifest.json"), checkpoint)
    try FileSystem.walk(checkpoint.path) { path, status in
      // What is neither is the host's own: the lock, what CRIU learnt about this kernel.
      guard
        status.kind == .directory || known.contains(path)
          || status.kind != .file && ArchiveIndex.isServers(path)
      else { return }
      if status.kind == .file, status.links > 1 {
        if let earlier = first[status.inode] {
          return try add(path, status, checkpoint, linkedTo: earlier)
        }
        first[status.inode] = checkpoint.id + "/" + path.string
      }
      try add(path, status, checkpoint)
    }
  }

  private mutating func add(
    _ path: Path, _ status: FileStatus, _ checkpoint: Checkpoint, linkedTo earlier: String? = nil
  ) throws {
    let source = checkpoint.path / path.string
    var member = TarMember(
      path: path == "." ? checkpoint.id : checkpoint.id + "/" + path.string,
      kind: try earlier.map { .hardLink($0) } ?? Self.kind(source, status))
    (member.mode, member.owner, member.group) = (status.mode, status.owner, status.group)
    // What the server wrote has times of its own; all else was made when the manifest was.
    let isServers = ArchiveIndex.isServers(path)
    member.modified = isServers ? status.modified : checkpoint.manifest.created
    if isServers, earlier == nil { member.attributes = try Self.attributes(source) }
    nodes.append(Node(member: member, source: source))
  }

  private static func kind(_ path: Path, _ status: FileStatus) throws -> TarMember.Kind {
    switch status.kind {
    case .file: return .file(size: status.size)
    case .directory: return .directory
    case .symbolicLink: return .symbolicLink(try FileSystem.readLink(path))
    case .fifo: return .fifo
    case .socket: return .socket
    case .character where status.specialDevice == 0: return .whiteout
    case .block, .character, .other:
      throw CheckpointError(
        .failed, path.string, "a device cannot be saved", fix: "freeze the server without it")
    }
  }

  /// The attributes that mean something on another host: not what overlayfs keeps for itself.
  private static func attributes(_ path: Path) throws(Errno) -> [String: [UInt8]] {
    let own = ["origin", "impure", "nlink", "upper", "uuid"].map { "trusted.overlay." + $0 }
    return try FileSystem.attributesIfAny(path).filter { !own.contains($0.key) }
  }
}
