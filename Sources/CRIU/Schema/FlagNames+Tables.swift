// Written by Setup/criu-schema.py from CRIU 4.2.1's descriptors; do not edit.
extension FlagNames {
  /// How `mmap.prot` bits are shown.
  static let mmapProt = FlagNames([
    ("PROT_READ", 0x1),
    ("PROT_WRITE", 0x2),
    ("PROT_EXEC", 0x4),
  ])

  /// How `mmap.flags` bits are shown.
  static let mmapFlags = FlagNames([
    ("MAP_SHARED", 0x1),
    ("MAP_PRIVATE", 0x2),
    ("MAP_DROPPABLE", 0x8),
    ("MAP_ANON", 0x20),
    ("MAP_GROWSDOWN", 0x100),
  ])

  /// How `mmap.status` bits are shown.
  static let mmapStatus = FlagNames([
    ("VMA_AREA_REGULAR", 0x1),
    ("VMA_AREA_STACK", 0x2),
    ("VMA_AREA_VSYSCALL", 0x4),
    ("VMA_AREA_VDSO", 0x8),
    ("VMA_AREA_HEAP", 0x20),
    ("VMA_FILE_PRIVATE", 0x40),
    ("VMA_FILE_SHARED", 0x80),
    ("VMA_ANON_SHARED", 0x100),
    ("VMA_ANON_PRIVATE", 0x200),
    ("VMA_AREA_SYSVIPC", 0x400),
    ("VMA_AREA_SOCKET", 0x800),
    ("VMA_AREA_VVAR", 0x1000),
    ("VMA_AREA_AIORING", 0x2000),
    ("VMA_AREA_MEMFD", 0x4000),
    ("VMA_AREA_SHSTK", 0x8000),
    ("VMA_AREA_UPROBES", 0x20000),
    ("VMA_UNSUPP", 0x80000000),
  ])

  /// How `rfile.flags` bits are shown.
  static let rfileFlags = FlagNames([
    ("O_WRONLY", 0x1),
    ("O_RDWR", 0x2),
    ("O_CREAT", 0x40),
    ("O_EXCL", 0x80),
    ("O_NOCTTY", 0x100),
    ("O_TRUNC", 0x200),
    ("O_APPEND", 0x400),
    ("O_NONBLOCK", 0x800),
    ("O_DSYNC", 0x1000),
    ("FASYNC", 0x2000),
    ("O_DIRECT", 0x4000),
    ("O_LARGEFILE", 0x8000),
    ("O_DIRECTORY", 0x10000),
    ("O_NOFOLLOW", 0x20000),
    ("O_NOATIME", 0x40000),
    ("O_CLOEXEC", 0x80000),
  ])

  /// How `pmap.flags` bits are shown.
  static let pmapFlags = FlagNames([
    ("PE_PARENT", 0x1),
    ("PE_LAZY", 0x2),
    ("PE_PRESENT", 0x4),
  ])

  /// How `seals.flags` bits are shown.
  static let sealsFlags = FlagNames([
    ("F_SEAL_SEAL", 0x1),
    ("F_SEAL_SHRINK", 0x2),
    ("F_SEAL_GROW", 0x4),
    ("F_SEAL_WRITE", 0x8),
    ("F_SEAL_FUTURE_WRITE", 0x10),
  ])
}

extension Enumeration {
  /// How numbers of a field `task_state` are shown.
  static let genTaskState = Enumeration(
    "gen.task_state",
    [
      ("Alive", 1),
      ("Zombie", 3),
      ("Stopped", 6),
    ])

  /// How numbers of a field `family` are shown.
  static let skFamily = Enumeration(
    "sk.family",
    [
      ("UNIX", 1),
      ("INET", 2),
      ("INET6", 10),
      ("NETLINK", 16),
      ("PACKET", 17),
    ])

  /// How numbers of a field `type` are shown.
  static let skType = Enumeration(
    "sk.type",
    [
      ("STREAM", 1),
      ("DGRAM", 2),
      ("RAW", 3),
      ("SEQPACKET", 5),
      ("PACKET", 10),
    ])

  /// How numbers of a field `state` are shown.
  static let skState = Enumeration(
    "sk.state",
    [
      ("ESTABLISHED", 1),
      ("SYN_SENT", 2),
      ("SYN_RECV", 3),
      ("FIN_WAIT1", 4),
      ("FIN_WAIT2", 5),
      ("TIME_WAIT", 6),
      ("CLOSE", 7),
      ("CLOSE_WAIT", 8),
      ("LAST_ACK", 9),
      ("LISTEN", 10),
    ])

  /// How numbers of a field `proto` are shown.
  static let skProto = Enumeration(
    "sk.proto",
    [
      ("IP", 0),
      ("TCP", 6),
      ("UDP", 17),
      ("UDPLITE", 136),
    ])
}
