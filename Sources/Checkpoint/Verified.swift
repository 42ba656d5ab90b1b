import Linux

/// What the files of a checkpoint were when their digests were last known to be right: `verified` in
/// its folder.
///
/// A line for each content of the manifest: the digest, and the device, inode, size and times of the
/// file that had it. A file that still has all of them still has the digest and need not be read; the
/// kernel sets the time of change at every write and lets no program set it. The file belongs to one
/// host and is no part of the checkpoint: without it, or where it is damaged, files are read.
struct Verified: Equatable {
  /// The file's name.
  static let name = "verified"

  private static let heading = "thaw verified 1\n"

  private var lines: Set<Substring>

  /// Reads what was recorded in a folder; nil if there is nothing to go by.
  init?(in folder: Path) {
    // Whatever is wrong with the record, the checkpoint's files can be read instead.
    guard let text = try? FileSystem.readText(folder / Self.name), text.hasPrefix(Self.heading),
      text.hasSuffix("\n")
    else { return nil }
    lines = Set(text.dropFirst(Self.heading.count).split(separator: "\n"))
  }

  /// Whether a file of this status was seen with this content.
  func knows(_ content: Manifest.Content, _ status: FileStatus) -> Bool {
    lines.contains(Self.line(content, status)[...])
  }

  /// The text of a record.
  static func text(_ files: [(content: Manifest.Content, status: FileStatus)]) -> String {
    files.reduce(into: heading) { $0 += line($1.content, $1.status) + "\n" }
  }

  private static func line(_ content: Manifest.Content, _ status: FileStatus) -> String {
    """
    \(content.digest.hexadecimal) \(status.device) \(status.inode) \(status.size) \
    \(text(status.modified)) \(text(status.changed))
    """
  }

  private static func text(_ time: Timestamp) -> String { "\(time.seconds).\(time.nanoseconds)" }
}
