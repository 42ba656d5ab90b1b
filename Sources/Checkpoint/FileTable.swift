package import Linux

/// Files as they were at one instant: what a checkpoint needs unchanged.
package struct FileTable: Sendable, Hashable, Codable {
  /// One file.
  package struct Entry: Sendable, Hashable, Codable {
    /// Where it was, seen from the server.
    package var path: Path
    /// Bytes.
    package var size: Int64
    /// When its content was last changed.
    package var modified: Timestamp
    /// When its inode was last changed.
    package var changed: Timestamp
    /// Its inode number.
    package var inode: UInt64
    /// The digest of its content; nil where it was not read.
    package var digest: Digest?
    /// The digest of what it says, for a file of which nothing else matters, such as a configuration, whose comments may be
    /// others; nil if every byte matters.
    package var meaning: Digest?

    package init(
      path: Path, size: Int64, modified: Timestamp, changed: Timestamp, inode: UInt64,
      digest: Digest?
    ) {
      self.path = path
      self.size = size
      self.modified = modified
      self.changed = changed
      self.inode = inode
      self.digest = digest
    }
  }

  /// The files, sorted by path.
  package var entries: [Entry]

  /// Takes entries and sorts them.
  package init(_ entries: [Entry] = []) {
    self.entries = entries.sorted { $0.path < $1.path }
  }

  /// Looks at files as they are now and digests those that are regular; what is gone or is no regular file is left out.
  ///
  /// With `digesting` contents are read (about 1.9 GB/s); not those of files that have the size and
  /// time of change that `known` tells. `root` is put before every path.
  package static func taken(
    of paths: some Sequence<Path>, below root: Path = .root, digesting: Bool,
    known: FileTable? = nil
  ) throws(Errno) -> FileTable {
    var entries: [Entry] = []
    for path in Set(paths) {
      let file = root / path.string
      guard let status = try FileSystem.statusIfThere(file, followingLinks: true),
        status.kind == .file
      else { continue }
      let before = known?.entries.first {
        $0.path == path && $0.size == status.size && $0.modified == status.modified
      }
      var digest = before?.digest
      if digesting, digest == nil { digest = try Digest(ofFile: file) }
      entries.append(
        Entry(
          path: path, size: status.size, modified: status.modified, changed: status.changed,
          inode: status.inode,
          digest: digesting ? digest : nil))
    }
    return FileTable(entries)
  }

  /// The sum of all sizes.
  package var size: ByteCount { ByteCount(UInt64(entries.reduce(0) { $0 + $1.size })) }

  /// The first file that is no longer what it was, told by size and, where that is the same, by time of change and digest;
  /// nil if all are.
  ///
  /// `root` is put before every path. A changed file that says what it said is unchanged: `meaning` gives the digest of what
  /// a file says today.
  package func firstChange(
    below root: Path = .root, meaning: (Path) -> Digest? = { _ in nil }
  ) throws(Errno) -> Change? {
    for entry in entries {
      let path = root / entry.path.string
      guard let change = try entry.change(at: path) else { continue }
      if let said = entry.meaning, meaning(path) == said { continue }
      return change
    }
    return nil
  }

  /// A file that is not what it was.
  package struct Change: Sendable, Hashable, CustomStringConvertible {
    package var path: Path
    package var what: String

    package init(path: Path, what: String) {
      self.path = path
      self.what = what
    }

    package var description: String { "\(path) \(what)" }
  }
}

extension FileTable.Entry {
  /// How the file at a path differs from what it was; nil if it does not.
  fileprivate func change(at path: Path) throws(Errno) -> FileTable.Change? {
    func changed(_ what: String) -> FileTable.Change { .init(path: path, what: what) }
    guard let status = try FileSystem.statusIfThere(path, followingLinks: true) else {
      return changed("is gone")
    }
    guard status.size == size else { return changed("has \(status.size) bytes, had \(size)") }
    guard status.modified != modified, let digest else { return nil }
    return try Digest(ofFile: path) == digest
      ? nil : changed("has the same size but another content")
  }
}
