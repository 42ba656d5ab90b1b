import Checkpoint
import Linux

/// Takes a checkpoint's memory out of the page cache, as it is after a boot.
enum ColdCache {
  /// Writes all files of the checkpoint to the disk and has the kernel forget them.
  static func drop(_ checkpoint: Checkpoint) throws {
    var files: [Path] = []
    try FileSystem.walk(checkpoint.path) { path, status in
      if status.kind == .file { files.append(checkpoint.path / path.string) }
    }
    for file in files {
      let finished = try Spawn(
        "dd", ["if=\(file)", "iflag=nocache", "count=0", "status=none"]
      ).run(deadline: .after(.seconds(30)))
      guard finished.isSuccess else { throw Failure(Failure.failed, finished.errorText) }
    }
  }
}
