import Glibc

/// Reading and writing.
extension Descriptor {
  /// Reads what is there, at most a number of bytes; empty at the end of the file.
  ///
  /// - Throws: `.again` on a non-blocking descriptor with nothing to read.
  public borrowing func read(upTo limit: Int) throws(Errno) -> [UInt8] {
    let raw = rawValue
    return try filled(limit) { Glibc.read(raw, $0.baseAddress, $0.count) }
  }

  /// Reads what is there into memory, and returns how many bytes that were; 0 at the end of the file.
  ///
  /// - Throws: `.again` on a non-blocking descriptor with nothing to read.
  public borrowing func read(into buffer: UnsafeMutableRawBufferPointer) throws(Errno) -> Int {
    let raw = rawValue
    return try retrying { Glibc.read(raw, buffer.baseAddress, buffer.count) }
  }

  /// Reads at a position, and leaves the descriptor's own where it is.
  public borrowing func read(upTo limit: Int, at offset: Int64) throws(Errno) -> [UInt8] {
    let raw = rawValue
    return try filled(limit) { pread(raw, $0.baseAddress, $0.count, off_t(offset)) }
  }

  /// Reads from here to the end of the file.
  public borrowing func readAll() throws(Errno) -> [UInt8] {
    // Files of /proc say 0; others are read in one call.
    let size = (try? status().size) ?? 0  // no status: then in pieces
    var bytes = try read(upTo: max(Int(size) + 1, 16_384))
    guard !bytes.isEmpty else { return bytes }
    while true {
      let more = try read(upTo: 65_536)
      if more.isEmpty { return bytes }
      bytes += more
    }
  }

  /// Writes what fits, and returns how many bytes that were.
  ///
  /// - Throws: `.again` on a non-blocking descriptor that takes nothing now.
  @discardableResult
  public borrowing func write(_ bytes: [UInt8]) throws(Errno) -> Int {
    let raw = rawValue
    return try bytes.span.bytes.withUnsafeBytes { (buffer) throws(Errno) -> Int in
      try retrying { Glibc.write(raw, buffer.baseAddress, buffer.count) }
    }
  }

  /// Writes all bytes; it may block.
  public borrowing func writeAll(_ bytes: [UInt8]) throws(Errno) {
    try writeAll(bytes.span.bytes)
  }

  /// Writes all bytes; it may block.
  public borrowing func writeAll(_ bytes: RawSpan) throws(Errno) {
    let raw = rawValue
    try bytes.withUnsafeBytes { (buffer) throws(Errno) in
      var done = 0
      while done < buffer.count {
        let rest = UnsafeRawBufferPointer(rebasing: buffer[done...])
        done += try retrying { Glibc.write(raw, rest.baseAddress, rest.count) }
      }
    }
  }

  /// Writes all bytes at a position, and leaves the descriptor's own where it is.
  public borrowing func writeAll(_ bytes: [UInt8], at offset: Int64) throws(Errno) {
    try writeAll(bytes.span.bytes, at: offset)
  }

  /// Writes all bytes at a position, and leaves the descriptor's own where it is.
  public borrowing func writeAll(_ bytes: RawSpan, at offset: Int64) throws(Errno) {
    let raw = rawValue
    try bytes.withUnsafeBytes { (buffer) throws(Errno) in
      var done = 0
      while done < buffer.count {
        let rest = UnsafeRawBufferPointer(rebasing: buffer[done...])
        done += try retrying { pwrite(raw, rest.baseAddress, rest.count, off_t(offset) + done) }
      }
    }
  }

  /// Brings the file's data and status to the disk: `fsync`.
  public borrowing func synchronize() throws(Errno) {
    let raw = rawValue
    try retrying { fsync(raw) }
  }

  /// Makes the file as long as told: cut off, or with a hole at its end.
  public borrowing func truncate(to size: Int64) throws(Errno) {
    let raw = rawValue
    try retrying { ftruncate(raw, off_t(size)) }
  }

  /// Moves the descriptor's position, and returns it counted from the file's start.
  @discardableResult
  public borrowing func seek(_ offset: Int64, from origin: Origin = .start) throws(Errno) -> Int64 {
    let raw = rawValue
    return Int64(try retrying { lseek(raw, off_t(offset), origin.rawValue) })
  }

  /// Where a position is counted from.
  public enum Origin: CInt, Sendable {
    /// SEEK_SET: the start of the file.
    case start = 0
    /// SEEK_CUR: where the descriptor stands.
    case current = 1
    /// SEEK_END: the end of the file.
    case end = 2
  }

  /// Whether reads and writes return at once instead of waiting.
  public borrowing func setNonBlocking(_ on: Bool) throws(Errno) {
    let raw = rawValue
    let flags = try retrying { fcntl(raw, F_GETFL) }
    let wanted = on ? flags | O_NONBLOCK : flags & ~O_NONBLOCK
    guard wanted != flags else { return }
    try retrying { fcntl(raw, F_SETFL, wanted) }
  }

  /// What the kernel knows about the open file.
  public borrowing func status() throws(Errno) -> FileStatus {
    let raw = rawValue
    var buffer = stat()
    try retrying { fstat(raw, &buffer) }
    return FileStatus(buffer)
  }
}

/// An array filled by one call that reads.
private func filled(
  _ limit: Int, _ body: (UnsafeMutableRawBufferPointer) -> Int
) throws(Errno) -> [UInt8] {
  // The standard library rethrows untyped here; the error travels beside it.
  var failure: Errno?
  let bytes = [UInt8](unsafeUninitializedCapacity: max(limit, 0)) { buffer, count in
    while true {
      let result = body(UnsafeMutableRawBufferPointer(buffer))
      if result >= 0 {
        count = result
        return
      }
      if errno == EINTR { continue }
      failure = Errno(rawValue: errno)
      return
    }
  }
  if let failure { throw failure }
  return bytes
}
