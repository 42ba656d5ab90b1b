import Linux

/// Files that a server made on the container's own file systems in memory: `/dev/shm` and `/run`.
///
/// They are in no layer of the container, so PID 1 keeps them with the checkpoint, below `kept/`: named shared memory,
/// as PostgreSQL uses it, sockets and files with pids.
struct KeptFolders {
  /// The checkpoint's folder.
  let checkpoint: Path
  /// The server's root folder.
  var root = Path.root

  private static let folders: [(path: Path, name: String)] = [
    ("/dev/shm", "dev-shm"), ("/run", "run"),
  ]

  private var kept: Path { checkpoint / "kept" }

  /// What lies in a folder and is the server's, not Thaw's or CRIU's.
  private static func names(in folder: Path) throws(Errno) -> [String] {
    guard FileSystem.exists(folder) else { return [] }
    return try FileSystem.list(folder).filter { $0 != "thaw" && !$0.hasPrefix("criu") }
  }

  /// Copies them to the checkpoint, while the server stands still.
  func take() throws(Errno) {
    for (folder, name) in Self.folders {
      let folder = root / folder.string
      let names = try Self.names(in: folder)
      guard !names.isEmpty else { continue }
      try FileSystem.makeDirectory(kept / name, mode: 0o700, parents: true)
      for one in names { try FileSystem.copyTree(from: folder / one, to: kept / name / one) }
    }
  }

  /// Copies them back, before the server is thawed.
  func put() throws(Errno) {
    for (folder, name) in Self.folders where FileSystem.exists(kept / name) {
      for one in try FileSystem.list(kept / name) {
        try FileSystem.copyTree(from: kept / name / one, to: folder / one)
      }
    }
  }

  /// Removes what was copied back: a cold start begins without.
  func remove() {
    for (folder, name) in Self.folders where FileSystem.exists(kept / name) {
      // What cannot be removed is left to the cold start, as after a crash.
      for one in (try? FileSystem.list(kept / name)) ?? [] {
        try? FileSystem.removeTree(folder / one)
      }
    }
  }
}
