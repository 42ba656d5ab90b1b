/// Which kernel objects a process uses (`task_kobj_ids_entry`): processes with the same number
/// share one.
///
/// The numbers are CRIU's own; those of descriptors and file systems are the ids of images.
public struct KernelObjects: MessageView {
  /// `task_kobj_ids_entry`.
  public static var schema: Schema { .taskKobjIdsEntry }
  /// The message.
  public var message: Message

  /// Shows a message.
  public init(_ message: Message) { self.message = message }

  /// The memory.
  public var memory: UInt32 { number("vm_id") }
  /// The table of descriptors: the id of `fdinfo-<id>.img`.
  public var descriptors: UInt32 { number("files_id") }
  /// The working and root folder.
  public var folders: UInt32 { number("fs_id") }
  /// The signal handlers.
  public var signalHandlers: UInt32 { number("sighand_id") }
  /// The pid namespace; 0 where it is not told, here and below.
  public var pidNamespace: UInt32 { number("pid_ns_id") }
  /// The network namespace.
  public var networkNamespace: UInt32 { number("net_ns_id") }
  /// The namespace of System V IPC.
  public var ipcNamespace: UInt32 { number("ipc_ns_id") }
  /// The namespace of the host name.
  public var utsNamespace: UInt32 { number("uts_ns_id") }
  /// The mount namespace.
  public var mountNamespace: UInt32 { number("mnt_ns_id") }
  /// The user namespace.
  public var userNamespace: UInt32 { number("user_ns_id") }
  /// The cgroup namespace.
  public var cgroupNamespace: UInt32 { number("cgroup_ns_id") }
  /// The time namespace: the id of `timens-<id>.img`, 0 for the host's.
  public var timeNamespace: UInt32 { number("time_ns_id") }
}
