import Linux

/// A file in memory, which a child reaches by its descriptor's number.
struct MemoryFile: ~Copyable, Sendable {
  let descriptor: Descriptor

  /// Makes an empty file; `name` is only seen in `/proc`.
  init(_ name: String) throws(Errno) {
    descriptor = try Descriptor.memoryFile(name)
  }

  /// Puts text in place of what was in it.
  func replace(with text: String) throws(Errno) {
    try descriptor.truncate(to: 0)
    try descriptor.writeAll(Array(text.utf8), at: 0)
  }

  /// The first lines of what is in it.
  func lines() -> [String] {
    // Only told along with another error: what cannot be read is left out.
    let bytes = (try? descriptor.read(upTo: 64 << 10, at: 0)) ?? []
    return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
  }
}
