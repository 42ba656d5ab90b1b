// Written by Setup/criu-schema.py from CRIU 4.2.1's descriptors; do not edit.
extension Schema {
  /// The messages of this file, for those who look one up by its name.
  static var coreMessages: [Schema] {
    [
      .taskCoreEntry,
      .taskKobjIdsEntry,
      .threadSasEntry,
      .threadCoreEntry,
      .taskRlimitsEntry,
      .coreEntry,
      .rseqEntry,
      .seccompFilter,
      .seccompEntry,
      .aaPolicy,
      .aaNamespace,
      .apparmorEntry,
    ]
  }

  /// `task_core_entry` of core.proto.
  public static let taskCoreEntry = Schema(
    "task_core_entry",
    [
      Field(1, "task_state", .uint32, .required, as: .names(.genTaskState)),
      Field(2, "exit_code", .uint32, .required),
      Field(3, "personality", .uint32, .required),
      Field(4, "flags", .uint32, .required),
      Field(5, "blk_sigset", .uint64, .required, as: .hex),
      Field(6, "comm", .string, .required),
      Field(7, "timers", .message(.taskTimersEntry), .optional),
      Field(8, "rlimits", .message(.taskRlimitsEntry), .optional),
      Field(9, "cg_set", .uint32, .optional),
      Field(10, "signals_s", .message(.signalQueueEntry), .optional),
      Field(11, "old_seccomp_mode", .enumeration(.seccompMode), .optional),
      Field(12, "old_seccomp_filter", .uint32, .optional),
      Field(13, "loginuid", .uint32, .optional),
      Field(14, "oom_score_adj", .int32, .optional),
      Field(15, "sigactions", .message(.saEntry), .repeated),
      Field(18, "child_subreaper", .bool, .optional),
      Field(20, "blk_sigset_extended", .uint64, .optional, as: .hex),
      Field(21, "stop_signo", .uint32, .optional),
      Field(22, "membarrier_registration_mask", .uint32, .optional, as: .hex),
    ])

  /// `task_kobj_ids_entry` of core.proto.
  public static let taskKobjIdsEntry = Schema(
    "task_kobj_ids_entry",
    [
      Field(1, "vm_id", .uint32, .required),
      Field(2, "files_id", .uint32, .required),
      Field(3, "fs_id", .uint32, .required),
      Field(4, "sighand_id", .uint32, .required),
      Field(5, "pid_ns_id", .uint32, .optional),
      Field(6, "net_ns_id", .uint32, .optional),
      Field(7, "ipc_ns_id", .uint32, .optional),
      Field(8, "uts_ns_id", .uint32, .optional),
      Field(9, "mnt_ns_id", .uint32, .optional),
      Field(10, "user_ns_id", .uint32, .optional),
      Field(11, "cgroup_ns_id", .uint32, .optional),
      Field(12, "time_ns_id", .uint32, .optional),
    ])

  /// `thread_sas_entry` of core.proto.
  public static let threadSasEntry = Schema(
    "thread_sas_entry",
    [
      Field(1, "ss_sp", .uint64, .required),
      Field(2, "ss_size", .uint64, .required),
      Field(3, "ss_flags", .uint32, .required),
    ])

  /// `thread_core_entry` of core.proto.
  public static let threadCoreEntry = Schema(
    "thread_core_entry",
    [
      Field(1, "futex_rla", .uint64, .required),
      Field(2, "futex_rla_len", .uint32, .required),
      Field(3, "sched_nice", .sint32, .optional),
      Field(4, "sched_policy", .uint32, .optional),
      Field(5, "sched_prio", .uint32, .optional),
      Field(6, "blk_sigset", .uint64, .optional),
      Field(7, "sas", .message(.threadSasEntry), .optional),
      Field(8, "pdeath_sig", .uint32, .optional),
      Field(9, "signals_p", .message(.signalQueueEntry), .optional),
      Field(10, "creds", .message(.credsEntry), .optional),
      Field(11, "seccomp_mode", .enumeration(.seccompMode), .optional),
      Field(12, "seccomp_filter", .uint32, .optional),
      Field(13, "comm", .string, .optional),
      Field(14, "blk_sigset_extended", .uint64, .optional),
      Field(15, "rseq_entry", .message(.rseqEntry), .optional),
      Field(16, "cg_set", .uint32, .optional),
    ])

