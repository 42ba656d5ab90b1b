// Written by Setup/criu-schema.py from CRIU 4.2.1's descriptors; do not edit.
extension Schema {
  /// The messages of this file, for those who look one up by its name.
  static var filesMessages: [Schema] {
    [
      .fdinfoEntry,
      .fileEntry,
      .regFileEntry,
      .fsEntry,
      .fownEntry,
      .fhEntry,
      .irmapCacheEntry,
      .ghostFileEntry,
      .ghostChunkEntry,
      .remapFilePathEntry,
      .fileLockEntry,
      .extFileEntry,
      .pipeEntry,
      .pipeDataEntry,
      .fifoEntry,
    ]
  }

  /// `fdinfo_entry` of fdinfo.proto.
  public static let fdinfoEntry = Schema(
    "fdinfo_entry",
    [
      Field(1, "id", .uint32, .required),
      Field(2, "flags", .uint32, .required),
      Field(3, "type", .enumeration(.fdTypes), .required),
      Field(4, "fd", .uint32, .required),
      Field(5, "xattr_security_selinux", .string, .optional),
    ])

  /// `file_entry` of fdinfo.proto.
  public static let fileEntry = Schema(
    "file_entry",
    [
      Field(1, "type", .enumeration(.fdTypes), .required),
      Field(2, "id", .uint32, .required),
      Field(3, "reg", .message(.regFileEntry), .optional),
      Field(4, "isk", .message(.inetSkEntry), .optional),
      Field(5, "nsf", .message(.nsFileEntry), .optional),
      Field(6, "psk", .message(.packetSockEntry), .optional),
      Field(7, "nlsk", .message(.netlinkSkEntry), .optional),
      Field(8, "efd", .message(.eventfdFileEntry), .optional),
      Field(9, "epfd", .message(.eventpollFileEntry), .optional),
      Field(10, "sgfd", .message(.signalfdEntry), .optional),
      Field(11, "tunf", .message(.tunfileEntry), .optional),
      Field(12, "tfd", .message(.timerfdEntry), .optional),
      Field(13, "ify", .message(.inotifyFileEntry), .optional),
      Field(14, "ffy", .message(.fanotifyFileEntry), .optional),
      Field(15, "ext", .message(.extFileEntry), .optional),
      Field(16, "usk", .message(.unixSkEntry), .optional),
      Field(17, "fifo", .message(.fifoEntry), .optional),
      Field(18, "pipe", .message(.pipeEntry), .optional),
      Field(19, "tty", .message(.ttyFileEntry), .optional),
      Field(20, "memfd", .message(.memfdFileEntry), .optional),
      Field(21, "bpf", .message(.bpfmapFileEntry), .optional),
      Field(22, "pidfd", .message(.pidfdEntry), .optional),
    ])

  /// `reg_file_entry` of regfile.proto.
  public static let regFileEntry = Schema(
    "reg_file_entry",
    [
      Field(1, "id", .uint32, .required),
      Field(2, "flags", .uint32, .required, as: .flags(.rfileFlags)),
      Field(3, "pos", .uint64, .required),
      Field(5, "fown", .message(.fownEntry), .required),
      Field(6, "name", .string, .required),
      Field(7, "mnt_id", .sint32, .optional),
      Field(8, "size", .uint64, .optional),
      Field(9, "ext", .bool, .optional),
      Field(10, "mode", .uint32, .optional),
      Field(11, "build_id", .uint32, .repeated),
      Field(12, "checksum", .uint32, .optional),
      Field(13, "checksum_config", .uint32, .optional),
      Field(14, "checksum_parameter", .uint32, .optional),
    ])

  /// `fs_entry` of fs.proto.
  public static let fsEntry = Schema(
    "fs_entry",
    [
      Field(1, "cwd_id", .uint32, .required),
      Field(2, "root_id", .uint32, .required),
      Field(3, "umask", .uint32, .optional),
    ])

  /// `fown_entry` of fown.proto.
  public static let fownEntry = Schema(
    "fown_entry",
    [
      Field(1, "uid", .uint32, .required),
      Field(2, "euid", .uint32, .required),
      Field(3, "signum", .uint32, .required),
      Field(4, "pid_type", .uint32, .required),
      Field(5, "pid", .uint32, .required),
    ])

  /// `fh_entry` of fh.proto.
  public static let fhEntry = Schema(
    "fh_entry",
    [
      Field(1, "bytes", .uint32, .required),
      Field(2, "type", .uint32, .required),
      Field(3, "handle", .uint64, .repeated),
      Field(4, "path", .string, .optional),
      Field(5, "mnt_id", .uint32, .optional),
    ])

