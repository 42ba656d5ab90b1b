import Linux

/// Folders of a container's root as its server sees them: a layer above a base.
struct MergedTree {
  /// One file or folder.
  struct Entry {
    /// The layer's file or the base's.
    var source: Path
    var status: FileStatus
  }

  /// What there is, by its path from the root on.
  private(set) var entries: [Path: Entry] = [:]

  /// Merges what is below some folders, and these themselves.
  ///
  /// - Parameters:
  ///   - folders: absolute paths.
  ///   - base: the lower root.
  ///   - layer: the upper folder of an overlay above it.
  /// - Throws: `Errno` for what cannot be read.
  init(_ folders: [Path], base: Path, layer: Path) throws {
    for folder in folders {
      try take(folder, from: base, isUpper: false)
      try take(folder, from: layer, isUpper: true)
    }
  }

  private mutating func take(_ folder: Path, from root: Path, isUpper: Bool) throws {
    let source = root / folder.string
    guard let status = try FileSystem.statusIfThere(source, followingLinks: false),
      status.kind == .directory
    else { return }
    try put(folder, source, status, isUpper)
    try FileSystem.walk(source) { path, status in
      try put(folder / path.string, source / path.string, status, isUpper)
    }
  }

  private mutating func put(
    _ path: Path, _ source: Path, _ status: FileStatus, _ isUpper: Bool
  ) throws {
    if isUpper {
      let hides = status.kind == .character && status.specialDevice == 0
      let isFolder = status.kind == .directory
      let isOpaque =
        try isFolder
        && FileSystem.isOpaque(source)
      // Only what was a folder has anything in it.
      if entries[path]?.status.kind == .directory, isOpaque || !isFolder {
        for old in entries.keys where old.isInside(path) { entries[old] = nil }
      }
      if hides {
        entries[path] = nil
        return
      }
    }
    entries[path] = Entry(source: source, status: status)
  }
}
