/// A line of `/proc/PID/mountinfo`.
public struct MountEntry: Hashable, Sendable {
  /// The mount's number.
  public let id: Int32
  /// The number of the mount that it lies in.
  public let parent: Int32
  /// The device, `major:minor`.
  public let device: String
  /// Which part of the file system is shown: `/` for all of it.
  public let root: Path
  /// Where it is mounted.
  public let target: Path
  /// The mount's own options, such as `ro` and `nosuid`.
  public let options: [String]
  /// How mounts are passed on: `shared:1`, `master:2`; empty for private.
  public let propagation: [String]
  /// The kind of file system.
  public let type: String
  /// What was mounted: a device, or any text.
  public let source: String
  /// The file system's options.
  public let fileSystemOptions: [String]

  /// Whether it cannot be written.
  public var isReadOnly: Bool { options.contains("ro") || fileSystemOptions.contains("ro") }

  /// Reads a line; nil if it is none.
  public init?(parsing line: some StringProtocol) {
    let fields = String(line).split(separator: " " as Character, omittingEmptySubsequences: false)
      .map(String.init)
    guard fields.count >= 9, let id = Int32(fields[0]), let parent = Int32(fields[1]),
      let dash = fields[6...].firstIndex(of: "-"), fields.count > dash + 2
    else { return nil }
    self.id = id
    self.parent = parent
    device = fields[2]
    root = Path(MountEntry.unescaped(fields[3]))
    target = Path(MountEntry.unescaped(fields[4]))
    options = fields[5].split(separator: ",").map(String.init)
    propagation = Array(fields[6..<dash])
    type = fields[dash + 1]
    source = MountEntry.unescaped(fields[dash + 2])
    fileSystemOptions =
      fields.count > dash + 3 ? fields[dash + 3].split(separator: ",").map(String.init) : []
  }

  /// Blank, tab, newline and backslash come as three octal digits.
  static func unescaped(_ text: String) -> String {
    guard text.utf8.contains(UInt8(ascii: "\\")) else { return text }
    let bytes = Array(text.utf8)
    var out: [UInt8] = []
    var index = 0
    while index < bytes.count {
      let digits = bytes[index...].dropFirst().prefix(3)
      if bytes[index] == UInt8(ascii: "\\"), digits.count == 3,
        let value = UInt8(String(decoding: digits, as: UTF8.self), radix: 8)
      {
        out.append(value)
        index += 4
      } else {
        out.append(bytes[index])
        index += 1
      }
    }
    return String(decoding: out, as: UTF8.self)
  }
}
