import Checkpoint
import Images
import Lifecycle
import Linux

/// What `thaw run --timeline` tells `thaw bench`, as JSON lines: what is over, and when it was.
struct TimelineEntry: Codable {
  /// What is over.
  enum What: Codable {
    case part(Running.Part)
    case server(InitEvent)
  }

  /// CLOCK_MONOTONIC of this machine, in milliseconds.
  var at: Double
  var what: What
}

/// Writes a timeline to a descriptor of the caller's.
struct TimelineWriter {
  private let raw: Int32

  init(_ raw: Int32) { self.raw = raw }

  func tell(_ what: TimelineEntry.What) {
    let entry = TimelineEntry(at: Clock.monotonic().milliseconds, what: what)
    // A bench that is gone measures nothing.
    guard let line = try? JSONText.line(entry) else { return }
    try? BorrowedDescriptor(raw).writeAll(line + [UInt8(ascii: "\n")])
  }
}

/// Reads a timeline as it is written.
struct TimelineReader: ~Copyable {
  private let reader: Descriptor
  private var pending: [UInt8] = []

  init(_ reader: consuming Descriptor) { self.reader = reader }

  /// The next entries; empty when the writer has ended or the deadline has passed.
  mutating func next(deadline: Deadline) throws -> [TimelineEntry] {
    while true {
      guard try reader.poll(for: .readable, deadline: deadline) else { return [] }
      let bytes = try reader.read(upTo: 1 << 16)
      guard !bytes.isEmpty else { return [] }
      pending += bytes
      guard let end = pending.lastIndex(of: UInt8(ascii: "\n")) else { continue }
      let lines = pending[..<end].split(separator: UInt8(ascii: "\n"))
      pending = Array(pending[(end + 1)...])
      return try lines.map { try JSONText.decode(TimelineEntry.self, from: Array($0)) }
    }
  }
}
