import CLinux

/// What `/proc` tells of a process's rights and numbers.
extension Processes {
  /// Whether a process has `no_new_privs` set; false if it is gone.
  public static func hasNoNewPrivileges(_ pid: Int32) -> Bool {
    statusField("NoNewPrivs", of: pid) == "1"
  }

  /// How many seccomp filters a process or thread has; nil if it is gone, or the kernel does not
  /// tell (before 5.9).
  public static func seccompFilters(of pid: Int32) -> Int? {
    statusField("Seccomp_filters", of: pid).flatMap { Int($0) }
  }

  /// The number that a process or thread has in its own pid namespace; nil if it is gone.
  public static func innerNumber(of pid: Int32) -> Int32? {
    statusField("NSpid", of: pid)?.split(whereSeparator: \.isWhitespace).last.flatMap { Int32($0) }
  }

  /// Has the calling thread open and make files as another user: `setfsuid`, `setfsgid`.
  ///
  /// Capabilities for files are not effective as long as that user is not root.
  ///
  /// - Throws: `.permission` without CAP_SETUID and CAP_SETGID.
  public static func lookAtFiles(asUser user: UInt32, group: UInt32) throws(Errno) {
    try checked(clinux_set_file_identity(user, group))
  }

  /// A pidfd of a process, which need not be a child.
  ///
  /// - Throws: `.noSuchProcess` if it is gone.
  public static func open(_ pid: Int32) throws(Errno) -> Descriptor {
    Descriptor(owning: try checked(clinux_pidfd_open(pid)))
  }

  /// Has the pid namespace of a process give pids above a number from now on.
  ///
  /// - Parameters:
  ///   - pid: the highest that is left out.
  ///   - process: a process in the namespace.
  /// - Throws: `.permission` without CAP_SYS_ADMIN; `.noSuchProcess` if the process is gone.
  public static func leaveOutPIDs(upTo pid: Int32, inNamespaceOf process: Int32) throws(Errno) {
    let pidfd = try open(process)
    try checked(clinux_set_last_pid(pidfd.rawValue, String(pid)))
  }

  /// Uses up the pids up to a number, where `ns_last_pid` may not be written: starts children that end at once, about
  /// 80 µs each.
  ///
  /// One thread at a time; the next process gets a higher number, unless all numbers were used up meanwhile.
  ///
  /// - Throws: `.again` where no more processes may be started.
  public static func usePIDs(upTo pid: Int32) throws(Errno) {
    try checked(clinux_burn_pids(pid))
  }

  /// The value of a line of `/proc/PID/status`; nil if the process is gone.
  private static func statusField(_ name: String, of pid: Int32) -> String? {
    // A process that is gone has no such line.
    let status = (try? FileSystem.readText(Path("/proc/\(pid)/status"))) ?? ""
    return status.split(separator: "\n").first { $0.hasPrefix("\(name):") }
      .map { String($0.dropFirst(name.utf8.count + 1).drop { $0.isWhitespace }) }
  }
}
