import Linux
import TestBed

/// What containers could leave behind on this machine.
enum Leftovers {
  /// Mount points below a folder.
  static func mounts(below folder: Path) throws -> [Path] {
    try Mount.table().map(\.target).filter { $0.isInside(folder) }
  }

  /// Control groups of a container.
  static func groups(_ id: String) -> [Path] {
    let root: Path = "/sys/fs/cgroup"
    // Version 1 has a folder for each controller; not to be read: none.
    let trees = [root] + ((try? FileSystem.list(root)) ?? []).map { root / $0 }
    return trees.map { $0 / "thaw-\(id)" }.filter(FileSystem.exists)
  }

  /// Whether the machine has an interface.
  static func hasInterface(_ name: String) -> Bool {
    FileSystem.exists(Path("/sys/class/net") / name)
  }

  /// The tables of the packet filter.
  static func tables() throws -> String {
    try Spawn("nft", ["list", "tables"]).run(deadline: .after(.seconds(10))).text
  }
}
