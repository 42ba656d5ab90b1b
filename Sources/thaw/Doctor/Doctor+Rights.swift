import Linux

/// Whether this process may do what it takes.
extension Doctor {
  func rights() -> [Check] {
    [
      Self.user(Host.user),
      Self.capabilities(capabilities),
      Self.userNamespace(Self.setting("/proc/self/uid_map")),
      Self.noNewPrivileges(Host.noNewPrivileges),
      Self.seccomp(mode: Host.seccompMode),
      Self.clone3(Host.supportsClone3(), canChoosePIDs: canChoosePIDs),
      Self.ptrace(Self.setting("/proc/sys/kernel/yama/ptrace_scope")),
    ]
  }

  static func user(_ user: UInt32) -> Check {
    user == 0
      ? .ok("user", "root")
      : .missing("user", "user \(user)", fix: "run it as root, for example with sudo")
  }

  /// What the engine uses on the machine and gives to PID 1 of a freezing container.
  static let needed: [Capability] = [
    .chown, .dacOverride, .fowner, .kill, .setGID, .setUID, .setPCAP, .netAdmin, .sysChroot,
    .sysPtrace, .sysAdmin, .sysTime, .makeNode, .checkpointRestore,
  ]

  static func capabilities(_ found: Set<Capability>) -> Check {
    let lacking = needed.filter { !found.contains($0) }
    guard lacking.isEmpty else {
      return .missing(
        "capabilities", "without " + names(lacking),
        fix: "run it as root of the machine, or add them to the container that it runs in")
    }
    let rest = Capability.allCases.filter { !found.contains($0) }
    return .ok(
      "capabilities", rest.isEmpty ? "all" : "all that are needed; without " + names(rest))
  }

  private static func names(_ capabilities: [Capability]) -> String {
    capabilities.sorted().map { String($0.name.dropFirst(4)) }.joined(separator: ", ")
  }

  static func userNamespace(_ map: String?) -> Check {
    let fields = (map ?? "").split(separator: " ").map(String.init)
    if fields == ["0", "0", "4294967295"] { return .ok("user namespace", "the machine's own") }
    guard map != nil else {
      return .warning("user namespace", "not known: /proc is not mounted", fix: "mount /proc")
    }
    return .missing(
      "user namespace", "one of a rootless container",
      fix: "run it as root of the machine: CRIU needs CHECKPOINT_RESTORE there")
  }

  static func noNewPrivileges(_ isSet: Bool) -> Check {
    isSet
      ? .note(
        "no_new_privs", "set: servers run without gaining rights, which is how Thaw starts them")
      : .ok("no_new_privs", "not set")
  }

  static func seccomp(mode: Int?) -> Check {
    switch mode {
    case 0?: .ok("seccomp", "no filter")
    case 2?:
      .warning(
        "seccomp", "a filter is in force",
        fix: "if a check below fails with EPERM or ENOSYS, run it with seccomp=Images/seccomp.json "
          + "or unconfined")
    case let mode?:
      .missing("seccomp", "mode \(mode)", fix: "run it without seccomp's strict mode")
    case nil: .warning("seccomp", "not known: /proc is not mounted", fix: "mount /proc")
    }
  }

  static func clone3(_ isThere: Bool, canChoosePIDs: Bool) -> Check {
    if isThere { return .ok("clone3", "there: CRIU can choose pids") }
    let fix = "run it with Thaw's profile, seccomp=Images/seccomp.json, or with seccomp=unconfined"
    return canChoosePIDs
      ? .warning("clone3", "hidden by seccomp; ns_last_pid can be written instead", fix: fix)
      : .missing("clone3", "hidden by seccomp: CRIU cannot choose pids", fix: fix)
  }

  static func ptrace(_ scope: String?) -> Check {
    switch scope {
    case nil: .ok("ptrace_scope", "Yama is not in this kernel")
    case "0"?, "1"?, "2"?:
      .ok("ptrace_scope", "\(scope ?? ""): enough for CAP_SYS_PTRACE")
    default:
      .missing(
        "ptrace_scope", "\(scope ?? ""): nobody may attach to a process, so nothing can be frozen",
        fix: "it cannot be lowered without a restart: set kernel.yama.ptrace_scope=1 and reboot")
    }
  }
}
