// Written by Setup/criu-schema.py from CRIU 4.2.1's descriptors; do not edit.
extension Schema {
  /// The messages of this file, for those who look one up by its name.
  static var namespacesMessages: [Schema] {
    [
      .nsFileEntry,
      .uidGidExtent,
      .usernsEntry,
      .utsnsEntry,
      .pidnsEntry,
      .timespec,
      .timensEntry,
      .mntEntry,
      .autofsEntry,
      .binfmtMiscEntry,
    ]
  }

  /// `ns_file_entry` of ns.proto.
  public static let nsFileEntry = Schema(
    "ns_file_entry",
    [
      Field(1, "id", .uint32, .required),
      Field(2, "ns_id", .uint32, .required),
      Field(3, "ns_cflag", .uint32, .required),
      Field(4, "flags", .uint32, .required),
    ])

  /// `uid_gid_extent` of userns.proto.
  public static let uidGidExtent = Schema(
    "uid_gid_extent",
    [
      Field(1, "first", .uint32, .required),
      Field(2, "lower_first", .uint32, .required),
      Field(3, "count", .uint32, .required),
    ])

  /// `userns_entry` of userns.proto.
  public static let usernsEntry = Schema(
    "userns_entry",
    [
      Field(1, "uid_map", .message(.uidGidExtent), .repeated),
      Field(2, "gid_map", .message(.uidGidExtent), .repeated),
    ])

  /// `utsns_entry` of utsns.proto.
  public static let utsnsEntry = Schema(
    "utsns_entry",
    [
      Field(1, "nodename", .string, .required),
      Field(2, "domainname", .string, .required),
    ])

  /// `pidns_entry` of pidns.proto.
  public static let pidnsEntry = Schema(
    "pidns_entry",
    [
      Field(1, "ext_key", .string, .optional)
    ])

  /// `timespec` of timens.proto.
  public static let timespec = Schema(
    "timespec",
    [
      Field(1, "tv_sec", .uint64, .required),
      Field(2, "tv_nsec", .uint64, .required),
    ])

  /// `timens_entry` of timens.proto.
  public static let timensEntry = Schema(
    "timens_entry",
    [
      Field(1, "monotonic", .message(.timespec), .required),
      Field(2, "boottime", .message(.timespec), .required),
    ])

  /// `mnt_entry` of mnt.proto.
  public static let mntEntry = Schema(
    "mnt_entry",
    [
      Field(1, "fstype", .uint32, .required),
      Field(2, "mnt_id", .uint32, .required),
      Field(3, "root_dev", .uint32, .required, as: .device),
      Field(4, "parent_mnt_id", .uint32, .required),
      Field(5, "flags", .uint32, .required, as: .hex),
      Field(6, "root", .string, .required),
      Field(7, "mountpoint", .string, .required),
      Field(8, "source", .string, .required),
      Field(9, "options", .string, .required),
      Field(10, "shared_id", .uint32, .optional),
      Field(11, "master_id", .uint32, .optional),
      Field(12, "with_plugin", .bool, .optional),
      Field(13, "ext_mount", .bool, .optional),
      Field(14, "fsname", .string, .optional),
      Field(15, "internal_sharing", .bool, .optional),
      Field(16, "deleted", .bool, .optional),
      Field(17, "sb_flags", .uint32, .optional, as: .hex),
      Field(18, "ext_key", .string, .optional),
    ])

  /// `autofs_entry` of autofs.proto.
  public static let autofsEntry = Schema(
    "autofs_entry",
    [
      Field(1, "fd", .int32, .required),
      Field(2, "pgrp", .int32, .required),
      Field(3, "timeout", .int32, .required),
      Field(4, "minproto", .int32, .required),
      Field(5, "maxproto", .int32, .required),
      Field(6, "mode", .int32, .required),
      Field(7, "uid", .int32, .optional),
      Field(8, "gid", .int32, .optional),
      Field(9, "read_fd", .int32, .optional),
    ])

  /// `binfmt_misc_entry` of binfmt_misc.proto.
  public static let binfmtMiscEntry = Schema(
    "binfmt_misc_entry",
    [
      Field(1, "name", .string, .required),
      Field(2, "enabled", .bool, .required),
      Field(3, "interpreter", .string, .required),
      Field(4, "flags", .string, .optional),
      Field(5, "extension", .string, .optional),
      Field(6, "magic", .string, .optional),
      Field(7, "mask", .string, .optional),
      Field(8, "offset", .int32, .optional),
    ])
}

extension Enumeration {
  /// `fstype` of mnt.proto.
  public static let fstype = Enumeration(
    "fstype",
    [
      ("UNSUPPORTED", 0),
      ("PROC", 1),
      ("SYSFS", 2),
      ("DEVTMPFS", 3),
      ("BINFMT_MISC", 4),
      ("TMPFS", 5),
      ("DEVPTS", 6),
      ("SIMFS", 7),
      ("PSTORE", 8),
      ("SECURITYFS", 9),
      ("FUSECTL", 10),
      ("DEBUGFS", 11),
      ("CGROUP", 12),
      ("AUFS", 13),
      ("MQUEUE", 14),
      ("FUSE", 15),
      ("AUTO", 16),
      ("OVERLAYFS", 17),
      ("AUTOFS", 18),
      ("TRACEFS", 19),
      ("CGROUP2", 23),
    ])
}
