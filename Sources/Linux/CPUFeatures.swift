import CLinux

/// A processor, as far as a checkpoint depends on it.
public struct CPUFeatures: Hashable, Sendable, Codable {
  /// `GenuineIntel`, `AuthenticAMD`; the implementer's number on ARM.
  public var vendor: String
  /// Its name for people.
  public var model: String
  /// The features that the kernel names, such as `avx2`.
  public var flags: Set<String>
  /// Bytes that `xsave` needs for the features in use (leaf 0xD, ebx); 0 where there is none.
  public var xsaveSize: UInt32

  /// Makes a description of its parts.
  public init(vendor: String, model: String, flags: Set<String>, xsaveSize: UInt32) {
    self.vendor = vendor
    self.model = model
    self.flags = flags
    self.xsaveSize = xsaveSize
  }

  /// This machine's processor; flags are empty without `/proc`.
  public static func current() -> CPUFeatures {
    var registers = clinux_cpuid()
    let hasState = clinux_cpuid(0xD, 0, &registers) == 1
    // Without /proc nothing else is known.
    let text = (try? FileSystem.readText("/proc/cpuinfo")) ?? ""
    return CPUFeatures(parsing: text, xsaveSize: hasState ? registers.b : 0)
  }

  /// Reads the first processor of `/proc/cpuinfo`.
  public init(parsing text: String, xsaveSize: UInt32) {
    var values: [Substring: Substring] = [:]
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      guard let colon = line.firstIndex(of: ":") else {
        if values.isEmpty { continue }
        break
      }
      let end = line[..<colon].lastIndex { !$0.isWhitespace } ?? line.startIndex
      guard colon > line.startIndex else { continue }
      values[line[...end]] = line[line.index(after: colon)...].drop(while: \.isWhitespace)
    }
    self.init(
      vendor: String(values["vendor_id"] ?? values["CPU implementer"] ?? ""),
      model: String(values["model name"] ?? values["CPU part"] ?? ""),
      flags: Set(
        (values["flags"] ?? values["Features"] ?? "").split(separator: " ").map(String.init)),
      xsaveSize: xsaveSize)
  }

  /// The features that this processor has and another lacks, sorted.
  public func missing(on other: CPUFeatures) -> [String] {
    flags.subtracting(other.flags).sorted()
  }
}
