/// What this process's time namespace adds to the host's clocks.
public enum TimeNamespace {
  /// What the clocks of a namespace are ahead of the host's; negative for behind.
  public struct Offsets: Hashable, Sendable, Codable {
    /// Added to CLOCK_MONOTONIC.
    public var monotonic: Duration
    /// Added to CLOCK_BOOTTIME.
    public var bootTime: Duration

    /// Makes offsets; none at first.
    public init(monotonic: Duration = .zero, bootTime: Duration = .zero) {
      self.monotonic = monotonic
      self.bootTime = bootTime
    }

    /// The lines that the kernel takes.
    public var text: String {
      func line(_ clock: String, _ offset: Duration) -> String {
        let (seconds, rest) = offset.nanoseconds.quotientAndRemainder(dividingBy: 1_000_000_000)
        // The kernel wants the nanoseconds between 0 and a second, whatever the sign of the
        // seconds.
        return rest < 0
          ? "\(clock) \(seconds - 1) \(rest + 1_000_000_000)\n" : "\(clock) \(seconds) \(rest)\n"
      }
      return line("monotonic", monotonic) + line("boottime", bootTime)
    }

    init?(parsing text: String) {
      var found = Offsets()
      for line in text.split(separator: "\n") {
        let fields = line.split(separator: " ")
        guard fields.count == 3, let seconds = Int64(fields[1]), let rest = Int64(fields[2]) else {
          return nil
        }
        let offset = Duration.seconds(seconds) + .nanoseconds(rest)
        if fields[0] == "monotonic" { found.monotonic = offset }
        if fields[0] == "boottime" { found.bootTime = offset }
      }
      self = found
    }
  }

  /// Sets the clocks of the namespace that this process has unshared and nobody entered yet.
  ///
  /// - Throws: `.permission` without CAP_SYS_TIME, `.outOfRange` if a clock would be negative,
  ///   `.access` if somebody is in it already.
  public static func setOffsets(monotonic: Duration, bootTime: Duration) throws(Errno) {
    let offsets = Offsets(monotonic: monotonic, bootTime: bootTime)
    let file = try Descriptor.open("/proc/self/timens_offsets", .writeOnly)
    try file.writeAll(Array(offsets.text.utf8))
  }

  /// The offsets of the namespace that this process's children get: its own, unless it has unshared
  /// one.
  public static func offsets() throws(Errno) -> Offsets {
    try read("/proc/self/timens_offsets")
  }

  /// The offsets of the namespace that a process's children get.
  ///
  /// - Throws: `.noEntry` if the process is gone.
  public static func offsets(of pid: Int32) throws(Errno) -> Offsets {
    try read(Path("/proc/\(pid)/timens_offsets"))
  }

  private static func read(_ path: Path) throws(Errno) -> Offsets {
    let text = try FileSystem.readText(path)
    guard let offsets = Offsets(parsing: text) else { throw .badMessage }
    return offsets
  }
}
