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

  /// Whether swap can be limited: always with version 2, with version 1 only where the kernel was told to count it.
  static var limitsSwap: Bool {
    let old = root / "memory"
    return !FileSystem.exists(old) || FileSystem.exists(old / "memory.memsw.limit_in_bytes")
  }

  /// Whether the kernel has killed a process of a container because the container's memory was used up.
  static func isOutOfMemory(_ id: String) -> Bool {
    groups(id).contains { group in
      // Version 2 and version 1; other controllers have neither.
      ["memory.events", "memory.oom_control"].contains { name in
        let text = (try? FileSystem.readText(group / name)) ?? ""
        return text.split(separator: "\n").contains {
          $0.hasPrefix("oom_kill ") && $0 != "oom_kill 0"
        }
      }
    }
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
