import CLinux

/// A range of a file, mapped into this process's memory to be read.
///
/// It needs its descriptor only to be made. The pages come from the page cache when they are
/// touched. A file that becomes shorter meanwhile, or a disk that fails, ends the process with
/// SIGBUS: map only what nobody cuts off.
public struct FileMapping: ~Copyable, Sendable {
  /// The range of the file: without what lies behind its end.
  public let range: Range<Int64>

  // Addresses, so that the value can go from thread to thread: nobody writes there.
  private let start: UInt
  private let length: Int
  private let offset: Int

  /// Maps a range of a file; it need not begin at a page.
  ///
  /// - Parameters:
  ///   - descriptor: a file that is open for reading.
  ///   - range: what to map; nil for the whole file. What lies behind the file's end is left out.
  ///   - reads: whether everything is read now, with large reads (MAP_POPULATE), and no page faults
  ///     are left for later.
  /// - Throws: `.access` if the file is not open for reading, `.noDevice` if it cannot be mapped.
  public init(
    _ descriptor: borrowing Descriptor, _ range: Range<Int64>? = nil, reads: Bool = false
  ) throws(Errno) {
    let end = Int64(clamping: try descriptor.status().size)
    let told = range ?? 0..<end
    guard told.lowerBound >= 0 else { throw .invalid }
    let range = min(told.lowerBound, end)..<min(told.upperBound, end)
    let page = Int64(Host.pageSize)
    let first = range.lowerBound / page * page
    var address: UnsafeMutableRawPointer?
    // A mapping of no bytes is refused by the kernel.
    let length = range.isEmpty ? 0 : Int(range.upperBound - first)
    if length > 0 {
      try checked(clinux_map_file(descriptor.rawValue, first, length, reads, &address))
    }
    self.range = range
    self.length = length
    start = UInt(bitPattern: address)
    offset = Int(range.lowerBound - first)
  }

  deinit {
    if let address = UnsafeMutableRawPointer(bitPattern: start) {
      _ = clinux_unmap(address, length)
    }
  }

  /// Calls a function with the bytes.
  public borrowing func withBytes<Value: ~Copyable, Failure: Error>(
    _ body: (RawSpan) throws(Failure) -> Value
  ) throws(Failure) -> Value {
    try withUnsafeBytes { (buffer) throws(Failure) in
      try body(buffer.bytes)
    }
  }

  /// Calls a function with the bytes' address, for C.
  public borrowing func withUnsafeBytes<Value: ~Copyable, Failure: Error>(
    _ body: (UnsafeRawBufferPointer) throws(Failure) -> Value
  ) throws(Failure) -> Value {
    let address = UnsafeRawPointer(bitPattern: start)
    return try body(UnsafeRawBufferPointer(start: address.map { $0 + offset }, count: range.count))
  }
}

extension Descriptor {
  /// Calls a function with the bytes of the file, or of a range of it, mapped into memory; see
  /// ``FileMapping``.
  public borrowing func withMapping<Value: ~Copyable>(
    of range: Range<Int64>? = nil, reads: Bool = false,
    _ body: (RawSpan) throws(Errno) -> Value
  ) throws(Errno) -> Value {
    try FileMapping(self, range, reads: reads).withBytes(body)
  }
}
