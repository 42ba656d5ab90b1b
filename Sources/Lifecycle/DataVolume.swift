import Linux

/// A data folder that lies on a volume: on a file system of its own that outlives the container.
enum DataVolume {
  /// File systems that end with the container.
  private static let passing: Set = ["tmpfs", "ramfs", "overlay", "aufs", "rootfs"]

  /// The mount that holds a path.
  static func mount(of path: Path, in table: [MountEntry]) -> MountEntry? {
    // The last of several on one folder is the one that is seen.
    table.enumerated().filter { path.isInside($0.element.target) }
      .max {
        ($0.element.target.string.utf8.count, $0.offset)
          < ($1.element.target.string.utf8.count, $1.offset)
      }?.element
  }

  /// Whether a data folder is on a volume.
  static func holds(_ folder: Path, in table: [MountEntry]) -> Bool {
    guard let mount = mount(of: folder, in: table), mount.target != .root else { return false }
    return !passing.contains(mount.type)
  }
}
