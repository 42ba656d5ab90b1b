// Written by Setup/criu-schema.py from CRIU 4.2.1's descriptors; do not edit.
extension Schema {
  /// The messages of this file, for those who look one up by its name.
  static var specialFilesMessages: [Schema] {
    [
      .eventfdFileEntry,
      .eventpollTfdEntry,
      .eventpollFileEntry,
      .signalfdEntry,
      .timerfdEntry,
      .pidfdEntry,
      .inotifyWdEntry,
      .inotifyFileEntry,
      .fanotifyInodeMarkEntry,
      .fanotifyMountMarkEntry,
      .fanotifyMarkEntry,
      .fanotifyFileEntry,
      .winsizeEntry,
      .termiosEntry,
      .ttyPtyEntry,
      .ttyDataEntry,
      .ttyInfoEntry,
      .ttyFileEntry,
    ]
  }

  /// `eventfd_file_entry` of eventfd.proto.
  public static let eventfdFileEntry = Schema(
    "eventfd_file_entry",
    [
      Field(1, "id", .uint32, .required),
      Field(2, "flags", .uint32, .required),
      Field(3, "fown", .message(.fownEntry), .required),
      Field(4, "counter", .uint64, .required),
    ])

  /// `eventpoll_tfd_entry` of eventpoll.proto.
  public static let eventpollTfdEntry = Schema(
    "eventpoll_tfd_entry",
    [
      Field(1, "id", .uint32, .required),
      Field(2, "tfd", .uint32, .required),
      Field(3, "events", .uint32, .required),
      Field(4, "data", .uint64, .required),
      Field(5, "dev", .uint32, .optional),
      Field(6, "inode", .uint64, .optional),
      Field(7, "pos", .uint64, .optional),
    ])

  /// `eventpoll_file_entry` of eventpoll.proto.
  public static let eventpollFileEntry = Schema(
    "eventpoll_file_entry",
    [
      Field(1, "id", .uint32, .required),
      Field(2, "flags", .uint32, .required),
      Field(3, "fown", .message(.fownEntry), .required),
      Field(4, "tfd", .message(.eventpollTfdEntry), .repeated),
    ])

  /// `signalfd_entry` of signalfd.proto.
  public static let signalfdEntry = Schema(
    "signalfd_entry",
    [
      Field(1, "id", .uint32, .required),
      Field(2, "flags", .uint32, .required, as: .hex),
      Field(3, "fown", .message(.fownEntry), .required),
      Field(4, "sigmask", .uint64, .required, as: .hex),
    ])

  /// `timerfd_entry` of timerfd.proto.
  public static let timerfdEntry = Schema(
    "timerfd_entry",
    [
      Field(1, "id", .uint32, .required),
      Field(2, "flags", .uint32, .required, as: .hex),
      Field(3, "fown", .message(.fownEntry), .required),
      Field(4, "clockid", .uint32, .required),
      Field(5, "ticks", .uint64, .required),
      Field(6, "settime_flags", .uint32, .required, as: .hex),
      Field(7, "vsec", .uint64, .required),
      Field(8, "vnsec", .uint64, .required),
      Field(9, "isec", .uint64, .required),
      Field(10, "insec", .uint64, .required),
    ])

  /// `pidfd_entry` of pidfd.proto.
  public static let pidfdEntry = Schema(
    "pidfd_entry",
    [
      Field(1, "id", .uint32, .required),
      Field(2, "ino", .uint32, .required),
      Field(3, "flags", .uint32, .required),
      Field(4, "nspid", .int32, .required),
      Field(5, "fown", .message(.fownEntry), .required),
    ])

  /// `inotify_wd_entry` of fsnotify.proto.
  public static let inotifyWdEntry = Schema(
    "inotify_wd_entry",
    [
      Field(1, "id", .uint32, .required),
      Field(2, "i_ino", .uint64, .required),
      Field(3, "mask", .uint32, .required, as: .hex),
      Field(4, "ignored_mask", .uint32, .required, as: .hex),
      Field(5, "s_dev", .uint32, .required, as: .device),
      Field(6, "wd", .uint32, .required),
      Field(7, "f_handle", .message(.fhEntry), .required),
    ])

  /// `inotify_file_entry` of fsnotify.proto.
  public static let inotifyFileEntry = Schema(
    "inotify_file_entry",
    [
      Field(1, "id", .uint32, .required),
      Field(2, "flags", .uint32, .required, as: .hex),
      Field(4, "fown", .message(.fownEntry), .required),
      Field(5, "wd", .message(.inotifyWdEntry), .repeated),
    ])

  /// `fanotify_inode_mark_entry` of fsnotify.proto.
  public static let fanotifyInodeMarkEntry = Schema(
    "fanotify_inode_mark_entry",
    [
      Field(1, "i_ino", .uint64, .required),
      Field(2, "f_handle", .message(.fhEntry), .required),
    ])

