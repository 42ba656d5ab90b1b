import CLinux

/// Kinds of namespaces: the CLONE_NEW… flags.
public struct Namespaces: OptionSet, Hashable, Sendable {
  /// The flags of `unshare`.
  public let rawValue: CInt

  /// Makes a set of the flags of `unshare`.
  public init(rawValue: CInt) {
    self.rawValue = rawValue
  }

  /// CLONE_NEWTIME: monotonic and boot-time clocks; applies to children, and at `execve` from
  /// kernel 6.1 on.
  public static let time = Namespaces(rawValue: 0x80)
  /// CLONE_NEWNS: the tree of mounts.
  public static let mount = Namespaces(rawValue: 0x20000)
  /// CLONE_NEWCGROUP: the root of the control groups.
  public static let cgroup = Namespaces(rawValue: 0x200_0000)
  /// CLONE_NEWUTS: the host's name.
  public static let uts = Namespaces(rawValue: 0x400_0000)
  /// CLONE_NEWIPC: System V objects, message queues.
  public static let ipc = Namespaces(rawValue: 0x800_0000)
  /// CLONE_NEWUSER: users and capabilities.
  public static let user = Namespaces(rawValue: 0x1000_0000)
  /// CLONE_NEWPID: process ids; `unshare` applies it to children only.
  public static let pid = Namespaces(rawValue: 0x2000_0000)
  /// CLONE_NEWNET: network devices and addresses.
  public static let network = Namespaces(rawValue: 0x4000_0000)

  /// Gives the calling thread new namespaces; for mounts and users the process must have one thread
  /// only.
  public static func unshare(_ kinds: Namespaces) throws(Errno) {
    try checked(clinux_unshare(kinds.rawValue))
  }

  /// Moves the calling thread into another's namespaces.
  ///
  /// - Parameters:
  ///   - descriptor: an open `/proc/PID/ns/…` file, or a pidfd.
  ///   - kinds: what it must be; with a pidfd, what to enter.
  /// - Throws: `.permission` without CAP_SYS_ADMIN, `.invalid` if it is another kind.
  public static func enter(
    _ descriptor: borrowing Descriptor, _ kinds: Namespaces = []
  ) throws(Errno) {
    try checked(clinux_setns(descriptor.rawValue, kinds.rawValue))
  }

  /// The number that tells one namespace from another, as `/proc/PID/ns` shows it; nil if it cannot
  /// be read.
  ///
  /// Without a process, that of the calling thread.
  public static func identity(of kind: Namespaces, pid: Int32? = nil) -> UInt64? {
    let names: [Namespaces: String] = [
      .time: "time", .mount: "mnt", .cgroup: "cgroup", .uts: "uts", .ipc: "ipc", .user: "user",
      .pid: "pid", .network: "net",
    ]
    guard let name = names[kind] else { return nil }
    let path = Path("/proc") / (pid.map(String.init) ?? "thread-self") / "ns" / name
    // Not there or not to be read: not known.
    return try? FileSystem.status(path).inode
  }
}
