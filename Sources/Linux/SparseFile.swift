import Glibc

/// A file that is read from its beginning to its end in pieces, its holes without being read.
public struct SparseFile: ~Copyable {
  /// The open file.
  public let file: Descriptor
  private let buffer: UnsafeMutableRawBufferPointer

  /// Bytes of a piece: what stays in a processor's cache until it is used.
  private static let piece = 256 << 10
  /// What holes are read as; never written, nor freed.
  nonisolated(unsafe) private static let zeros: UnsafeRawBufferPointer = {
    let zeros = UnsafeMutableRawBufferPointer.allocate(byteCount: piece, alignment: 4096)
    zeros.initializeMemory(as: UInt8.self, repeating: 0)
    return UnsafeRawBufferPointer(zeros)
  }()

  /// Opens a file; a symbolic link is not followed.
  public init(_ path: Path) throws(Errno) {
    let file = try Descriptor.open(path, .readOnly, .noFollow)
    let raw = file.rawValue
    // Advice only: where the kernel takes none, it reads ahead less.
    _ = posix_fadvise(raw, 0, 0, POSIX_FADV_SEQUENTIAL)
    self.file = file
    buffer = .allocate(byteCount: Self.piece, alignment: 4096)
  }

  deinit {
    buffer.deallocate()
  }

  /// Calls a function with the bytes of a part of the file, piece by piece, and returns how many
  /// there were: fewer than asked for if the file ends before.
  @discardableResult
  public borrowing func read(
    _ range: Range<Int64>, _ body: (RawSpan) throws(Errno) -> Void
  ) throws(Errno) -> Int64 {
    var position = range.lowerBound
    while position < range.upperBound {
      let wanted = Int(min(Int64(buffer.count), range.upperBound - position))
      let part = UnsafeMutableRawBufferPointer(rebasing: buffer[..<wanted])
      let count = try file.read(into: part, at: position)
      guard count > 0 else { break }
      try body(UnsafeRawBufferPointer(rebasing: part[..<count]).bytes)
      position += Int64(count)
    }
    return position - range.lowerBound
  }

  /// Calls a function with all bytes of the file, piece by piece, holes as zeros.
  public borrowing func readAll(_ body: (RawSpan) throws(Errno) -> Void) throws(Errno) {
    let size = try file.status().size
    var position: Int64 = 0
    for extent in try file.dataRanges(in: 0..<size) {
      try fill(extent.lowerBound - position, body)
      position = extent.lowerBound
      position += try read(extent, body)
    }
    try fill(size - position, body)
    // Files of /proc say 0, and one may grow meanwhile.
    try read(max(size, position)..<Int64.max, body)
  }

  private borrowing func fill(
    _ count: Int64, _ body: (RawSpan) throws(Errno) -> Void
  ) throws(Errno) {
    var left = count
    while left > 0 {
      let part = Int(min(Int64(Self.piece), left))
      try body(UnsafeRawBufferPointer(rebasing: Self.zeros[..<part]).bytes)
      left -= Int64(part)
    }
  }
}
