// Written by Setup/criu-schema.py from CRIU 4.2.1's descriptors; do not edit.
extension Schema {
  /// The messages of this file, for those who look one up by its name.
  static var otherProcessorsMessages: [Schema] {
    [
      .userLoongarch64GpregsEntry,
      .userLoongarch64FpregsEntry,
      .threadInfoLoongarch64,
      .userMipsRegsEntry,
      .userMipsFpregsEntry,
      .threadInfoMips,
      .userPpc64RegsEntry,
      .userPpc64FpstateEntry,
      .userPpc64VrstateEntry,
      .userPpc64VsxstateEntry,
      .userPpc64TmRegsEntry,
      .threadInfoPpc64,
    ]
  }

  /// `user_loongarch64_gpregs_entry` of core_loongarch64.proto.
  public static let userLoongarch64GpregsEntry = Schema(
    "user_loongarch64_gpregs_entry",
    [
      Field(1, "regs", .uint64, .repeated),
      Field(2, "pc", .uint64, .required),
    ])

  /// `user_loongarch64_fpregs_entry` of core_loongarch64.proto.
  public static let userLoongarch64FpregsEntry = Schema(
    "user_loongarch64_fpregs_entry",
    [
      Field(1, "regs", .uint64, .repeated),
      Field(2, "fcc", .uint64, .required),
      Field(3, "fcsr", .uint32, .required),
    ])

  /// `thread_info_loongarch64` of core_loongarch64.proto.
  public static let threadInfoLoongarch64 = Schema(
    "thread_info_loongarch64",
    [
      Field(1, "clear_tid_addr", .uint64, .required, as: .hex),
      Field(2, "tls", .uint64, .required),
      Field(3, "gpregs", .message(.userLoongarch64GpregsEntry), .required, as: .hex),
      Field(4, "fpregs", .message(.userLoongarch64FpregsEntry), .required, as: .hex),
    ])

  /// `user_mips_regs_entry` of core_mips.proto.
  public static let userMipsRegsEntry = Schema(
    "user_mips_regs_entry",
    [
      Field(1, "r0", .uint64, .required),
      Field(2, "r1", .uint64, .required),
      Field(3, "r2", .uint64, .required),
      Field(4, "r3", .uint64, .required),
      Field(5, "r4", .uint64, .required),
      Field(6, "r5", .uint64, .required),
      Field(7, "r6", .uint64, .required),
      Field(8, "r7", .uint64, .required),
      Field(9, "r8", .uint64, .required),
      Field(10, "r9", .uint64, .required),
      Field(11, "r10", .uint64, .required),
      Field(12, "r11", .uint64, .required),
      Field(13, "r12", .uint64, .required),
      Field(14, "r13", .uint64, .required),
      Field(15, "r14", .uint64, .required),
      Field(16, "r15", .uint64, .required),
      Field(17, "r16", .uint64, .required),
      Field(18, "r17", .uint64, .required),
      Field(19, "r18", .uint64, .required),
      Field(20, "r19", .uint64, .required),
      Field(21, "r20", .uint64, .required),
      Field(22, "r21", .uint64, .required),
      Field(23, "r22", .uint64, .required),
      Field(24, "r23", .uint64, .required),
      Field(25, "r24", .uint64, .required),
      Field(26, "r25", .uint64, .required),
      Field(27, "r26", .uint64, .required),
      Field(28, "r27", .uint64, .required),
      Field(29, "r28", .uint64, .required),
      Field(30, "r29", .uint64, .required),
      Field(31, "r30", .uint64, .required),
      Field(32, "r31", .uint64, .required),
      Field(33, "lo", .uint64, .required),
      Field(34, "hi", .uint64, .required),
      Field(35, "cp0_epc", .uint64, .required),
      Field(36, "cp0_badvaddr", .uint64, .required),
      Field(37, "cp0_status", .uint64, .required),
      Field(38, "cp0_cause", .uint64, .required),
    ])

