import CLinux

/// The five sets of capabilities of a thread.
public struct CapabilitySets: Hashable, Sendable {
  /// What counts now.
  public var effective: Set<Capability> = []
  /// What may be made effective.
  public var permitted: Set<Capability> = []
  /// What programs may inherit.
  public var inheritable: Set<Capability> = []
  /// What no program may get more than.
  public var bounding: Set<Capability> = []
  /// What programs without set-user bits keep.
  public var ambient: Set<Capability> = []

  /// Empty sets.
  public init() {}

  /// Those of the calling thread, asked without `/proc`.
  public static func current() -> CapabilitySets {
    var raw = clinux_capabilities()
    var sets = CapabilitySets()
    // It cannot fail for the caller itself.
    clinux_capabilities_get(0, &raw)
    sets.effective = Set(bits: raw.effective)
    sets.permitted = Set(bits: raw.permitted)
    sets.inheritable = Set(bits: raw.inheritable)
    sets.bounding = Set(Capability.allCases.filter { clinux_bounding_has($0.rawValue) == 1 })
    sets.ambient = Set(Capability.allCases.filter { clinux_ambient_has($0.rawValue) == 1 })
    return sets
  }

  /// Gives the calling thread these effective, permitted and inheritable sets; the other two stay.
  ///
  /// - Throws: `.permission` for more than is permitted now.
  public func apply() throws(Errno) {
    var raw = clinux_capabilities()
    raw.effective = effective.bits
    raw.permitted = permitted.bits
    raw.inheritable = inheritable.bits
    try checked(clinux_capabilities_set(&raw))
  }

  /// Makes permitted capabilities effective, and has the programs that the calling thread starts keep
  /// them.
  ///
  /// - Throws: `.permission` for one that is not permitted.
  public static func keep(_ capabilities: Set<Capability>) throws(Errno) {
    var sets = current()
    sets.effective.formUnion(capabilities)
    sets.inheritable.formUnion(capabilities)
    try sets.apply()
    for capability in capabilities { try checked(clinux_ambient_raise(capability.rawValue)) }
  }

  /// Those of a process.
  ///
  /// - Throws: `.noEntry` if it is gone.
  public static func of(pid: Int32) throws(Errno) -> CapabilitySets {
    CapabilitySets(parsing: try FileSystem.readText(Path("/proc/\(pid)/status")))
  }

  /// Reads the `Cap…` lines of `/proc/PID/status`; missing ones are empty sets.
  public init(parsing text: String) {
    for line in text.split(separator: "\n") where line.hasPrefix("Cap") {
      let parts = line.split(whereSeparator: { $0 == ":" || $0.isWhitespace })
      guard parts.count == 2, let bits = UInt64(parts[1], radix: 16) else { continue }
      switch parts[0] {
      case "CapInh": inheritable = Set(bits: bits)
      case "CapPrm": permitted = Set(bits: bits)
      case "CapEff": effective = Set(bits: bits)
      case "CapBnd": bounding = Set(bits: bits)
      case "CapAmb": ambient = Set(bits: bits)
      default: break
      }
    }
  }
}
