package import Linux

/// Reads a container's log, also while it grows.
package struct LogReader: ~Copyable, Sendable {
  private let path: Path
  private let file: Descriptor
  private var offset: Int64 = 0
  private var rest: [UInt8] = []

  /// Opens a log.
  ///
  /// - Throws: `.noSuchContainer` if there is none.
  package init(_ path: Path) throws(EngineError) {
    do {
      file = try Descriptor.open(path, .readOnly)
    } catch {
      throw EngineError(
        error, trying: "opening the container's log", on: path.string,
        code: error == .noEntry ? .noSuchContainer : .failed)
    }
    self.path = path
  }

  /// The lines that were written since the last call, or all; lines that are none are passed over.
  ///
  /// - Parameters:
  ///   - tail: only the last so many whole lines; pieces of one line count as one.
  ///   - since: only those that are not older.
  /// - Returns: whole lines only; the rest comes with the next call.
  /// - Throws: what the kernel gives.
  package mutating func read(
    tail: Int? = nil, since: Timestamp? = nil
  ) throws(EngineError) -> [LogLine] {
    if let tail { try skip(toLast: tail) }
    var lines: [LogLine] = []
    while true {
      let more = try attempt("reading the container's log", on: path) { () throws(Errno) in
        try file.read(upTo: 1 << 20, at: offset)
      }
      if more.isEmpty { break }
      offset += Int64(more.count)
      lines += take(more)
    }
    if let since { lines.removeAll { $0.time < since } }
    return lines
  }

  /// Calls a function with what is written, now and from now on, until nothing more can be written.
  ///
  /// - Parameters:
  ///   - since: only lines that are not older.
  ///   - cancel: a descriptor that becomes readable when the wait is to end.
  ///   - isWritten: whether the container still runs; asked when nothing new is there.
  ///   - body: gets the new lines.
  /// - Throws: what the kernel gives, or what the functions throw.
  package mutating func follow(
    since: Timestamp? = nil, cancel: Int32? = nil, isWritten: () throws(EngineError) -> Bool,
    _ body: ([LogLine]) throws(EngineError) -> Void
  ) throws(EngineError) {
    let watch = try attempt("watching the container's log", on: path) { () throws(Errno) in
      let watch = try Inotify()
      _ = try watch.watch(path, [.modify, .closeWrite])
      return watch
    }
    var pause = Duration.seconds(1)
    while true {
      // In this order: what was written before the end is not missed.
      let goesOn = try isWritten()
      let lines = try read(since: since)
      if !lines.isEmpty { try body(lines) }
      guard goesOn else { return }
      let (isCancelled, isChanged) = try attempt("watching the container's log", on: path) {
        () throws(Errno) in try wait(watch, cancel, .after(pause))
      }
      if isCancelled { return }
      // A monitor that ends closes the log first: soon after a change it may be over without
      // another.
      pause = isChanged ? .milliseconds(50) : .seconds(1)
    }
  }

  private func wait(
    _ watch: borrowing Inotify, _ cancel: Int32?, _ deadline: Deadline
  ) throws(Errno) -> (isCancelled: Bool, isChanged: Bool) {
    let epoll = try Epoll()
    try epoll.add(watch.rawValue, .readable, token: 0)
    if let cancel { try epoll.add(cancel, .readable, token: 1) }
    let tokens = try epoll.wait(deadline: deadline).map(\.token)
    _ = try watch.drain()
    return (tokens.contains(1), tokens.contains(0))
  }

  /// Takes the whole lines of what was read.
  private mutating func take(_ bytes: [UInt8]) -> [LogLine] {
    let all = rest.isEmpty ? bytes[...] : (rest + bytes)[...]
    guard let last = all.lastIndex(of: UInt8(ascii: "\n")) else {
      rest = Array(all)
      return []
    }
    rest = Array(all[(last + 1)...])
    return all[..<last].split(separator: UInt8(ascii: "\n")).compactMap { LogLine(parsing: $0) }
  }

  /// Goes back from the end until so many lines lie ahead.
  private mutating func skip(toLast count: Int) throws(EngineError) {
    offset = try attempt("reading the container's log", on: path) { () throws(Errno) in
      var start = try file.status().size
      var tail: [UInt8] = []
      while true {
        if let place = Self.start(ofLast: count, in: tail, isAll: start == 0) {
          return start + Int64(place)
        }
        let length = min(start, 65_536)
        start -= length
        tail = try file.read(upTo: Int(length), at: start) + tail
      }
    }
    rest = []
  }

  /// Where the last lines begin in the end of a log; nil if more of it is needed to tell.
  static func start(ofLast count: Int, in bytes: [UInt8], isAll: Bool) -> Int? {
    guard count > 0 else { return bytes.count }
    var found = 0
    var end = bytes.count
    while end > 0 {
      // The piece that ends here, and the one before, which says whether this one begins a line.
      let start = (bytes[..<(end - 1)].lastIndex(of: UInt8(ascii: "\n")) ?? -1) + 1
      guard start > 0 else { break }
      let before = (bytes[..<(start - 1)].lastIndex(of: UInt8(ascii: "\n")) ?? -1) + 1
      guard before > 0 || isAll else { return nil }
      if LogLine(parsing: bytes[before..<(start - 1)])?.isPartial != true {
        found += 1
        if found == count { return start }
      }
      end = start
    }
    return isAll ? 0 : nil
  }
}
