/// A capability: one of the rights that root is made of.
public struct Capability: RawRepresentable, Hashable, Sendable, CaseIterable, Comparable,
  CustomStringConvertible
{
  /// Its number in the kernel, 0 to 40.
  public let rawValue: CInt

  /// Makes a capability of its number.
  public init(rawValue: CInt) {
    self.rawValue = rawValue
  }

  /// Makes a capability of its name, with or without `CAP_`, in capitals or not.
  public init?(name: String) {
    var text = name.uppercased()
    if text.hasPrefix("CAP_") { text.removeFirst(4) }
    guard let index = Capability.names.firstIndex(of: text) else { return nil }
    self.init(rawValue: CInt(index))
  }

  /// The name, such as `CAP_CHECKPOINT_RESTORE`.
  public var name: String {
    let index = Int(rawValue)
    return Capability.names.indices.contains(index)
      ? "CAP_" + Capability.names[index] : "CAP_\(index)"
  }

  /// The name.
  public var description: String { name }

  /// All 41 that the kernel has had since 5.9.
  public static var allCases: [Capability] {
    Capability.names.indices.map { Capability(rawValue: CInt($0)) }
  }

  /// Order of the kernel's numbers.
  public static func < (left: Capability, right: Capability) -> Bool {
    left.rawValue < right.rawValue
  }

  private static let names = [
    "CHOWN", "DAC_OVERRIDE", "DAC_READ_SEARCH", "FOWNER", "FSETID", "KILL", "SETGID", "SETUID",
    "SETPCAP", "LINUX_IMMUTABLE", "NET_BIND_SERVICE", "NET_BROADCAST", "NET_ADMIN", "NET_RAW",
    "IPC_LOCK", "IPC_OWNER", "SYS_MODULE", "SYS_RAWIO", "SYS_CHROOT", "SYS_PTRACE", "SYS_PACCT",
    "SYS_ADMIN", "SYS_BOOT", "SYS_NICE", "SYS_RESOURCE", "SYS_TIME", "SYS_TTY_CONFIG", "MKNOD",
    "LEASE", "AUDIT_WRITE", "AUDIT_CONTROL", "SETFCAP", "MAC_OVERRIDE", "MAC_ADMIN", "SYSLOG",
    "WAKE_ALARM", "BLOCK_SUSPEND", "AUDIT_READ", "PERFMON", "BPF", "CHECKPOINT_RESTORE",
  ]
}

