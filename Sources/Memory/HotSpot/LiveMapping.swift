import Linux

/// A line of `/proc/PID/maps`.
struct LiveMapping: Hashable, Sendable {
  /// The lowest address.
  var start: UInt64
  /// The address behind the last byte.
  var end: UInt64
  /// Four letters such as `rw-p`; the last is `p` for private and `s` for shared.
  var rights: String
  /// The inode of its file; 0 for memory without one.
  var inode: UInt64
  /// The file's path or a name in brackets; empty for memory without a name.
  var name: String

  /// Reads a line; nil if it is none.
  init?(parsing line: some StringProtocol) {
    // The name may hold blanks: only the first five columns are split.
    let fields = line.split(separator: " ", maxSplits: 5, omittingEmptySubsequences: true)
    guard fields.count >= 5 else { return nil }
    let bounds = fields[0].split(separator: "-", omittingEmptySubsequences: false)
    guard bounds.count == 2, let start = UInt64(bounds[0], radix: 16),
      let end = UInt64(bounds[1], radix: 16), start < end, fields[1].utf8.count == 4,
      let inode = UInt64(fields[4])
    else { return nil }
    self.start = start
    self.end = end
    self.inode = inode
    rights = String(fields[1])
    name = fields.count > 5 ? String(fields[5].drop { $0 == " " }) : ""
  }

  /// The mappings of a process in ascending order.
  static func all(of pid: Int32) throws(Errno) -> [LiveMapping] {
    let text = try FileSystem.readText(Path("/proc/\(pid)/maps"))
    return text.split(separator: "\n").compactMap { LiveMapping(parsing: $0) }
  }

  /// Whether changes to it are the process's own.
  var isPrivate: Bool { rights.hasSuffix("p") }

  /// Whether code in it may run.
  var isExecutable: Bool { rights.utf8.dropFirst(2).first == UInt8(ascii: "x") }

  /// Whether it is memory that no file stands behind, and not one of the kernel's own kinds.
  ///
  /// `[anon:…]` is a name that the program gave (PR_SET_VMA); `[heap]` and `[stack]` grow by
  /// themselves.
  var isAnonymous: Bool { inode == 0 && (name.isEmpty || name.hasPrefix("[anon:")) }

  /// Whether it is memory of a thawed process that was mapped by Thaw, and without a file before.
  var isMemoryFile: Bool { name == "/run/thaw/memory" }

  /// Whether it shares an address with a range.
  func overlaps(_ range: KnownRange) -> Bool { start < range.end && range.start < end }
}
