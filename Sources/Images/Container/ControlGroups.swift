import Linux

/// The control groups of containers, named after their ids.
///
/// runc removes them with the container, but leaves them if its caller died while it was at work.
enum ControlGroups {
  private static let root: Path = "/sys/fs/cgroup"

  /// Removes what is left of a container's groups, and kills what still runs there.
  ///
  /// - Returns: whether nothing is left; false while processes are ending there.
  static func remove(_ id: String) -> Bool {
    var isGone = true
    for group in groups(id) {
      for pid in processes(in: group) {
        // It may end by itself just now.
        try? Processes.signal(pid, .kill)
      }
      do {
        try FileSystem.removeDirectory(group)
      } catch {
        isGone = isGone && error == .noEntry
      }
    }
    return isGone
  }

  /// Version 1 has a folder for each controller, version 2 one for all.
  private static func groups(_ id: String) -> [Path] {
    // Not mounted: no groups.
    let trees = [root] + ((try? FileSystem.list(root)) ?? []).map { root / $0 }
    return trees.map { $0 / "thaw-\(id)" }.filter(FileSystem.exists)
  }

  private static func processes(in group: Path) -> [Int32] {
    // Gone by now: none.
    let text = (try? FileSystem.readText(group / "cgroup.procs")) ?? ""
    return text.split(separator: "\n").compactMap { Int32($0) }
  }
}
