// Written by Setup/criu-schema.py from CRIU 4.2.1's descriptors; do not edit.
extension Schema {
  /// The messages of this file, for those who look one up by its name.
  static var rPcMessages: [Schema] {
    [
      .criuPageServerInfo,
      .criuVethPair,
      .extMountMap,
      .joinNamespace,
      .inheritFd,
      .cgroupRoot,
      .unixSk,
      .criuOpts,
      .criuDumpResp,
      .criuRestoreResp,
      .criuNotify,
      .criuFeatures,
      .criuReq,
      .criuResp,
      .criuVersion,
    ]
  }

  /// `criu_page_server_info` of rpc.proto.
  public static let criuPageServerInfo = Schema(
    "criu_page_server_info",
    [
      Field(1, "address", .string, .optional),
      Field(2, "port", .int32, .optional),
      Field(3, "pid", .int32, .optional),
      Field(4, "fd", .int32, .optional),
    ])

  /// `criu_veth_pair` of rpc.proto.
  public static let criuVethPair = Schema(
    "criu_veth_pair",
    [
      Field(1, "if_in", .string, .required),
      Field(2, "if_out", .string, .required),
    ])

  /// `ext_mount_map` of rpc.proto.
  public static let extMountMap = Schema(
    "ext_mount_map",
    [
      Field(1, "key", .string, .required),
      Field(2, "val", .string, .required),
    ])

  /// `join_namespace` of rpc.proto.
  public static let joinNamespace = Schema(
    "join_namespace",
    [
      Field(1, "ns", .string, .required),
      Field(2, "ns_file", .string, .required),
      Field(3, "extra_opt", .string, .optional),
    ])

  /// `inherit_fd` of rpc.proto.
  public static let inheritFd = Schema(
    "inherit_fd",
    [
      Field(1, "key", .string, .required),
      Field(2, "fd", .int32, .required),
    ])

  /// `cgroup_root` of rpc.proto.
  public static let cgroupRoot = Schema(
    "cgroup_root",
    [
      Field(1, "ctrl", .string, .optional),
      Field(2, "path", .string, .required),
    ])

  /// `unix_sk` of rpc.proto.
  public static let unixSk = Schema(
    "unix_sk",
    [
      Field(1, "inode", .uint32, .required)
    ])

  /// `criu_opts` of rpc.proto.
  public static let criuOpts = Schema(
    "criu_opts",
    [
      Field(1, "images_dir_fd", .int32, .required),
      Field(2, "pid", .int32, .optional),
      Field(3, "leave_running", .bool, .optional),
      Field(4, "ext_unix_sk", .bool, .optional),
      Field(5, "tcp_established", .bool, .optional),
      Field(6, "evasive_devices", .bool, .optional),
      Field(7, "shell_job", .bool, .optional),
      Field(8, "file_locks", .bool, .optional),
      Field(9, "log_level", .int32, .optional),
      Field(10, "log_file", .string, .optional),
      Field(11, "ps", .message(.criuPageServerInfo), .optional),
      Field(12, "notify_scripts", .bool, .optional),
      Field(13, "root", .string, .optional),
      Field(14, "parent_img", .string, .optional),
      Field(15, "track_mem", .bool, .optional),
      Field(16, "auto_dedup", .bool, .optional),
      Field(17, "work_dir_fd", .int32, .optional),
      Field(18, "link_remap", .bool, .optional),
      Field(19, "veths", .message(.criuVethPair), .repeated),
      Field(20, "cpu_cap", .uint32, .optional),
      Field(21, "force_irmap", .bool, .optional),
      Field(22, "exec_cmd", .string, .repeated),
      Field(23, "ext_mnt", .message(.extMountMap), .repeated),
      Field(24, "manage_cgroups", .bool, .optional),
      Field(25, "cg_root", .message(.cgroupRoot), .repeated),
      Field(26, "rst_sibling", .bool, .optional),
      Field(27, "inherit_fd", .message(.inheritFd), .repeated),
      Field(28, "auto_ext_mnt", .bool, .optional),
      Field(29, "ext_sharing", .bool, .optional),
      Field(30, "ext_masters", .bool, .optional),
      Field(31, "skip_mnt", .string, .repeated),
      Field(32, "enable_fs", .string, .repeated),
      Field(33, "unix_sk_ino", .message(.unixSk), .repeated),
      Field(34, "manage_cgroups_mode", .enumeration(.criuCgMode), .optional),
      Field(35, "ghost_limit", .uint32, .optional),
      Field(36, "irmap_scan_paths", .string, .repeated),
      Field(37, "external", .string, .repeated),
      Field(38, "empty_ns", .uint32, .optional),
      Field(39, "join_ns", .message(.joinNamespace), .repeated),
      Field(41, "cgroup_props", .string, .optional),
      Field(42, "cgroup_props_file", .string, .optional),
      Field(43, "cgroup_dump_controller", .string, .repeated),
      Field(44, "freeze_cgroup", .string, .optional),
      Field(45, "timeout", .uint32, .optional),
      Field(46, "tcp_skip_in_flight", .bool, .optional),
      Field(47, "weak_sysctls", .bool, .optional),
      Field(48, "lazy_pages", .bool, .optional),
      Field(49, "status_fd", .int32, .optional),
      Field(50, "orphan_pts_master", .bool, .optional),
      Field(51, "config_file", .string, .optional),
      Field(52, "tcp_close", .bool, .optional),
      Field(53, "lsm_profile", .string, .optional),
      Field(54, "tls_cacert", .string, .optional),
      Field(55, "tls_cacrl", .string, .optional),
      Field(56, "tls_cert", .string, .optional),
      Field(57, "tls_key", .string, .optional),
      Field(58, "tls", .bool, .optional),
      Field(59, "tls_no_cn_verify", .bool, .optional),
      Field(60, "cgroup_yard", .string, .optional),
      Field(61, "pre_dump_mode", .enumeration(.criuPreDumpMode), .optional),
      Field(62, "pidfd_store_sk", .int32, .optional),
      Field(63, "lsm_mount_context", .string, .optional),
      Field(64, "network_lock", .enumeration(.criuNetworkLockMethod), .optional),
      Field(65, "mntns_compat_mode", .bool, .optional),
      Field(66, "skip_file_rwx_check", .bool, .optional),
      Field(67, "unprivileged", .bool, .optional),
      Field(68, "images_dir", .string, .optional),
      Field(69, "leave_stopped", .bool, .optional),
      Field(70, "display_stats", .bool, .optional),
      Field(71, "log_to_stderr", .bool, .optional),
    ])

