import Linux
import Server

/// What PID 1 of an image does when it is told to end: `--on-stop` and `THAW_ON_STOP`.
package enum OnStop: String, Sendable, Hashable, Codable {
  /// Freezes the server onto its volume, where that is possible.
  case hibernate
  /// Sends the server its recipe's signal.
  case stop

  /// The time that a hibernation gets, unless THAW_STOP_TIMEOUT says otherwise: Docker kills a container ten seconds after
  /// it was told to end.
  static let patience = TimeSpan.seconds(8)

  /// What is wanted: what the command line says, else the environment, else a hibernation.
  ///
  /// - Returns: nil for a value in the environment that is neither.
  static func wanted(_ word: OnStop?, _ environment: [String: String]) -> OnStop? {
    if let word { return word }
    guard let value = environment["THAW_ON_STOP"], !value.isEmpty else { return .hibernate }
    return OnStop(rawValue: value)
  }
}

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
