// Written by Setup/criu-schema.py from CRIU 4.2.1's descriptors; do not edit.
extension Schema {
  /// The messages of this file, for those who look one up by its name.
  static var aRmMessages: [Schema] {
    [
      .userAarch64RegsEntry,
      .userAarch64FpsimdContextEntry,
      .pacAddressKeys,
      .pacGenericKeys,
      .pacKeys,
      .threadInfoAarch64,
      .userArmRegsEntry,
      .userArmVfpstateEntry,
      .threadInfoArm,
    ]
  }

  /// `user_aarch64_regs_entry` of core_aarch64.proto.
  public static let userAarch64RegsEntry = Schema(
    "user_aarch64_regs_entry",
    [
      Field(1, "regs", .uint64, .repeated),
      Field(2, "sp", .uint64, .required),
      Field(3, "pc", .uint64, .required),
      Field(4, "pstate", .uint64, .required),
    ])

  /// `user_aarch64_fpsimd_context_entry` of core_aarch64.proto.
  public static let userAarch64FpsimdContextEntry = Schema(
    "user_aarch64_fpsimd_context_entry",
    [
      Field(1, "vregs", .uint64, .repeated),
      Field(2, "fpsr", .uint32, .required),
      Field(3, "fpcr", .uint32, .required),
    ])

  /// `pac_address_keys` of core_aarch64.proto.
  public static let pacAddressKeys = Schema(
    "pac_address_keys",
    [
      Field(1, "apiakey_lo", .uint64, .required),
      Field(2, "apiakey_hi", .uint64, .required),
      Field(3, "apibkey_lo", .uint64, .required),
      Field(4, "apibkey_hi", .uint64, .required),
      Field(5, "apdakey_lo", .uint64, .required),
      Field(6, "apdakey_hi", .uint64, .required),
      Field(7, "apdbkey_lo", .uint64, .required),
      Field(8, "apdbkey_hi", .uint64, .required),
      Field(9, "pac_enabled_key", .uint64, .required),
    ])

  /// `pac_generic_keys` of core_aarch64.proto.
  public static let pacGenericKeys = Schema(
    "pac_generic_keys",
    [
      Field(1, "apgakey_lo", .uint64, .required),
      Field(2, "apgakey_hi", .uint64, .required),
    ])

  /// `pac_keys` of core_aarch64.proto.
  public static let pacKeys = Schema(
    "pac_keys",
    [
      Field(6, "pac_address_keys", .message(.pacAddressKeys), .optional),
      Field(7, "pac_generic_keys", .message(.pacGenericKeys), .optional),
    ])

  /// `thread_info_aarch64` of core_aarch64.proto.
  public static let threadInfoAarch64 = Schema(
    "thread_info_aarch64",
    [
      Field(1, "clear_tid_addr", .uint64, .required, as: .hex),
      Field(2, "tls", .uint64, .required),
      Field(3, "gpregs", .message(.userAarch64RegsEntry), .required, as: .hex),
      Field(4, "fpsimd", .message(.userAarch64FpsimdContextEntry), .required),
      Field(5, "pac_keys", .message(.pacKeys), .optional),
    ])

  /// `user_arm_regs_entry` of core_arm.proto.
  public static let userArmRegsEntry = Schema(
    "user_arm_regs_entry",
    [
      Field(1, "r0", .uint32, .required),
      Field(2, "r1", .uint32, .required),
      Field(3, "r2", .uint32, .required),
      Field(4, "r3", .uint32, .required),
      Field(5, "r4", .uint32, .required),
      Field(6, "r5", .uint32, .required),
      Field(7, "r6", .uint32, .required),
      Field(8, "r7", .uint32, .required),
      Field(9, "r8", .uint32, .required),
      Field(10, "r9", .uint32, .required),
      Field(11, "r10", .uint32, .required),
      Field(12, "fp", .uint32, .required),
      Field(13, "ip", .uint32, .required),
      Field(14, "sp", .uint32, .required),
      Field(15, "lr", .uint32, .required),
      Field(16, "pc", .uint32, .required),
      Field(17, "cpsr", .uint32, .required),
      Field(18, "orig_r0", .uint32, .required),
    ])

  /// `user_arm_vfpstate_entry` of core_arm.proto.
  public static let userArmVfpstateEntry = Schema(
    "user_arm_vfpstate_entry",
    [
      Field(1, "vfp_regs", .uint64, .repeated),
      Field(2, "fpscr", .uint32, .required),
      Field(3, "fpexc", .uint32, .required),
      Field(4, "fpinst", .uint32, .required),
      Field(5, "fpinst2", .uint32, .required),
    ])

  /// `thread_info_arm` of core_arm.proto.
  public static let threadInfoArm = Schema(
    "thread_info_arm",
    [
      Field(1, "clear_tid_addr", .uint64, .required, as: .hex),
      Field(2, "tls", .uint32, .required),
      Field(3, "gpregs", .message(.userArmRegsEntry), .required, as: .hex),
      Field(4, "fpstate", .message(.userArmVfpstateEntry), .required),
    ])
}
