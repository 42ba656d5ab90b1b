// Written by Setup/criu-schema.py from CRIU 4.2.1's descriptors; do not edit.
extension Schema {
  /// The messages of this file, for those who look one up by its name.
  static var x86Messages: [Schema] {
    [
      .userX86RegsEntry,
      .userX86CetEntry,
      .userX86XsaveEntry,
      .userX86FpregsEntry,
      .userDescT,
      .threadInfoX86,
    ]
  }

  /// `user_x86_regs_entry` of core_x86.proto.
  public static let userX86RegsEntry = Schema(
    "user_x86_regs_entry",
    [
      Field(1, "r15", .uint64, .required),
      Field(2, "r14", .uint64, .required),
      Field(3, "r13", .uint64, .required),
      Field(4, "r12", .uint64, .required),
      Field(5, "bp", .uint64, .required),
      Field(6, "bx", .uint64, .required),
      Field(7, "r11", .uint64, .required),
      Field(8, "r10", .uint64, .required),
      Field(9, "r9", .uint64, .required),
      Field(10, "r8", .uint64, .required),
      Field(11, "ax", .uint64, .required),
      Field(12, "cx", .uint64, .required),
      Field(13, "dx", .uint64, .required),
      Field(14, "si", .uint64, .required),
      Field(15, "di", .uint64, .required),
      Field(16, "orig_ax", .uint64, .required),
      Field(17, "ip", .uint64, .required),
      Field(18, "cs", .uint64, .required),
      Field(19, "flags", .uint64, .required),
      Field(20, "sp", .uint64, .required),
      Field(21, "ss", .uint64, .required),
      Field(22, "fs_base", .uint64, .required),
      Field(23, "gs_base", .uint64, .required),
      Field(24, "ds", .uint64, .required),
      Field(25, "es", .uint64, .required),
      Field(26, "fs", .uint64, .required),
      Field(27, "gs", .uint64, .required),
      Field(28, "mode", .enumeration(.userX86RegsMode), .optional),
    ])

  /// `user_x86_cet_entry` of core_x86.proto.
  public static let userX86CetEntry = Schema(
    "user_x86_cet_entry",
    [
      Field(1, "cet", .uint64, .required, as: .hex),
      Field(2, "ssp", .uint64, .required, as: .hex),
    ])

  /// `user_x86_xsave_entry` of core_x86.proto.
  public static let userX86XsaveEntry = Schema(
    "user_x86_xsave_entry",
    [
      Field(1, "xstate_bv", .uint64, .required),
      Field(2, "ymmh_space", .uint32, .repeated),
      Field(3, "bndreg_state", .uint64, .repeated),
      Field(4, "bndcsr_state", .uint64, .repeated),
      Field(5, "opmask_reg", .uint64, .repeated),
      Field(6, "zmm_upper", .uint64, .repeated),
      Field(7, "hi16_zmm", .uint64, .repeated),
      Field(8, "pkru", .uint32, .repeated),
      Field(9, "cet", .message(.userX86CetEntry), .optional),
    ])

  /// `user_x86_fpregs_entry` of core_x86.proto.
  public static let userX86FpregsEntry = Schema(
    "user_x86_fpregs_entry",
    [
      Field(1, "cwd", .uint32, .required),
      Field(2, "swd", .uint32, .required),
      Field(3, "twd", .uint32, .required),
      Field(4, "fop", .uint32, .required),
      Field(5, "rip", .uint64, .required),
      Field(6, "rdp", .uint64, .required),
      Field(7, "mxcsr", .uint32, .required),
      Field(8, "mxcsr_mask", .uint32, .required),
      Field(9, "st_space", .uint32, .repeated),
      Field(10, "xmm_space", .uint32, .repeated),
      Field(11, "padding", .uint32, .repeated),
      Field(13, "xsave", .message(.userX86XsaveEntry), .optional),
    ])

  /// `user_desc_t` of core_x86.proto.
  public static let userDescT = Schema(
    "user_desc_t",
    [
      Field(1, "entry_number", .uint32, .required),
      Field(2, "base_addr", .uint32, .required),
      Field(3, "limit", .uint32, .required),
      Field(4, "seg_32bit", .bool, .required),
      Field(5, "contents_h", .bool, .required),
      Field(6, "contents_l", .bool, .required),
      Field(7, "read_exec_only", .bool, .required),
      Field(8, "limit_in_pages", .bool, .required),
      Field(9, "seg_not_present", .bool, .required),
      Field(10, "usable", .bool, .required),
    ])

  /// `thread_info_x86` of core_x86.proto.
  public static let threadInfoX86 = Schema(
    "thread_info_x86",
    [
      Field(1, "clear_tid_addr", .uint64, .required, as: .hex),
      Field(2, "gpregs", .message(.userX86RegsEntry), .required, as: .hex),
      Field(3, "fpregs", .message(.userX86FpregsEntry), .required),
      Field(4, "tls", .message(.userDescT), .repeated),
    ])
}

extension Enumeration {
  /// `user_x86_regs_mode` of core_x86.proto.
  public static let userX86RegsMode = Enumeration(
    "user_x86_regs_mode",
    [
      ("NATIVE", 1),
      ("COMPAT", 2),
    ])
}
