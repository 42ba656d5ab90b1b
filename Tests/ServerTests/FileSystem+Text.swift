import Linux

extension FileSystem {
  /// Writes a text.
  static func write(_ text: String, to path: Path) throws(Errno) {
    try writeFile(path, Array(text.utf8), mode: 0o644, durable: false)
  }
}
