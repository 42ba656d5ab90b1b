package import Linux

/// Writes what a container writes into its log, line by line.
///
/// A line that is not whole yet is kept back until it is, until it is longer than ``limit``, or
/// until the end.
package struct LogWriter: ~Copyable, Sendable {
  /// The longest piece of a line, as container runtimes have it.
  package static let limit = 16_384

  private let file: Descriptor
  private var pending: [LogLine.Stream: [UInt8]] = [:]

  /// Opens a log to write at its end; made if it is not there.
  package init(_ path: Path) throws(EngineError) {
    file = try attempt("opening the container's log", on: path) { () throws(Errno) in
      try Descriptor.open(path, .writeOnly, [.create, .append], mode: 0o640)
    }
  }

  /// Appends what was read from the container.
  ///
  /// - Throws: `.noSpace` when the disk is full: the container goes on, and these lines are lost.
  package mutating func append(
    _ bytes: [UInt8], from stream: LogLine.Stream, at time: Timestamp = Clock.wall()
  ) throws(Errno) {
    var rest = pending[stream, default: []] + bytes
    var out: [UInt8] = []
    while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
      Self.encode(rest[..<end], isPartial: false, stream, time, into: &out)
      rest.removeSubrange(...end)
    }
    let whole = rest.count / Self.limit * Self.limit
    if whole > 0 {
      Self.encode(rest[..<whole], isPartial: true, stream, time, into: &out)
      rest.removeSubrange(..<whole)
    }
    pending[stream] = rest
    // One write for all of it: a reader sees whole lines.
    if !out.isEmpty { try file.writeAll(out) }
  }

  /// Writes what was kept back: the container writes no more.
  package mutating func finish(at time: Timestamp = Clock.wall()) throws(Errno) {
    var out: [UInt8] = []
    for stream in [LogLine.Stream.output, .errors] {
      if let rest = pending[stream], !rest.isEmpty {
        Self.encode(rest[...], isPartial: true, stream, time, into: &out)
      }
    }
    pending = [:]
    if !out.isEmpty { try file.writeAll(out) }
  }

  /// Cuts a line into pieces of at most ``limit`` bytes; all but the last are partial in any case.
  private static func encode(
    _ text: ArraySlice<UInt8>, isPartial: Bool, _ stream: LogLine.Stream, _ time: Timestamp,
    into out: inout [UInt8]
  ) {
    var rest = text
    repeat {
      let piece = rest.prefix(limit)
      rest = rest.dropFirst(limit)
      out +=
        LogLine(
          time: time, stream: stream, isPartial: isPartial || !rest.isEmpty, text: Array(piece)
        ).encoded
    } while !rest.isEmpty
  }
}
