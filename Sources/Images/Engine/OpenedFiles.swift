import Checkpoint
import Lifecycle
import Linux

/// Copies the files that a thawed server opens into the container's writable layer, before it is mounted.
///
/// An overlay copies a file of a lower layer up when it is opened for writing. CRIU opens all of a server's files one
/// after the other, so that a database of 7 MB made each thaw 9 ms longer; here it takes less, and CRIU need not wait.
struct OpenedFiles {
  /// The layer with the files that the server wrote.
  let layer: Path
  /// The writable layer.
  let upper: Path

  /// Files larger than this are left to the overlay: a thaw may not even write them.
  private static let limit: Int64 = 64 << 20

  /// Copies those files of a table that the layer has.
  func copy(_ table: FileTable) throws(EngineError) {
    // What is Thaw's is the server's to read only.
    for entry in table.entries where !entry.path.isInside(ImageHome.path) {
      let source = layer / entry.path.string
      // What is not in this layer was never written: it is in the image, and stays there.
      guard let status = try? FileSystem.linkStatus(source), status.kind == .file,
        status.size <= Self.limit
      else { continue }
      try attempt("copying a file of the checkpoint", on: source) { () throws(Errno) in
        try makeFolder(entry.path.parent)
        try FileSystem.copyTree(from: source, to: upper / entry.path.string)
      }
    }
  }

  /// Makes a folder in the writable layer as it is in the one below.
  private func makeFolder(_ path: Path) throws(Errno) {
    let folder = upper / path.string
    guard path != .root, !FileSystem.exists(folder) else { return }
    try makeFolder(path.parent)
    let status = try FileSystem.status(layer / path.string)
    try FileSystem.makeDirectory(folder, mode: status.mode)
    try FileSystem.changeOwner(folder, user: status.owner, group: status.group)
    try FileSystem.changeMode(folder, status.mode)
  }
}