  /// `task_rlimits_entry` of core.proto.
  public static let taskRlimitsEntry = Schema(
    "task_rlimits_entry",
    [
      Field(1, "rlimits", .message(.rlimitEntry), .repeated)
    ])

  /// `core_entry` of core.proto.
  public static let coreEntry = Schema(
    "core_entry",
    [
      Field(1, "mtype", .enumeration(.coreEntryMarch), .required),
      Field(2, "thread_info", .message(.threadInfoX86), .optional),
      Field(3, "tc", .message(.taskCoreEntry), .optional),
      Field(4, "ids", .message(.taskKobjIdsEntry), .optional),
      Field(5, "thread_core", .message(.threadCoreEntry), .optional),
      Field(6, "ti_arm", .message(.threadInfoArm), .optional),
      Field(8, "ti_aarch64", .message(.threadInfoAarch64), .optional),
      Field(9, "ti_ppc64", .message(.threadInfoPpc64), .optional),
      Field(10, "ti_s390", .message(.threadInfoS390), .optional),
      Field(11, "ti_mips", .message(.threadInfoMips), .optional),
      Field(12, "ti_loongarch64", .message(.threadInfoLoongarch64), .optional),
      Field(13, "ti_riscv64", .message(.threadInfoRiscv64), .optional),
    ])

  /// `rseq_entry` of rseq.proto.
  public static let rseqEntry = Schema(
    "rseq_entry",
    [
      Field(1, "rseq_abi_pointer", .uint64, .required),
      Field(2, "rseq_abi_size", .uint32, .required),
      Field(3, "signature", .uint32, .required),
      Field(4, "rseq_cs_pointer", .uint64, .optional),
    ])

  /// `seccomp_filter` of seccomp.proto.
  public static let seccompFilter = Schema(
    "seccomp_filter",
    [
      Field(1, "filter", .bytes, .required),
      Field(2, "prev", .uint32, .optional),
      Field(3, "flags", .uint32, .optional),
    ])

  /// `seccomp_entry` of seccomp.proto.
  public static let seccompEntry = Schema(
    "seccomp_entry",
    [
      Field(1, "seccomp_filters", .message(.seccompFilter), .repeated)
    ])

  /// `aa_policy` of apparmor.proto.
  public static let aaPolicy = Schema(
    "aa_policy",
    [
      Field(1, "name", .string, .required),
      Field(2, "blob", .bytes, .required),
    ])

  /// `aa_namespace` of apparmor.proto.
  public static let aaNamespace = Schema(
    "aa_namespace",
    [
      Field(1, "name", .string, .required),
      Field(2, "policies", .message(.aaPolicy), .repeated),
      Field(3, "namespaces", .itself, .repeated),
    ])

  /// `apparmor_entry` of apparmor.proto.
  public static let apparmorEntry = Schema(
    "apparmor_entry",
    [
      Field(1, "namespaces", .message(.aaNamespace), .repeated)
    ])
}

extension Enumeration {
  /// `seccomp_mode` of core.proto.
  public static let seccompMode = Enumeration(
    "seccomp_mode",
    [
      ("disabled", 0),
      ("strict", 1),
      ("filter", 2),
    ])

  /// `core_entry.march` of core.proto.
  public static let coreEntryMarch = Enumeration(
    "core_entry.march",
    [
      ("UNKNOWN", 0),
      ("X86_64", 1),
      ("ARM", 2),
      ("AARCH64", 3),
      ("PPC64", 4),
      ("S390", 5),
      ("MIPS", 6),
      ("LOONGARCH64", 7),
      ("RISCV64", 8),
    ])
}
