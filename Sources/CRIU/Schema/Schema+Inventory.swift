// Written by Setup/criu-schema.py from CRIU 4.2.1's descriptors; do not edit.
extension Schema {
  /// The messages of this file, for those who look one up by its name.
  static var inventoryMessages: [Schema] {
    [
      .pluginsEntry,
      .inventoryEntry,
      .dumpStatsEntry,
      .restoreStatsEntry,
      .statsEntry,
      .cpuinfoX86Entry,
      .cpuinfoPpc64Entry,
      .cpuinfoS390Entry,
      .cpuinfoEntry,
      .imgStreamerRequestEntry,
      .imgStreamerReplyEntry,
      .cgroupPerms,
      .cgroupPropEntry,
      .cgroupDirEntry,
      .cgControllerEntry,
      .cgMemberEntry,
      .cgSetEntry,
      .cgroupEntry,
      .pstreeEntry,
    ]
  }

  /// `plugins_entry` of inventory.proto.
  public static let pluginsEntry = Schema(
    "plugins_entry",
    [
      Field(12, "plugins", .string, .repeated)
    ])

  /// `inventory_entry` of inventory.proto.
  public static let inventoryEntry = Schema(
    "inventory_entry",
    [
      Field(1, "img_version", .uint32, .required),
      Field(2, "fdinfo_per_id", .bool, .optional),
      Field(3, "root_ids", .message(.taskKobjIdsEntry), .optional),
      Field(4, "ns_per_id", .bool, .optional),
      Field(5, "root_cg_set", .uint32, .optional),
      Field(6, "lsmtype", .enumeration(.lsmtype), .optional),
      Field(8, "dump_uptime", .uint64, .optional),
      Field(9, "pre_dump_mode", .uint32, .optional),
      Field(10, "tcp_close", .bool, .optional),
      Field(11, "network_lock_method", .uint32, .optional),
      Field(12, "plugins_entry", .message(.pluginsEntry), .optional),
      Field(13, "dump_criu_run_id", .string, .optional),
      Field(14, "allow_uprobes", .bool, .optional),
    ])

  /// `dump_stats_entry` of stats.proto.
  public static let dumpStatsEntry = Schema(
    "dump_stats_entry",
    [
      Field(1, "freezing_time", .uint32, .required),
      Field(2, "frozen_time", .uint32, .required),
      Field(3, "memdump_time", .uint32, .required),
      Field(4, "memwrite_time", .uint32, .required),
      Field(5, "pages_scanned", .uint64, .required),
      Field(6, "pages_skipped_parent", .uint64, .required),
      Field(7, "pages_written", .uint64, .required),
      Field(8, "irmap_resolve", .uint32, .optional),
      Field(9, "pages_lazy", .uint64, .required),
      Field(10, "page_pipes", .uint64, .optional),
      Field(11, "page_pipe_bufs", .uint64, .optional),
      Field(12, "shpages_scanned", .uint64, .optional),
      Field(13, "shpages_skipped_parent", .uint64, .optional),
      Field(14, "shpages_written", .uint64, .optional),
    ])

  /// `restore_stats_entry` of stats.proto.
  public static let restoreStatsEntry = Schema(
    "restore_stats_entry",
    [
      Field(1, "pages_compared", .uint64, .required),
      Field(2, "pages_skipped_cow", .uint64, .required),
      Field(3, "forking_time", .uint32, .required),
      Field(4, "restore_time", .uint32, .required),
      Field(5, "pages_restored", .uint64, .optional),
    ])

  /// `stats_entry` of stats.proto.
  public static let statsEntry = Schema(
    "stats_entry",
    [
      Field(1, "dump", .message(.dumpStatsEntry), .optional),
      Field(2, "restore", .message(.restoreStatsEntry), .optional),
    ])

  /// `cpuinfo_x86_entry` of cpuinfo.proto.
  public static let cpuinfoX86Entry = Schema(
    "cpuinfo_x86_entry",
    [
      Field(1, "vendor_id", .enumeration(.cpuinfoX86EntryVendor), .required),
      Field(2, "cpu_family", .uint32, .required),
      Field(3, "model", .uint32, .required),
      Field(4, "stepping", .uint32, .required),
      Field(5, "capability_ver", .uint32, .required),
      Field(6, "capability", .uint32, .repeated),
      Field(7, "model_id", .string, .optional),
      Field(8, "xfeatures_mask", .uint64, .optional),
      Field(9, "xsave_size", .uint32, .optional),
      Field(10, "xsave_size_max", .uint32, .optional),
    ])

  /// `cpuinfo_ppc64_entry` of cpuinfo.proto.
  public static let cpuinfoPpc64Entry = Schema(
    "cpuinfo_ppc64_entry",
    [
      Field(1, "endian", .enumeration(.cpuinfoPpc64EntryEndianness), .required),
      Field(2, "hwcap", .uint64, .repeated),
    ])