  /// `fanotify_mount_mark_entry` of fsnotify.proto.
  public static let fanotifyMountMarkEntry = Schema(
    "fanotify_mount_mark_entry",
    [
      Field(1, "mnt_id", .uint32, .required),
      Field(2, "path", .string, .optional),
    ])

  /// `fanotify_mark_entry` of fsnotify.proto.
  public static let fanotifyMarkEntry = Schema(
    "fanotify_mark_entry",
    [
      Field(1, "id", .uint32, .required),
      Field(2, "type", .enumeration(.markType), .required),
      Field(3, "mflags", .uint32, .required, as: .hex),
      Field(4, "mask", .uint32, .required, as: .hex),
      Field(5, "ignored_mask", .uint32, .required, as: .hex),
      Field(6, "s_dev", .uint32, .required, as: .device),
      Field(7, "ie", .message(.fanotifyInodeMarkEntry), .optional),
      Field(8, "me", .message(.fanotifyMountMarkEntry), .optional),
    ])

  /// `fanotify_file_entry` of fsnotify.proto.
  public static let fanotifyFileEntry = Schema(
    "fanotify_file_entry",
    [
      Field(1, "id", .uint32, .required),
      Field(2, "flags", .uint32, .required, as: .hex),
      Field(3, "fown", .message(.fownEntry), .required),
      Field(4, "faflags", .uint32, .required, as: .hex),
      Field(5, "evflags", .uint32, .required, as: .hex),
      Field(6, "mark", .message(.fanotifyMarkEntry), .repeated),
    ])

  /// `winsize_entry` of tty.proto.
  public static let winsizeEntry = Schema(
    "winsize_entry",
    [
      Field(1, "ws_row", .uint32, .required),
      Field(2, "ws_col", .uint32, .required),
      Field(3, "ws_xpixel", .uint32, .required),
      Field(4, "ws_ypixel", .uint32, .required),
    ])

  /// `termios_entry` of tty.proto.
  public static let termiosEntry = Schema(
    "termios_entry",
    [
      Field(1, "c_iflag", .uint32, .required),
      Field(2, "c_oflag", .uint32, .required),
      Field(3, "c_cflag", .uint32, .required),
      Field(4, "c_lflag", .uint32, .required),
      Field(5, "c_line", .uint32, .required),
      Field(6, "c_ispeed", .uint32, .required),
      Field(7, "c_ospeed", .uint32, .required),
      Field(8, "c_cc", .uint32, .repeated),
    ])

  /// `tty_pty_entry` of tty.proto.
  public static let ttyPtyEntry = Schema(
    "tty_pty_entry",
    [
      Field(1, "index", .uint32, .required)
    ])

  /// `tty_data_entry` of tty.proto.
  public static let ttyDataEntry = Schema(
    "tty_data_entry",
    [
      Field(1, "tty_id", .uint32, .required),
      Field(2, "data", .bytes, .required),
    ])

  /// `tty_info_entry` of tty.proto.
  public static let ttyInfoEntry = Schema(
    "tty_info_entry",
    [
      Field(1, "id", .uint32, .required),
      Field(2, "type", .enumeration(.ttyType), .required),
      Field(3, "locked", .bool, .required),
      Field(4, "exclusive", .bool, .required),
      Field(5, "packet_mode", .bool, .required),
      Field(6, "sid", .uint32, .required),
      Field(7, "pgrp", .uint32, .required),
      Field(8, "rdev", .uint32, .required),
      Field(9, "termios", .message(.termiosEntry), .optional),
      Field(10, "termios_locked", .message(.termiosEntry), .optional),
      Field(11, "winsize", .message(.winsizeEntry), .optional),
      Field(12, "pty", .message(.ttyPtyEntry), .optional),
      Field(13, "dev", .uint32, .optional),
      Field(14, "uid", .uint32, .optional),
      Field(15, "gid", .uint32, .optional),
    ])

  /// `tty_file_entry` of tty.proto.
  public static let ttyFileEntry = Schema(
    "tty_file_entry",
    [
      Field(1, "id", .uint32, .required),
      Field(2, "tty_info_id", .uint32, .required),
      Field(3, "flags", .uint32, .required, as: .hex),
      Field(4, "fown", .message(.fownEntry), .required),
      Field(6, "regf_id", .uint32, .optional),
    ])
}

extension Enumeration {
  /// `mark_type` of fsnotify.proto.
  public static let markType = Enumeration(
    "mark_type",
    [
      ("INODE", 1),
      ("MOUNT", 2),
    ])

  /// `TtyType` of tty.proto.
  public static let ttyType = Enumeration(
    "TtyType",
    [
      ("UNKNOWN", 0),
      ("PTY", 1),
      ("CONSOLE", 2),
      ("VT", 3),
      ("CTTY", 4),
      ("EXT_TTY", 5),
      ("SERIAL", 6),
    ])
}
