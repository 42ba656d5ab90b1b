extension Processes {
  /// Whether a process has `no_new_privs` set; false if it is gone.
  public static func hasNoNewPrivileges(_ pid: Int32) -> Bool {
    // A process that is gone has no rights to gain.
    let status = (try? FileSystem.readText(Path("/proc/\(pid)/status"))) ?? ""
    return status.split(separator: "\n").contains {
      $0.hasPrefix("NoNewPrivs:") && $0.hasSuffix("1")
    }
  }
}
