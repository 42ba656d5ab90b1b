package import Linux

/// A line of a container's log, in the format of Kubernetes' container runtimes:
/// `2026-11-23T19:00:00.000000000Z stdout F text`.
package struct LogLine: Hashable, Sendable {
  /// Where the container wrote it.
  package enum Stream: String, Hashable, Sendable {
    /// Descriptor 1.
    case output = "stdout"
    /// Descriptor 2.
    case errors = "stderr"
  }

  /// When it was read from the container.
  package var time: Timestamp
  /// Where it was written.
  package var stream: Stream
  /// Whether no line end follows: `P`, else `F`.
  package var isPartial: Bool
  /// The bytes, without the line end.
  package var text: [UInt8]

  package init(time: Timestamp, stream: Stream, isPartial: Bool, text: [UInt8]) {
    self.time = time
    self.stream = stream
    self.isPartial = isPartial
    self.text = text
  }

  /// Reads a line without its end; nil if it is none.
  package init?(parsing line: ArraySlice<UInt8>) {
    let fields = line.split(
      separator: UInt8(ascii: " "), maxSplits: 3, omittingEmptySubsequences: false)
    guard fields.count == 4, let time = LogTime.parse(fields[0]),
      let stream = Stream(rawValue: String(decoding: fields[1], as: UTF8.self))
    else { return nil }
    // Tags are separated by colons; the first says what follows.
    switch fields[2].first {
    case UInt8(ascii: "F"): isPartial = false
    case UInt8(ascii: "P"): isPartial = true
    default: return nil
    }
    self.time = time
    self.stream = stream
    text = Array(fields[3])
  }

  /// The line with its end, as it lies in the log.
  package var encoded: [UInt8] {
    let head = "\(LogTime.text(of: time)) \(stream.rawValue) \(isPartial ? "P" : "F") "
    return Array(head.utf8) + text + [UInt8(ascii: "\n")]
  }

  /// What the container wrote.
  package var written: [UInt8] { isPartial ? text : text + [UInt8(ascii: "\n")] }
}
