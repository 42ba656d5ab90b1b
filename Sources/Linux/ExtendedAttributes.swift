import CLinux

/// Extended attributes.
extension FileSystem {
  /// The attribute with which an overlay's folder hides those below it; its value then is `y`.
  public static let opaqueAttribute = "trusted.overlay.opaque"

  /// A file's extended attributes; those of a symbolic link itself if it is one.
  ///
  /// `trusted.` ones, such as overlayfs keeps, show only with CAP_SYS_ADMIN.
  ///
  /// - Throws: `.notSupported` on file systems without them.
  public static func attributes(_ path: Path) throws(Errno) -> [String: [UInt8]] {
    try AttributeHolder(path: Array(path.string.utf8CString)).all()
  }

  /// The same, none on file systems without them.
  public static func attributesIfAny(_ path: Path) throws(Errno) -> [String: [UInt8]] {
    do throws(Errno) {
      return try attributes(path)
    } catch {
      guard error == .notSupported else { throw error }
      return [:]
    }
  }

  /// Whether an overlay's folder hides those below it.
  public static func isOpaque(_ folder: Path) throws(Errno) -> Bool {
    try attributesIfAny(folder)[opaqueAttribute] == [UInt8(ascii: "y")]
  }

  /// Sets an extended attribute; of a symbolic link itself if it is one.
  public static func setAttribute(
    _ path: Path, _ name: String, _ value: [UInt8]
  ) throws(Errno) {
    try AttributeHolder(path: Array(path.string.utf8CString)).set(name, value)
  }
}

/// A file by its path, or by its descriptor if there is no path.
struct AttributeHolder {
  var path: [CChar]?
  var descriptor: CInt = -1

  /// All attributes with their values.
  func all() throws(Errno) -> [String: [UInt8]] {
    let list = try bytes { clinux_list_attributes(path, descriptor, $0, $1) }
    var found: [String: [UInt8]] = [:]
    for bytes in list.split(separator: 0) {
      let name = String(decoding: bytes, as: UTF8.self)
      do {
        found[name] = try self.bytes { clinux_get_attribute(path, descriptor, name, $0, $1) }
      } catch .noData {
        continue  // removed meanwhile
      }
    }
    return found
  }

  /// Sets one.
  func set(_ name: String, _ value: [UInt8]) throws(Errno) {
    try checked(clinux_set_attribute(path, descriptor, name, value, value.count))
  }

  /// Sets those of another file that this one has not, or has with another value.
  func copyAll(from other: AttributeHolder) throws(Errno) {
    let wanted: [String: [UInt8]]
    do {
      wanted = try other.all()
    } catch .notSupported {
      return
    }
    for (name, value) in wanted { try set(name, value) }
  }

  /// Asks for a size, then for as many bytes, again if it grew meanwhile.
  private func bytes(
    _ body: (UnsafeMutableRawPointer?, Int) -> Int
  ) throws(Errno) -> [UInt8] {
    while true {
      let size = body(nil, 0)
      guard size >= 0 else { throw Errno(rawValue: CInt(-size)) }
      guard size > 0 else { return [] }
      var buffer = [UInt8](repeating: 0, count: size)
      let count = buffer.withUnsafeMutableBytes { body($0.baseAddress, $0.count) }
      if count == -Int(Errno.outOfRange.rawValue) { continue }
      guard count >= 0 else { throw Errno(rawValue: CInt(-count)) }
      return Array(buffer[..<count])
    }
  }
}
