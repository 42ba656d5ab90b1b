/// A file's path: text, never resolved by itself.
///
/// It is kept as it was given, but for slashes at its end. Two spellings of one file are two paths.
public struct Path: Hashable, Sendable, Comparable {
  /// The text, without a slash at its end unless it is the root.
  public let string: String

  /// Makes a path of text; an empty one becomes `.`.
  public init(_ string: String) {
    guard string.utf8.last == UInt8(ascii: "/") || string.isEmpty else {
      self.string = string
      return
    }
    var text = Substring(string)
    while text.utf8.count > 1, text.utf8.last == UInt8(ascii: "/") { text.removeLast() }
    self.string = text.isEmpty ? "." : String(text)
  }

  /// The root of the file system.
  public static let root = Path("/")

  /// Whether it starts at the root.
  public var isAbsolute: Bool { string.utf8.first == UInt8(ascii: "/") }

  /// The folder that holds it; the root's is the root, that of a bare name is `.`.
  public var parent: Path {
    guard let slash = string.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
    return slash == string.startIndex ? .root : Path(String(string[..<slash]))
  }

  /// What follows the last slash; the root's is `/`.
  public var lastComponent: String {
    guard string != "/", let slash = string.utf8.lastIndex(of: UInt8(ascii: "/")) else {
      return string
    }
    return String(string[string.utf8.index(after: slash)...])
  }

  /// The names between the slashes, without empty ones and without `.`.
  public var components: [String] {
    string.split(separator: "/").filter { $0 != "." }.map(String.init)
  }

  /// A path below another; a leading slash of the right side is ignored, so that it stays below.
  public static func / (left: Path, right: String) -> Path {
    let below = right.drop { $0 == "/" }
    guard !below.isEmpty else { return left }
    return Path(left.string == "/" ? "/" + below : left.string + "/" + below)
  }

  /// Whether this is another path or lies below it, by text alone.
  public func isInside(_ folder: Path) -> Bool {
    if self == folder || folder == .root && isAbsolute { return true }
    return string.hasPrefix(folder.string + "/")
  }

  /// The rest of a path below a folder, or nil if it is not below it; `.` for the folder itself.
  public func relative(to folder: Path) -> Path? {
    guard isInside(folder) else { return nil }
    return Path(String(string.dropFirst(folder.string.count).drop { $0 == "/" }))
  }

  /// Order by bytes, the same on every machine.
  public static func < (left: Path, right: Path) -> Bool {
    left.string.utf8.lexicographicallyPrecedes(right.string.utf8)
  }
}

extension Path: ExpressibleByStringLiteral, CustomStringConvertible {
  /// Makes a path of a literal.
  public init(stringLiteral value: String) {
    self.init(value)
  }

  /// The text itself.
  public var description: String { string }
}

extension Path: Codable {
  /// Reads it as plain text; a path with a zero byte is refused, because the kernel would end it
  /// there.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let text = try container.decode(String.self)
    guard !text.utf8.contains(0) else {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "a path with a zero byte")
    }
    self.init(text)
  }

  /// Writes it as plain text.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(string)
  }
}
