package import Linux

/// What a data volume says of itself: `.thaw/volume.json`.
///
/// Whoever starts a server on the volume first writes the next generation, *dirty*. Only a hibernation writes *clean*, as
/// its very last step, with the digest of the checkpoint's manifest. So a volume that is clean has not been written by a
/// server since that checkpoint was made.
package struct VolumeMark: Sendable, Hashable, Codable {
  /// The version of this format.
  package static let currentVersion = 1

  /// Whether a server may have written since the last hibernation.
  package enum State: String, Sendable, Hashable, Codable {
    /// None has: the volume is as the checkpoint left it.
    case clean
    /// One runs, ran, or was killed.
    case dirty
  }

  /// Which folder of which file system it is: what no copy has, and no snapshot that lies elsewhere.
  package struct Home: Sendable, Hashable, Codable {
    /// The device that holds the folder.
    package var device: UInt64
    /// The folder's inode.
    package var inode: UInt64

    package init(device: UInt64, inode: UInt64) {
      self.device = device
      self.inode = inode
    }

    package init(_ status: FileStatus) {
      self.init(device: status.device, inode: status.inode)
    }
  }

  package var version = VolumeMark.currentVersion
  /// A random name, the volume's for good.
  package var id: String
  /// How many servers were started on it.
  package var generation: UInt64
  package var state: State
  /// The digest of the hibernated checkpoint's manifest; nil unless it is clean.
  package var frozen: Digest?
  /// Where it was when this was written.
  package var home: Home

  package init(
    id: String, generation: UInt64, state: State, frozen: Digest? = nil, home: Home
  ) {
    self.id = id
    self.generation = generation
    self.state = state
    self.frozen = frozen
    self.home = home
  }

  /// The mark that is written before a server is started: the next generation, dirty.
  ///
  /// A volume that has none, or one that cannot be read, gets a new id; so does a copy, which is a volume of its own from
  /// now on.
  package static func starting(
    after before: VolumeMark?, at home: Home, id newID: @autoclosure () -> String
  ) -> VolumeMark {
    guard let before, before.home == home else {
      return VolumeMark(
        id: newID(), generation: (before?.generation ?? 0) &+ 1, state: .dirty, home: home)
    }
    return VolumeMark(
      id: before.id, generation: before.generation &+ 1, state: .dirty, home: home)
  }

  /// The mark that ends a hibernation.
  package func frozen(by checkpoint: Digest) -> VolumeMark {
    VolumeMark(id: id, generation: generation, state: .clean, frozen: checkpoint, home: home)
  }

  /// Reads a mark; nil if it is damaged, or of a later version: then nothing is known of the volume.
  static func decode(_ bytes: [UInt8]) -> VolumeMark? {
    guard let mark = try? JSONText.decode(VolumeMark.self, from: bytes),
      mark.version <= currentVersion
    else { return nil }
    return mark
  }
}

/// What a hibernated checkpoint says of a folder of the host that is no volume of its own, in its manifest.
package struct FrozenFolder: Sendable, Hashable, Codable {
  /// Where the server saw it: a folder, or one file.
  package var path: Path
  /// How many files and folders it had.
  package var entries: Int
  /// The file of the checkpoint that holds the table of them.
  package var table: Path

  package init(path: Path, entries: Int, table: Path) {
    self.path = path
    self.entries = entries
    self.table = table
  }
}

/// What a hibernated checkpoint says of a volume, in its manifest.
package struct FrozenVolume: Sendable, Hashable, Codable {
  /// The data folder.
  package var path: Path
  package var id: String
  package var generation: UInt64
  package var home: VolumeMark.Home
  /// How many files and folders it had.
  package var entries: Int
  /// The file of the checkpoint that holds the table of them.
  package var table: Path

  package init(_ mark: VolumeMark, path: Path, entries: Int, table: Path) {
    self.path = path
    id = mark.id
    generation = mark.generation
    home = mark.home
    self.entries = entries
    self.table = table
  }
}