  /// `irmap_cache_entry` of fh.proto.
  public static let irmapCacheEntry = Schema(
    "irmap_cache_entry",
    [
      Field(1, "dev", .uint32, .required, as: .oldDevice),
      Field(2, "inode", .uint64, .required),
      Field(3, "path", .string, .required),
    ])

  /// `ghost_file_entry` of ghost_file.proto.
  public static let ghostFileEntry = Schema(
    "ghost_file_entry",
    [
      Field(1, "uid", .uint32, .required),
      Field(2, "gid", .uint32, .required),
      Field(3, "mode", .uint32, .required),
      Field(4, "dev", .uint32, .optional, as: .device),
      Field(5, "ino", .uint64, .optional),
      Field(6, "rdev", .uint32, .optional, as: .oldDevice),
      Field(7, "atim", .message(.timeval), .optional),
      Field(8, "mtim", .message(.timeval), .optional),
      Field(9, "chunks", .bool, .optional),
      Field(10, "size", .uint64, .optional),
      Field(11, "symlnk_target", .string, .optional),
    ])

  /// `ghost_chunk_entry` of ghost_file.proto.
  public static let ghostChunkEntry = Schema(
    "ghost_chunk_entry",
    [
      Field(1, "len", .uint64, .required),
      Field(2, "off", .uint64, .required),
    ])

  /// `remap_file_path_entry` of remap_file_path.proto.
  public static let remapFilePathEntry = Schema(
    "remap_file_path_entry",
    [
      Field(1, "orig_id", .uint32, .required),
      Field(2, "remap_id", .uint32, .required),
      Field(3, "remap_type", .enumeration(.remapType), .optional),
    ])

  /// `file_lock_entry` of file_lock.proto.
  public static let fileLockEntry = Schema(
    "file_lock_entry",
    [
      Field(1, "flag", .uint32, .required),
      Field(2, "type", .uint32, .required),
      Field(3, "pid", .int32, .required),
      Field(4, "fd", .int32, .required),
      Field(5, "start", .int64, .required),
      Field(6, "len", .int64, .required),
    ])

  /// `ext_file_entry` of ext_file.proto.
  public static let extFileEntry = Schema(
    "ext_file_entry",
    [
      Field(1, "id", .uint32, .required),
      Field(5, "fown", .message(.fownEntry), .required),
    ])

  /// `pipe_entry` of pipe.proto.
  public static let pipeEntry = Schema(
    "pipe_entry",
    [
      Field(1, "id", .uint32, .required),
      Field(2, "pipe_id", .uint32, .required),
      Field(3, "flags", .uint32, .required, as: .hex),
      Field(4, "fown", .message(.fownEntry), .required),
    ])

  /// `pipe_data_entry` of pipe_data.proto.
  public static let pipeDataEntry = Schema(
    "pipe_data_entry",
    [
      Field(1, "pipe_id", .uint32, .required),
      Field(2, "bytes", .uint32, .required),
      Field(3, "size", .uint32, .optional),
    ])

  /// `fifo_entry` of fifo.proto.
  public static let fifoEntry = Schema(
    "fifo_entry",
    [
      Field(1, "id", .uint32, .required),
      Field(2, "pipe_id", .uint32, .required),
      Field(3, "regf_id", .uint32, .optional),
    ])
}

extension Enumeration {
  /// `fd_types` of fdinfo.proto.
  public static let fdTypes = Enumeration(
    "fd_types",
    [
      ("UND", 0),
      ("REG", 1),
      ("PIPE", 2),
      ("FIFO", 3),
      ("INETSK", 4),
      ("UNIXSK", 5),
      ("EVENTFD", 6),
      ("EVENTPOLL", 7),
      ("INOTIFY", 8),
      ("SIGNALFD", 9),
      ("PACKETSK", 10),
      ("TTY", 11),
      ("FANOTIFY", 12),
      ("NETLINKSK", 13),
      ("NS", 14),
      ("TUNF", 15),
      ("EXT", 16),
      ("TIMERFD", 17),
      ("MEMFD", 18),
      ("BPFMAP", 19),
      ("PIDFD", 20),
      ("CTL_TTY", 65534),
      ("AUTOFS_PIPE", 65535),
    ])

  /// `fh_entry_sizes` of fh.proto.
  public static let fhEntrySizes = Enumeration(
    "fh_entry_sizes",
    [
      ("min_entries", 16)
    ])

  /// `remap_type` of remap_file_path.proto.
  public static let remapType = Enumeration(
    "remap_type",
    [
      ("LINKED", 0),
      ("GHOST", 1),
      ("PROCFS", 2),
    ])
}