  /// `cpuinfo_s390_entry` of cpuinfo.proto.
  public static let cpuinfoS390Entry = Schema(
    "cpuinfo_s390_entry",
    [
      Field(2, "hwcap", .uint64, .repeated)
    ])

  /// `cpuinfo_entry` of cpuinfo.proto.
  public static let cpuinfoEntry = Schema(
    "cpuinfo_entry",
    [
      Field(1, "x86_entry", .message(.cpuinfoX86Entry), .repeated),
      Field(2, "ppc64_entry", .message(.cpuinfoPpc64Entry), .repeated),
      Field(3, "s390_entry", .message(.cpuinfoS390Entry), .repeated),
    ])

  /// `img_streamer_request_entry` of img_streamer.proto.
  public static let imgStreamerRequestEntry = Schema(
    "img_streamer_request_entry",
    [
      Field(1, "filename", .string, .required)
    ])

  /// `img_streamer_reply_entry` of img_streamer.proto.
  public static let imgStreamerReplyEntry = Schema(
    "img_streamer_reply_entry",
    [
      Field(1, "exists", .bool, .required)
    ])

  /// `cgroup_perms` of cgroup.proto.
  public static let cgroupPerms = Schema(
    "cgroup_perms",
    [
      Field(1, "mode", .uint32, .required),
      Field(2, "uid", .uint32, .required),
      Field(3, "gid", .uint32, .required),
    ])

  /// `cgroup_prop_entry` of cgroup.proto.
  public static let cgroupPropEntry = Schema(
    "cgroup_prop_entry",
    [
      Field(1, "name", .string, .required),
      Field(2, "value", .string, .required),
      Field(3, "perms", .message(.cgroupPerms), .optional),
    ])

  /// `cgroup_dir_entry` of cgroup.proto.
  public static let cgroupDirEntry = Schema(
    "cgroup_dir_entry",
    [
      Field(1, "dir_name", .string, .required),
      Field(2, "children", .itself, .repeated),
      Field(3, "properties", .message(.cgroupPropEntry), .repeated),
      Field(4, "dir_perms", .message(.cgroupPerms), .optional),
    ])

  /// `cg_controller_entry` of cgroup.proto.
  public static let cgControllerEntry = Schema(
    "cg_controller_entry",
    [
      Field(1, "cnames", .string, .repeated),
      Field(2, "dirs", .message(.cgroupDirEntry), .repeated),
      Field(3, "is_threaded", .bool, .optional),
    ])

  /// `cg_member_entry` of cgroup.proto.
  public static let cgMemberEntry = Schema(
    "cg_member_entry",
    [
      Field(1, "name", .string, .required),
      Field(2, "path", .string, .required),
      Field(3, "cgns_prefix", .uint32, .optional),
    ])

  /// `cg_set_entry` of cgroup.proto.
  public static let cgSetEntry = Schema(
    "cg_set_entry",
    [
      Field(1, "id", .uint32, .required),
      Field(2, "ctls", .message(.cgMemberEntry), .repeated),
    ])

  /// `cgroup_entry` of cgroup.proto.
  public static let cgroupEntry = Schema(
    "cgroup_entry",
    [
      Field(1, "sets", .message(.cgSetEntry), .repeated),
      Field(2, "controllers", .message(.cgControllerEntry), .repeated),
    ])

  /// `pstree_entry` of pstree.proto.
  public static let pstreeEntry = Schema(
    "pstree_entry",
    [
      Field(1, "pid", .uint32, .required),
      Field(2, "ppid", .uint32, .required),
      Field(3, "pgid", .uint32, .required),
      Field(4, "sid", .uint32, .required),
      Field(5, "threads", .uint32, .repeated),
    ])
}

extension Enumeration {
  /// `lsmtype` of inventory.proto.
  public static let lsmtype = Enumeration(
    "lsmtype",
    [
      ("NO_LSM", 0),
      ("SELINUX", 1),
      ("APPARMOR", 2),
    ])

  /// `cpuinfo_x86_entry.vendor` of cpuinfo.proto.
  public static let cpuinfoX86EntryVendor = Enumeration(
    "cpuinfo_x86_entry.vendor",
    [
      ("UNKNOWN", 0),
      ("INTEL", 1),
      ("AMD", 2),
    ])

  /// `cpuinfo_ppc64_entry.endianness` of cpuinfo.proto.
  public static let cpuinfoPpc64EntryEndianness = Enumeration(
    "cpuinfo_ppc64_entry.endianness",
    [
      ("BIGENDIAN", 0),
      ("LITTLEENDIAN", 1),
    ])
}