  /// `criu_dump_resp` of rpc.proto.
  public static let criuDumpResp = Schema(
    "criu_dump_resp",
    [
      Field(1, "restored", .bool, .optional)
    ])

  /// `criu_restore_resp` of rpc.proto.
  public static let criuRestoreResp = Schema(
    "criu_restore_resp",
    [
      Field(1, "pid", .int32, .required)
    ])

  /// `criu_notify` of rpc.proto.
  public static let criuNotify = Schema(
    "criu_notify",
    [
      Field(1, "script", .string, .optional),
      Field(2, "pid", .int32, .optional),
    ])

  /// `criu_features` of rpc.proto.
  public static let criuFeatures = Schema(
    "criu_features",
    [
      Field(1, "mem_track", .bool, .optional),
      Field(2, "lazy_pages", .bool, .optional),
      Field(3, "pidfd_store", .bool, .optional),
    ])

  /// `criu_req` of rpc.proto.
  public static let criuReq = Schema(
    "criu_req",
    [
      Field(1, "type", .enumeration(.criuReqType), .required),
      Field(2, "opts", .message(.criuOpts), .optional),
      Field(3, "notify_success", .bool, .optional),
      Field(4, "keep_open", .bool, .optional),
      Field(5, "features", .message(.criuFeatures), .optional),
      Field(6, "pid", .uint32, .optional),
    ])

  /// `criu_resp` of rpc.proto.
  public static let criuResp = Schema(
    "criu_resp",
    [
      Field(1, "type", .enumeration(.criuReqType), .required),
      Field(2, "success", .bool, .required),
      Field(3, "dump", .message(.criuDumpResp), .optional),
      Field(4, "restore", .message(.criuRestoreResp), .optional),
      Field(5, "notify", .message(.criuNotify), .optional),
      Field(6, "ps", .message(.criuPageServerInfo), .optional),
      Field(7, "cr_errno", .int32, .optional),
      Field(8, "features", .message(.criuFeatures), .optional),
      Field(9, "cr_errmsg", .string, .optional),
      Field(10, "version", .message(.criuVersion), .optional),
      Field(11, "status", .int32, .optional),
    ])

  /// `criu_version` of rpc.proto.
  public static let criuVersion = Schema(
    "criu_version",
    [
      Field(1, "major_number", .int32, .required),
      Field(2, "minor_number", .int32, .required),
      Field(3, "gitid", .string, .optional),
      Field(4, "sublevel", .int32, .optional),
      Field(5, "extra", .int32, .optional),
      Field(6, "name", .string, .optional),
    ])
}

extension Enumeration {
  /// `criu_cg_mode` of rpc.proto.
  public static let criuCgMode = Enumeration(
    "criu_cg_mode",
    [
      ("IGNORE", 0),
      ("CG_NONE", 1),
      ("PROPS", 2),
      ("SOFT", 3),
      ("FULL", 4),
      ("STRICT", 5),
      ("DEFAULT", 6),
    ])

  /// `criu_network_lock_method` of rpc.proto.
  public static let criuNetworkLockMethod = Enumeration(
    "criu_network_lock_method",
    [
      ("IPTABLES", 1),
      ("NFTABLES", 2),
      ("SKIP", 3),
    ])

  /// `criu_pre_dump_mode` of rpc.proto.
  public static let criuPreDumpMode = Enumeration(
    "criu_pre_dump_mode",
    [
      ("SPLICE", 1),
      ("VM_READ", 2),
    ])

  /// `criu_req_type` of rpc.proto.
  public static let criuReqType = Enumeration(
    "criu_req_type",
    [
      ("EMPTY", 0),
      ("DUMP", 1),
      ("RESTORE", 2),
      ("CHECK", 3),
      ("PRE_DUMP", 4),
      ("PAGE_SERVER", 5),
      ("NOTIFY", 6),
      ("CPUINFO_DUMP", 7),
      ("CPUINFO_CHECK", 8),
      ("FEATURE_CHECK", 9),
      ("VERSION", 10),
      ("WAIT_PID", 11),
      ("PAGE_SERVER_CHLD", 12),
      ("SINGLE_PRE_DUMP", 13),
    ])
}