/// The capabilities by name.
extension Capability {
  /// CAP_CHOWN: change the owner of any file.
  public static let chown = Capability(rawValue: 0)
  /// CAP_DAC_OVERRIDE: pass over the permissions of files.
  public static let dacOverride = Capability(rawValue: 1)
  /// CAP_DAC_READ_SEARCH: read any file and folder.
  public static let dacReadSearch = Capability(rawValue: 2)
  /// CAP_FOWNER: act on files as if it owned them.
  public static let fowner = Capability(rawValue: 3)
  /// CAP_FSETID: keep set-user bits of files that it writes.
  public static let fsetid = Capability(rawValue: 4)
  /// CAP_KILL: signal any process.
  public static let kill = Capability(rawValue: 5)
  /// CAP_SETGID: take on any group.
  public static let setGID = Capability(rawValue: 6)
  /// CAP_SETUID: take on any user.
  public static let setUID = Capability(rawValue: 7)
  /// CAP_SETPCAP: drop from the bounding set, change inheritable ones.
  public static let setPCAP = Capability(rawValue: 8)
  /// CAP_LINUX_IMMUTABLE: set the flags immutable and append-only.
  public static let linuxImmutable = Capability(rawValue: 9)
  /// CAP_NET_BIND_SERVICE: listen on ports below 1024.
  public static let netBindService = Capability(rawValue: 10)
  /// CAP_NET_BROADCAST: unused.
  public static let netBroadcast = Capability(rawValue: 11)
  /// CAP_NET_ADMIN: configure networks.
  public static let netAdmin = Capability(rawValue: 12)
  /// CAP_NET_RAW: use raw sockets.
  public static let netRaw = Capability(rawValue: 13)
  /// CAP_IPC_LOCK: lock memory.
  public static let ipcLock = Capability(rawValue: 14)
  /// CAP_IPC_OWNER: pass over the permissions of System V objects.
  public static let ipcOwner = Capability(rawValue: 15)
  /// CAP_SYS_MODULE: load kernel modules.
  public static let sysModule = Capability(rawValue: 16)
  /// CAP_SYS_RAWIO: reach hardware ports.
  public static let sysRawio = Capability(rawValue: 17)
  /// CAP_SYS_CHROOT: change the root folder.
  public static let sysChroot = Capability(rawValue: 18)
  /// CAP_SYS_PTRACE: trace and read any process.
  public static let sysPtrace = Capability(rawValue: 19)
  /// CAP_SYS_PACCT: switch accounting.
  public static let sysPacct = Capability(rawValue: 20)
  /// CAP_SYS_ADMIN: mount, unshare, and much more.
  public static let sysAdmin = Capability(rawValue: 21)
  /// CAP_SYS_BOOT: reboot.
  public static let sysBoot = Capability(rawValue: 22)
  /// CAP_SYS_NICE: raise priorities.
  public static let sysNice = Capability(rawValue: 23)
  /// CAP_SYS_RESOURCE: raise limits.
  public static let sysResource = Capability(rawValue: 24)
  /// CAP_SYS_TIME: set clocks, and those of time namespaces.
  public static let sysTime = Capability(rawValue: 25)
  /// CAP_SYS_TTY_CONFIG: configure terminals.
  public static let sysTtyConfig = Capability(rawValue: 26)
  /// CAP_MKNOD: make devices.
  public static let makeNode = Capability(rawValue: 27)
  /// CAP_LEASE: take leases on files.
  public static let lease = Capability(rawValue: 28)
  /// CAP_AUDIT_WRITE: write audit records.
  public static let auditWrite = Capability(rawValue: 29)
  /// CAP_AUDIT_CONTROL: configure audit.
  public static let auditControl = Capability(rawValue: 30)
  /// CAP_SETFCAP: give files capabilities.
  public static let setFCAP = Capability(rawValue: 31)
  /// CAP_MAC_OVERRIDE: pass over mandatory rules.
  public static let macOverride = Capability(rawValue: 32)
  /// CAP_MAC_ADMIN: change mandatory rules.
  public static let macAdmin = Capability(rawValue: 33)
  /// CAP_SYSLOG: read the kernel's log.
  public static let syslog = Capability(rawValue: 34)
  /// CAP_WAKE_ALARM: wake the system.
  public static let wakeAlarm = Capability(rawValue: 35)
  /// CAP_BLOCK_SUSPEND: keep the system awake.
  public static let blockSuspend = Capability(rawValue: 36)
  /// CAP_AUDIT_READ: read audit records.
  public static let auditRead = Capability(rawValue: 37)
  /// CAP_PERFMON: watch performance.
  public static let perfmon = Capability(rawValue: 38)
  /// CAP_BPF: load BPF programs.
  public static let bpf = Capability(rawValue: 39)
  /// CAP_CHECKPOINT_RESTORE: choose pids, read map_files: what a thaw needs.
  public static let checkpointRestore = Capability(rawValue: 40)
}

extension Set<Capability> {
  /// Bit n stands for capability n, as in the kernel.
  var bits: UInt64 {
    reduce(0) { (0..<64).contains($1.rawValue) ? $0 | 1 << UInt64($1.rawValue) : $0 }
  }

  init(bits: UInt64) {
    self.init((0..<64).filter { bits >> UInt64($0) & 1 == 1 }.map { Capability(rawValue: $0) })
  }
}
