package import Checkpoint
package import Linux
import Memory

/// Writes a checkpoint's images in the form that CRIU itself would have dumped.
package enum Exporting {
  /// Writes images that plain `criu restore` and `crit` accept into an empty folder, which is made if it is not there.
  ///
  /// - Returns: the bytes of pages that CRIU will copy.
  package static func run(
    _ name: String, to folder: Path, _ engine: Engine
  ) throws(EngineFailure) -> (checkpoint: Checkpoint, pages: ByteCount) {
    let found = try stored { () throws(CheckpointError) in
      let found = try engine.checkpoints.find(name)
      return try Checkpoint.open(found.path)
    }
    let existed = FileSystem.exists(folder)
    try Images.engine { () throws(EngineError) in
      try attempt("making the folder for the images", on: folder) { () throws(Errno) in
        try FileSystem.makeDirectory(folder, mode: 0o700, parents: true)
        guard try FileSystem.list(folder).isEmpty else { throw .notEmpty }
      }
    }
    do throws(EngineFailure) {
      return (found, try write(found, to: folder))
    } catch {
      // Half of a dump is worse than none; what cannot be removed is no worse than the error itself.
      try? FileSystem.removeContents(of: folder)
      if !existed { try? FileSystem.removeDirectory(folder) }
      throw error
    }
  }

  /// Writes a checkpoint's memory as plain pages, with all other images.
  static func write(_ checkpoint: Checkpoint, to folder: Path) throws(EngineFailure) -> ByteCount {
    let memory = ServerContainer.memory(of: checkpoint.path, checkpoint.manifest).first?.source
    return try laidOut { () throws(MemoryError) in
      let snapshot = try Snapshot(path: checkpoint.images, memory: memory)
      let rewriting = Rewriting(snapshot, Classifier(copiesAll: "exported"))
      return try rewriting.write(images: folder, memory: folder / MemoryFile.name).copied
    }
  }
}
