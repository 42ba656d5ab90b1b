package import Linux
import Memory

/// A checkpoint on disk: `manifest.json`, `recipe.json`, `images/` (CRIU's) and `files/` (what the server wrote).
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

  /// Reads a checkpoint's manifest and looks whether its files are there, with the sizes that they had.
  ///
  /// Of large files, above all memory, the content is not read: `verify` does that.
  package static func open(_ path: Path) throws(CheckpointError) -> Checkpoint {
    let checkpoint = try read(path)
    try checkpoint.checkSizes()
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

  private func checkSizes() throws(CheckpointError) {
    for content in manifest.contents {
      let file = path / content.path.string
      // Whatever keeps a file from being looked at, it is not there for a thaw either.
      guard let status = try? FileSystem.status(file) else {
        throw Self.damaged(file, "is missing")
      }
      guard status.size == content.size else {
        throw Self.damaged(file, "has \(status.size) bytes, had \(content.size)")
      }
      if content.size <= Self.smallFile { try Self.check(content, at: file) }
    }
  }

  /// Files up to this size are read as a whole each time: CRIU's own, which say what belongs where.
  ///
  /// Memory is larger.
  private static let smallFile = 256 << 10

  private static func check(_ content: Manifest.Content, at file: Path) throws(CheckpointError) {
    let digest = try attempt("reading a file of the checkpoint", on: file) { () throws(Errno) in
      try Digest(ofFile: file)
    }
    guard digest == content.digest else {
      throw damaged(file, "has another content than at the freeze")
    }
  }

  private static func damaged(_ file: Path, _ what: String) -> CheckpointError {
    CheckpointError(
      .damaged, file.string, what, fix: "remove the checkpoint with `thaw rm` and freeze again")
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