  /// `user_mips_fpregs_entry` of core_mips.proto.
  public static let userMipsFpregsEntry = Schema(
    "user_mips_fpregs_entry",
    [
      Field(1, "r0", .uint64, .required),
      Field(2, "r1", .uint64, .required),
      Field(3, "r2", .uint64, .required),
      Field(4, "r3", .uint64, .required),
      Field(5, "r4", .uint64, .required),
      Field(6, "r5", .uint64, .required),
      Field(7, "r6", .uint64, .required),
      Field(8, "r7", .uint64, .required),
      Field(9, "r8", .uint64, .required),
      Field(10, "r9", .uint64, .required),
      Field(11, "r10", .uint64, .required),
      Field(12, "r11", .uint64, .required),
      Field(13, "r12", .uint64, .required),
      Field(14, "r13", .uint64, .required),
      Field(15, "r14", .uint64, .required),
      Field(16, "r15", .uint64, .required),
      Field(17, "r16", .uint64, .required),
      Field(18, "r17", .uint64, .required),
      Field(19, "r18", .uint64, .required),
      Field(20, "r19", .uint64, .required),
      Field(21, "r20", .uint64, .required),
      Field(22, "r21", .uint64, .required),
      Field(23, "r22", .uint64, .required),
      Field(24, "r23", .uint64, .required),
      Field(25, "r24", .uint64, .required),
      Field(26, "r25", .uint64, .required),
      Field(27, "r26", .uint64, .required),
      Field(28, "r27", .uint64, .required),
      Field(29, "r28", .uint64, .required),
      Field(30, "r29", .uint64, .required),
      Field(31, "r30", .uint64, .required),
      Field(32, "r31", .uint64, .required),
      Field(33, "lo", .uint64, .required),
      Field(34, "hi", .uint64, .required),
      Field(35, "fpu_fcr31", .uint32, .required),
      Field(36, "fpu_id", .uint32, .required),
    ])

  /// `thread_info_mips` of core_mips.proto.
  public static let threadInfoMips = Schema(
    "thread_info_mips",
    [
      Field(1, "clear_tid_addr", .uint64, .required, as: .hex),
      Field(2, "tls", .uint64, .required),
      Field(3, "gpregs", .message(.userMipsRegsEntry), .required, as: .hex),
      Field(4, "fpregs", .message(.userMipsFpregsEntry), .required, as: .hex),
    ])

  /// `user_ppc64_regs_entry` of core_ppc64.proto.
  public static let userPpc64RegsEntry = Schema(
    "user_ppc64_regs_entry",
    [
      Field(1, "gpr", .uint64, .repeated),
      Field(2, "nip", .uint64, .required),
      Field(3, "msr", .uint64, .required),
      Field(4, "orig_gpr3", .uint64, .required),
      Field(5, "ctr", .uint64, .required),
      Field(6, "link", .uint64, .required),
      Field(7, "xer", .uint64, .required),
      Field(8, "ccr", .uint64, .required),
      Field(9, "trap", .uint64, .required),
      Field(10, "texasr", .uint64, .optional),
      Field(11, "tfhar", .uint64, .optional),
      Field(12, "tfiar", .uint64, .optional),
    ])

  /// `user_ppc64_fpstate_entry` of core_ppc64.proto.
  public static let userPpc64FpstateEntry = Schema(
    "user_ppc64_fpstate_entry",
    [
      Field(1, "fpregs", .uint64, .repeated)
    ])

  /// `user_ppc64_vrstate_entry` of core_ppc64.proto.
  public static let userPpc64VrstateEntry = Schema(
    "user_ppc64_vrstate_entry",
    [
      Field(1, "vrregs", .uint64, .repeated),
      Field(2, "vrsave", .uint32, .required),
    ])

  /// `user_ppc64_vsxstate_entry` of core_ppc64.proto.
  public static let userPpc64VsxstateEntry = Schema(
    "user_ppc64_vsxstate_entry",
    [
      Field(1, "vsxregs", .uint64, .repeated)
    ])

  /// `user_ppc64_tm_regs_entry` of core_ppc64.proto.
  public static let userPpc64TmRegsEntry = Schema(
    "user_ppc64_tm_regs_entry",
    [
      Field(1, "gpregs", .message(.userPpc64RegsEntry), .required),
      Field(2, "fpstate", .message(.userPpc64FpstateEntry), .optional),
      Field(3, "vrstate", .message(.userPpc64VrstateEntry), .optional),
      Field(4, "vsxstate", .message(.userPpc64VsxstateEntry), .optional),
    ])

  /// `thread_info_ppc64` of core_ppc64.proto.
  public static let threadInfoPpc64 = Schema(
    "thread_info_ppc64",
    [
      Field(1, "clear_tid_addr", .uint64, .required, as: .hex),
      Field(2, "gpregs", .message(.userPpc64RegsEntry), .required, as: .hex),
      Field(3, "fpstate", .message(.userPpc64FpstateEntry), .optional),
      Field(4, "vrstate", .message(.userPpc64VrstateEntry), .optional),
      Field(5, "vsxstate", .message(.userPpc64VsxstateEntry), .optional),
      Field(6, "tmstate", .message(.userPpc64TmRegsEntry), .optional),
    ])
}
