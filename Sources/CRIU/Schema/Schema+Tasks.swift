// Written by Setup/criu-schema.py from CRIU 4.2.1's descriptors; do not edit.
extension Schema {
  /// The messages of this file, for those who look one up by its name.
  static var tasksMessages: [Schema] {
    [
      .credsEntry,
      .saEntry,
      .siginfoEntry,
      .signalQueueEntry,
      .itimerEntry,
      .posixTimerEntry,
      .taskTimersEntry,
      .timeval,
      .rlimitEntry,
    ]
  }

  /// `creds_entry` of creds.proto.
  public static let credsEntry = Schema(
    "creds_entry",
    [
      Field(1, "uid", .uint32, .required),
      Field(2, "gid", .uint32, .required),
      Field(3, "euid", .uint32, .required),
      Field(4, "egid", .uint32, .required),
      Field(5, "suid", .uint32, .required),
      Field(6, "sgid", .uint32, .required),
      Field(7, "fsuid", .uint32, .required),
      Field(8, "fsgid", .uint32, .required),
      Field(9, "cap_inh", .uint32, .repeated),
      Field(10, "cap_prm", .uint32, .repeated),
      Field(11, "cap_eff", .uint32, .repeated),
      Field(12, "cap_bnd", .uint32, .repeated),
      Field(13, "secbits", .uint32, .required),
      Field(14, "groups", .uint32, .repeated),
      Field(15, "lsm_profile", .string, .optional),
      Field(16, "lsm_sockcreate", .string, .optional),
      Field(17, "apparmor_data", .bytes, .optional),
      Field(18, "no_new_privs", .uint32, .optional),
      Field(19, "cap_amb", .uint32, .repeated),
    ])

  /// `sa_entry` of sa.proto.
  public static let saEntry = Schema(
    "sa_entry",
    [
      Field(1, "sigaction", .uint64, .required, as: .hex),
      Field(2, "flags", .uint64, .required, as: .hex),
      Field(3, "restorer", .uint64, .required, as: .hex),
      Field(4, "mask", .uint64, .required, as: .hex),
      Field(5, "compat_sigaction", .bool, .optional),
      Field(6, "mask_extended", .uint64, .optional, as: .hex),
    ])

  /// `siginfo_entry` of siginfo.proto.
  public static let siginfoEntry = Schema(
    "siginfo_entry",
    [
      Field(1, "siginfo", .bytes, .required)
    ])

  /// `signal_queue_entry` of siginfo.proto.
  public static let signalQueueEntry = Schema(
    "signal_queue_entry",
    [
      Field(1, "signals", .message(.siginfoEntry), .repeated)
    ])

  /// `itimer_entry` of timer.proto.
  public static let itimerEntry = Schema(
    "itimer_entry",
    [
      Field(1, "isec", .uint64, .required),
      Field(2, "iusec", .uint64, .required),
      Field(3, "vsec", .uint64, .required),
      Field(4, "vusec", .uint64, .required),
    ])

  /// `posix_timer_entry` of timer.proto.
  public static let posixTimerEntry = Schema(
    "posix_timer_entry",
    [
      Field(1, "it_id", .uint32, .required),
      Field(2, "clock_id", .uint32, .required),
      Field(3, "si_signo", .uint32, .required),
      Field(4, "it_sigev_notify", .uint32, .required),
      Field(5, "sival_ptr", .uint64, .required),
      Field(6, "overrun", .uint32, .required),
      Field(7, "isec", .uint64, .required),
      Field(8, "insec", .uint64, .required),
      Field(9, "vsec", .uint64, .required),
      Field(10, "vnsec", .uint64, .required),
      Field(11, "notify_thread_id", .int32, .optional),
    ])

  /// `task_timers_entry` of timer.proto.
  public static let taskTimersEntry = Schema(
    "task_timers_entry",
    [
      Field(1, "real", .message(.itimerEntry), .required),
      Field(2, "virt", .message(.itimerEntry), .required),
      Field(3, "prof", .message(.itimerEntry), .required),
      Field(4, "posix", .message(.posixTimerEntry), .repeated),
    ])

  /// `timeval` of time.proto.
  public static let timeval = Schema(
    "timeval",
    [
      Field(1, "tv_sec", .uint64, .required),
      Field(2, "tv_usec", .uint64, .required),
    ])

  /// `rlimit_entry` of rlimit.proto.
  public static let rlimitEntry = Schema(
    "rlimit_entry",
    [
      Field(1, "cur", .uint64, .required),
      Field(2, "max", .uint64, .required),
    ])
}
