// Written by Setup/criu-schema.py from CRIU 4.2.1's descriptors; do not edit.
extension Schema {
  /// The messages of this file, for those who look one up by its name.
  static var moreProcessorsMessages: [Schema] {
    [
      .userRiscv64RegsEntry,
      .userRiscv64DExtEntry,
      .threadInfoRiscv64,
      .userS390RegsEntry,
      .userS390VxrsLowEntry,
      .userS390VxrsHighEntry,
      .userS390FpregsEntry,
      .userS390GsCbEntry,
      .userS390RiEntry,
      .threadInfoS390,
    ]
  }

  /// `user_riscv64_regs_entry` of core_riscv64.proto.
  public static let userRiscv64RegsEntry = Schema(
    "user_riscv64_regs_entry",
    [
      Field(1, "pc", .uint64, .required),
      Field(2, "ra", .uint64, .required),
      Field(3, "sp", .uint64, .required),
      Field(4, "gp", .uint64, .required),
      Field(5, "tp", .uint64, .required),
      Field(6, "t0", .uint64, .required),
      Field(7, "t1", .uint64, .required),
      Field(8, "t2", .uint64, .required),
      Field(9, "s0", .uint64, .required),
      Field(10, "s1", .uint64, .required),
      Field(11, "a0", .uint64, .required),
      Field(12, "a1", .uint64, .required),
      Field(13, "a2", .uint64, .required),
      Field(14, "a3", .uint64, .required),
      Field(15, "a4", .uint64, .required),
      Field(16, "a5", .uint64, .required),
      Field(17, "a6", .uint64, .required),
      Field(18, "a7", .uint64, .required),
      Field(19, "s2", .uint64, .required),
      Field(20, "s3", .uint64, .required),
      Field(21, "s4", .uint64, .required),
      Field(22, "s5", .uint64, .required),
      Field(23, "s6", .uint64, .required),
      Field(24, "s7", .uint64, .required),
      Field(25, "s8", .uint64, .required),
      Field(26, "s9", .uint64, .required),
      Field(27, "s10", .uint64, .required),
      Field(28, "s11", .uint64, .required),
      Field(29, "t3", .uint64, .required),
      Field(30, "t4", .uint64, .required),
      Field(31, "t5", .uint64, .required),
      Field(32, "t6", .uint64, .required),
    ])

  /// `user_riscv64_d_ext_entry` of core_riscv64.proto.
  public static let userRiscv64DExtEntry = Schema(
    "user_riscv64_d_ext_entry",
    [
      Field(1, "f", .uint64, .repeated),
      Field(2, "fcsr", .uint32, .required),
    ])

  /// `thread_info_riscv64` of core_riscv64.proto.
  public static let threadInfoRiscv64 = Schema(
    "thread_info_riscv64",
    [
      Field(1, "clear_tid_addr", .uint64, .required, as: .hex),
      Field(2, "tls", .uint64, .required),
      Field(3, "gpregs", .message(.userRiscv64RegsEntry), .required, as: .hex),
      Field(4, "fpsimd", .message(.userRiscv64DExtEntry), .required),
    ])

  /// `user_s390_regs_entry` of core_s390.proto.
  public static let userS390RegsEntry = Schema(
    "user_s390_regs_entry",
    [
      Field(1, "psw_mask", .uint64, .required),
      Field(2, "psw_addr", .uint64, .required),
      Field(3, "gprs", .uint64, .repeated),
      Field(4, "acrs", .uint32, .repeated),
      Field(5, "orig_gpr2", .uint64, .required),
      Field(6, "system_call", .uint32, .required),
    ])

  /// `user_s390_vxrs_low_entry` of core_s390.proto.
  public static let userS390VxrsLowEntry = Schema(
    "user_s390_vxrs_low_entry",
    [
      Field(1, "regs", .uint64, .repeated)
    ])

  /// `user_s390_vxrs_high_entry` of core_s390.proto.
  public static let userS390VxrsHighEntry = Schema(
    "user_s390_vxrs_high_entry",
    [
      Field(1, "regs", .uint64, .repeated)
    ])

  /// `user_s390_fpregs_entry` of core_s390.proto.
  public static let userS390FpregsEntry = Schema(
    "user_s390_fpregs_entry",
    [
      Field(1, "fpc", .uint32, .required),
      Field(2, "fprs", .uint64, .repeated),
    ])

  /// `user_s390_gs_cb_entry` of core_s390.proto.
  public static let userS390GsCbEntry = Schema(
    "user_s390_gs_cb_entry",
    [
      Field(1, "regs", .uint64, .repeated)
    ])

  /// `user_s390_ri_entry` of core_s390.proto.
  public static let userS390RiEntry = Schema(
    "user_s390_ri_entry",
    [
      Field(1, "ri_on", .uint32, .required),
      Field(2, "regs", .uint64, .repeated),
    ])

  /// `thread_info_s390` of core_s390.proto.
  public static let threadInfoS390 = Schema(
    "thread_info_s390",
    [
      Field(1, "clear_tid_addr", .uint64, .required, as: .hex),
      Field(2, "gpregs", .message(.userS390RegsEntry), .required, as: .hex),
      Field(3, "fpregs", .message(.userS390FpregsEntry), .required, as: .hex),
      Field(4, "vxrs_low", .message(.userS390VxrsLowEntry), .optional, as: .hex),
      Field(5, "vxrs_high", .message(.userS390VxrsHighEntry), .optional, as: .hex),
      Field(6, "gs_cb", .message(.userS390GsCbEntry), .optional, as: .hex),
      Field(7, "gs_bc", .message(.userS390GsCbEntry), .optional, as: .hex),
      Field(8, "ri_cb", .message(.userS390RiEntry), .optional, as: .hex),
    ])
}
