import Checkpoint
import Linux

/// Takes a checkpoint's memory out of the page cache, as it is after a boot.
enum ColdCache {
  /// Writes all files of the checkpoint to the disk and has the kernel forget them.
  static func drop(_ checkpoint: Checkpoint) throws {
    var folders = [checkpoint.path]
    // Where it was hibernated, most of its memory is another's file.
    if let owner = checkpoint.manifest.memory.file?.checkpoint {
      folders.append(checkpoint.path.parent / owner)
    }
    for folder in folders {
      try FileSystem.walk(folder) { path, status in
        guard status.kind == .file else { return }
        try PageCache.drop(try Descriptor.open(folder / path.string, .readOnly))
      }
    }
  }
}
