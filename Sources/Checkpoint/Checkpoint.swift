package import Linux
package import Memory

/// A checkpoint on disk: `manifest.json`, `recipe.json`, `images/` (CRIU's) and `files/`
/// (what the server wrote).
package struct Checkpoint: Sendable {
  /// Its folder.
  package let path: Path
  /// What it is.
  package let manifest: Manifest

  /// The digest of its manifest; the folder's name in a store.
  package var id: String { path.lastComponent }
  /// CRIU's images.
  package var images: Path { path / "images" }
  /// The files that the server wrote before it was frozen: an overlay's upper layer.
  package var files: Path { path / "files" }
  /// Its own memory file, if it has one.
  package var memory: Path { path / MemoryFile.name }
  /// The recipe, as JSON.
  package var recipe: Path { path / "recipe.json" }
  /// CRIU's knowledge of the kernel that it was frozen on, which saves 20-28 ms of a thaw.
  package var kernelData: Path { path / "criu.kdat" }

  /// Reads a checkpoint's manifest and makes sure that its files are what they were.
  ///
  /// On a host where they were verified once their statuses are compared with what was recorded
  /// then, which takes about a millisecond. A file that has another status, or was never looked at
  /// here, is read and its digest compared (1.2 GB/s); if that holds, it is recorded.
  ///
  /// What is missing or changed is thrown as `.damaged`.
  package static func open(
    _ path: Path, _ progress: Reading.Progress = { _ in }
  ) throws(CheckpointError) -> Checkpoint {
    let checkpoint = try read(path)
    try checkpoint.verify(progress)
    return checkpoint
  }

  /// Makes sure that the checkpoint's files are what they were, as ``open(_:_:)`` does.
  package func verify(
    _ progress: Reading.Progress = { _ in }
  ) throws(CheckpointError) {
    try Verification(checkpoint: self, record: Verified(in: path)).run(progress) {
      (change) throws(CheckpointError) in throw Self.damaged(change)
    }
    guard let holder = try memoryHolder() else { return }
    try Verification(
      checkpoint: holder, record: Verified(in: holder.path), only: Path(MemoryFile.name)
    )
    .run(progress) { (change) throws(CheckpointError) in throw Self.damaged(change) }
  }

  /// The checkpoint in the same store whose memory file this one is thawed from; nil if it has its
  /// own or none.
  ///
  /// Inside of a container the other one is not to be seen: it was verified outside.
  func memoryHolder() throws(CheckpointError) -> Checkpoint? {
    guard Digest(id) != nil, let holder = manifest.memory.file?.checkpoint else { return nil }
    return try Self.read(path.parent / holder)
  }

  /// Reads a checkpoint's manifest and looks at its files: those larger than `limit` bytes are not
  /// read, but must have the size that they had.
  package static func look(
    at path: Path, reading limit: Int64 = 256 << 10
  ) throws(CheckpointError) -> Checkpoint {
    let checkpoint = try read(path)
    try Verification(checkpoint: checkpoint, record: Verified(in: path), limit: limit)
      .run({ _ in }) { (change) throws(CheckpointError) in throw damaged(change) }
    return checkpoint
  }

  /// Reads a checkpoint's manifest alone, which is enough to start its server cold.
  package static func read(_ path: Path) throws(CheckpointError) -> Checkpoint {
    let file = path / "manifest.json"
    let bytes: [UInt8]
    do throws(Errno) {
      bytes = try FileSystem.readFile(file)
    } catch .noEntry {
      throw CheckpointError(
        .damaged, file.string, "is missing", fix: "remove it with `thaw rm` and freeze again")
    } catch {
      throw CheckpointError(error, trying: "reading the manifest", on: file)
    }
    return Checkpoint(path: path, manifest: try Manifest.decode(bytes, path: file))
  }

  /// Reads what became of each mapping of the frozen server, and why.
  package func memoryReport() throws(CheckpointError) -> MemoryReport {
    let file = path / MemoryReport.name
    do {
      return try JSONText.decode(MemoryReport.self, from: try FileSystem.readFile(file))
    } catch let error as Errno {
      throw CheckpointError(error, trying: "reading what became of the memory", on: file)
    } catch {
      throw CheckpointError(
        .damaged, file.string, JSONText.explain(error), fix: "freeze the server again")
    }
  }

  /// Reads every file of a checkpoint in the making, to be named in its manifest, and records what
  /// they are, so that they are not read again when it is tried and committed.
  ///
  /// Files that `known` has a digest of, by their path from the folder on, are not read: the caller
  /// computed it while it wrote them.
  package static func contents(
    of folder: Path, known: [Path: Digest] = [:]
  ) throws(CheckpointError) -> [Manifest.Content] {
    do {
      return try Verification.contents(of: folder, known: known, leavingOut: kept)
    } catch let error as Errno {
      throw CheckpointError(error, trying: "reading the checkpoint's files", on: folder)
    } catch {
      throw CheckpointError(
        .failed, folder.string, "\(error)", fix: "report this as a fault of Thaw")
    }
  }

  /// Files of a checkpoint's folder that are no content of it: they belong to the host.
  private static let kept: Set = ["manifest.json", "lock", "criu.kdat", Verified.name]

  private static func damaged(_ change: FileTable.Change) -> CheckpointError {
    CheckpointError(
      .damaged, change.path.string, change.what,
      fix: "remove the checkpoint with `thaw rm` and freeze again")
  }

  /// Marks the checkpoint as used for as long as the lock lives; nil if it is being removed.
  package func use() throws(CheckpointError) -> FileLock? {
    try Self.lock(path, exclusive: false)
  }

  static func lock(_ path: Path, exclusive: Bool) throws(CheckpointError) -> FileLock? {
    try attempt("locking a checkpoint", on: path) { () throws(Errno) in
      try FileLock.tryLock(path / "lock", exclusive: exclusive)
    }
  }
}
