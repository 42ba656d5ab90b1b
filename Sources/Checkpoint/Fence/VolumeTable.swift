package import Linux

/// What lies in a volume, file by file, told by statuses alone: one line for each file, folder and link.
///
/// Nothing is read. The kernel sets the time of change at every write, every change of mode or owner and every new name, and
/// lets no program set it; a file that was put in place of another has another inode. So a volume whose lines are the
/// same has the same content, as long as all changes were made through this kernel's clock: no table is taken before
/// ``settle()``, because two changes within one tick of the clock have the same time.
package struct VolumeTable: Sendable, Equatable {
  /// The lines, as they are kept in a checkpoint.
  package let bytes: [UInt8]
  /// How many there are.
  package let entries: Int
  /// The latest time that any of them has.
  let latest: Timestamp

  /// Looks at all that is in a folder, but for names in the folder itself that are not the server's; or at one file.
  ///
  /// - Throws: ``Errno``; `.crossDevice` if another file system is mounted in it, of which nothing would be known.
  package init(of folder: Path, leavingOut names: Set<String>) throws {
    let top = try FileSystem.status(folder)
    // Its own times change with names that are left out.
    var bytes = Array("\(top.mode.rawValue) \(top.owner) \(top.group)\n".utf8)
    var (entries, latest) = (0, Timestamp(seconds: 0))
    var skipped = false
    guard top.kind == .directory else {
      Self.append(folder.lastComponent, top, to: &bytes)
      self.bytes = bytes
      self.entries = 1
      self.latest = max(top.changed, top.modified)
      return
    }
    try FileSystem.walk(folder) { path, status in
      let text = path.string
      if let slash = text.utf8.firstIndex(of: UInt8(ascii: "/")) {
        if skipped, names.contains(String(text[..<slash])) { return }
      } else {
        skipped = names.contains(text)
        if skipped { return }
      }
      guard status.device == top.device else { throw Errno.crossDevice }
      Self.append(text, status, to: &bytes)
      entries += 1
      latest = max(latest, status.changed, status.modified)
    }
    self.bytes = bytes
    self.entries = entries
    self.latest = latest
  }

  /// What is different from a table that was kept; nil if nothing is.
  package func firstChange(from kept: [UInt8]) -> String? {
    guard bytes != kept else { return nil }
    let (now, then) = (Self.lines(bytes), Self.lines(kept))
    guard now.first == then.first else { return "its folder has another mode or owner" }
    let (new, old) = (Self.table(now), Self.table(then))
    for (path, line) in old.sorted(by: { $0.key < $1.key }) where new[path] != line {
      return new[path] == nil ? "\(path) is gone" : "\(path) was changed"
    }
    if let path = new.keys.filter({ old[$0] == nil }).min() { return "\(path) is new" }
    return "the table of its files is damaged"
  }

  /// Waits until a change from now on would have another time than all that the table knows; false if that takes longer
  /// than a clock's tick, because times lie in the future.
  package func settle() -> Bool {
    let deadline = Deadline.after(.milliseconds(50))
    while latest >= Clock.coarseWall() {
      if deadline.hasPassed { return false }
      Deadline.after(.milliseconds(1)).pass()
    }
    return true
  }

  private static func append(_ path: String, _ status: FileStatus, to bytes: inout [UInt8]) {
    bytes.append(letter(status.kind))
    for number in [
      UInt64(status.mode.rawValue), UInt64(status.owner), UInt64(status.group), status.inode,
      status.specialDevice,
    ] {
      append(number, to: &bytes)
    }
    // What a folder's size is differs between file systems, and means nothing.
    append(status.kind == .directory ? 0 : UInt64(bitPattern: status.size), to: &bytes)
    for time in [status.modified, status.changed] {
      append(UInt64(bitPattern: time.seconds), to: &bytes)
      append(UInt64(UInt32(bitPattern: time.nanoseconds)), to: &bytes)
    }
    bytes.append(UInt8(ascii: " "))
    for byte in path.utf8 { bytes.append(byte == UInt8(ascii: "\n") ? 0 : byte) }
    bytes.append(UInt8(ascii: "\n"))
  }

  private static func append(_ number: UInt64, to bytes: inout [UInt8]) {
    bytes.append(UInt8(ascii: " "))
    let start = bytes.count
    var rest = number
    repeat {
      bytes.append(UInt8(ascii: "0") + UInt8(rest % 10))
      rest /= 10
    } while rest > 0
    bytes[start...].reverse()
  }

  private static func letter(_ kind: FileStatus.Kind) -> UInt8 {
    switch kind {
    case .file: UInt8(ascii: "f")
    case .directory: UInt8(ascii: "d")
    case .symbolicLink: UInt8(ascii: "l")
    case .fifo: UInt8(ascii: "p")
    case .socket: UInt8(ascii: "s")
    case .block: UInt8(ascii: "b")
    case .character: UInt8(ascii: "c")
    case .other: UInt8(ascii: "o")
    }
  }

  private static func lines(_ bytes: [UInt8]) -> [ArraySlice<UInt8>] {
    bytes.split(separator: UInt8(ascii: "\n"))
  }

  /// The lines by the path at their end, which may have blanks.
  private static func table(_ lines: [ArraySlice<UInt8>]) -> [String: ArraySlice<UInt8>] {
    var found: [String: ArraySlice<UInt8>] = [:]
    for line in lines.dropFirst() {
      let fields = line.split(separator: UInt8(ascii: " "), maxSplits: 11)
      if let path = fields.last { found[String(decoding: path, as: UTF8.self)] = line }
    }
    return found
  }
}
