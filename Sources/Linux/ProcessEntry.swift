/// A line of the process table: `/proc/PID/stat`.
public struct ProcessEntry: Hashable, Sendable {
  /// Its number.
  public let pid: Int32
  /// Its name, at most 15 bytes.
  public let name: String
  /// `R`, `S`, `D`, `T`, `t`, `Z` and others of proc(5).
  public let state: Character
  /// The number of its parent; 0 if that is outside of this pid namespace.
  public let parent: Int32
  /// Its process group.
  public let group: Int32
  /// Its session.
  public let session: Int32
  /// When it started, in ticks (1/100 s) after the boot: with the number, it names one process for
  /// good.
  public let startTicks: UInt64

  /// Reads the line of a process; nil if it is gone.
  public init?(pid: Int32) {
    // Gone: nil.
    guard let text = try? FileSystem.readText(Path("/proc/\(pid)/stat")) else { return nil }
    self.init(parsing: text)
  }

  /// Reads a line; the name may hold anything, blanks and brackets included.
  public init?(parsing text: String) {
    guard let open = text.firstIndex(of: "("), let close = text.lastIndex(of: ")"), open < close,
      let pid = Int32(text[..<open].dropLast())
    else { return nil }
    let fields = text[text.index(after: close)...].split(whereSeparator: \.isWhitespace)
    guard fields.count > 19, let state = fields[0].first, let parent = Int32(fields[1]),
      let group = Int32(fields[2]), let session = Int32(fields[3]), let start = UInt64(fields[19])
    else { return nil }
    self.pid = pid
    name = String(text[text.index(after: open)..<close])
    self.state = state
    self.parent = parent
    self.group = group
    self.session = session
    startTicks = start
  }

  /// Whether only its exit status is left.
  public var hasEnded: Bool { state == "Z" || state == "X" }
}
