import Glibc

/// The kernel's clocks.
public enum Clock {
  /// CLOCK_MONOTONIC of this process's time namespace; it stands still while the machine sleeps.
  public static func monotonic() -> Duration { read(CLOCK_MONOTONIC) }

  /// CLOCK_BOOTTIME of this process's time namespace; it goes on while the machine sleeps.
  public static func bootTime() -> Duration { read(CLOCK_BOOTTIME) }

  /// The time of day.
  public static func wall() -> Timestamp {
    var spec = timespec()
    clock_gettime(CLOCK_REALTIME, &spec)
    return Timestamp(spec)
  }

  /// The time of day as the kernel's last tick left it: the earliest that a file changed from now on
  /// can be stamped with, on a file system of this machine.
  public static func coarseWall() -> Timestamp {
    var spec = timespec()
    clock_gettime(CLOCK_REALTIME_COARSE, &spec)
    return Timestamp(spec)
  }

  private static func read(_ clock: clockid_t) -> Duration {
    // It cannot fail: all three clocks are in every kernel.
    var spec = timespec()
    clock_gettime(clock, &spec)
    return .seconds(Int64(spec.tv_sec)) + .nanoseconds(Int64(spec.tv_nsec))
  }
}
