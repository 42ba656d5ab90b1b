package import Linux
import Memory

extension Checkpoint {
  /// Reads every file of the checkpoint and compares it with the manifest, and the manifest with
  /// the checkpoint's id.
  ///
  /// Unlike `open` it goes on after the first difference, and also finds files that were put
  /// among CRIU's images.
  ///
  /// - Parameter progress: called while files are read.
  /// - Returns: all that is not as it was at the freeze; empty if the checkpoint is whole.
  /// - Throws: `.failed` if something cannot be read.
  package func changes(
    _ progress: Reading.Progress = { _ in }
  ) throws(CheckpointError) -> [FileTable.Change] {
    var found: [FileTable.Change] = []
    try Verification(checkpoint: self).run(progress) { found.append($0) }
    if let holder = try memoryHolder() {
      try Verification(checkpoint: holder, only: Path(MemoryFile.name)).run(progress) {
        found.append($0)
      }
    }
    return found + (try strangers())
  }

  /// Images that the manifest does not know: CRIU would read them all the same.
  private func strangers() throws(CheckpointError) -> [FileTable.Change] {
    guard FileSystem.exists(images) else { return [] }
    let known = Set(manifest.contents.map(\.path))
    let names = try attempt("reading the folder of images", on: images) { () throws(Errno) in
      try FileSystem.list(images)
    }
    return names.filter { !known.contains(Path("images") / $0) }.map {
      .init(path: images / $0, what: "is not of this checkpoint")
    }
  }
}

/// How far the reading of a checkpoint's files has come.
package struct Reading: Sendable, Hashable {
  /// Takes it every 256 KiB; to throw `.cancelled` stops the reading.
  package typealias Progress = (Reading) throws(Errno) -> Void

  /// The file that is read, from the checkpoint's folder on.
  package var path: Path = "."
  /// The bytes that were read.
  package var done: Int64 = 0
  /// The bytes that are to be read in all.
  package var total: Int64
}
