import CLinux
import Glibc

/// Files with holes, and reads and writes that need no array.
extension Descriptor {
  /// Reads at a position into memory, as much as there is room for.
  ///
  /// - Returns: how many bytes were read; fewer than there is room for only at the end of the file.
  @discardableResult
  public borrowing func read(
    into buffer: UnsafeMutableRawBufferPointer, at offset: Int64
  ) throws(Errno) -> Int {
    let raw = rawValue
    var done = 0
    while done < buffer.count {
      let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[done...])
      let count = try retrying { pread(raw, rest.baseAddress, rest.count, off_t(offset) + done) }
      if count == 0 { break }
      done += count
    }
    return done
  }

  /// Reads at a position into elements of an array, as many as there are, or a number of bytes.
  ///
  /// - Returns: how many bytes were read; fewer only at the end of the file.
  @discardableResult
  public borrowing func read<Element: BitwiseCopyable>(
    into elements: inout MutableSpan<Element>, upTo limit: Int = .max, at offset: Int64
  ) throws(Errno) -> Int {
    try elements.withUnsafeMutableBytes { (buffer) throws(Errno) in
      let part = buffer[..<min(limit, buffer.count)]
      return try read(into: UnsafeMutableRawBufferPointer(rebasing: part), at: offset)
    }
  }

  /// Writes all bytes at a position, and leaves the descriptor's own where it is.
  public borrowing func writeAll(
    _ bytes: UnsafeRawBufferPointer, at offset: Int64
  ) throws(Errno) {
    let raw = rawValue
    var done = 0
    while done < bytes.count {
      let rest = UnsafeRawBufferPointer(rebasing: bytes[done...])
      done += try retrying { pwrite(raw, rest.baseAddress, rest.count, off_t(offset) + done) }
    }
  }

  /// Reserves room on the disk; the file grows to the range's end, and reads as zeros there.
  ///
  /// The corresponding C function is `fallocate`.
  ///
  /// - Throws: `.noSpace`; `.notSupported` where the file system cannot.
  public borrowing func allocate(_ range: Range<Int64>) throws(Errno) {
    guard !range.isEmpty else { return }
    try checked(clinux_allocate(rawValue, range.lowerBound, Int64(range.count)))
  }

  /// Gives a range's room back: it reads as zeros from now on.
  ///
  /// The file keeps its size. The corresponding C function is `fallocate` with FALLOC_FL_PUNCH_HOLE. Blocks that lie in the
  /// range only in part are filled with zeros.
  ///
  /// - Throws: `.notSupported` where the file system has no holes.
  public borrowing func punchHole(_ range: Range<Int64>) throws(Errno) {
    guard !range.isEmpty else { return }
    try checked(clinux_punch_hole(rawValue, range.lowerBound, Int64(range.count)))
  }

  /// Finds where the file has data; what lies between is holes, which read as zeros.
  ///
  /// The corresponding C function is `lseek` with SEEK_DATA and SEEK_HOLE; it moves the
  /// descriptor's position. File systems find holes by blocks, and one that knows none tells that
  /// all is data.
  ///
  /// - Parameter range: where to look; nil for the whole file.
  /// - Returns: the data in ascending order.
  /// - Throws: `.illegalSeek` for what is no file.
  public borrowing func dataRanges(
    in range: Range<Int64>? = nil
  ) throws(Errno) -> [Range<Int64>] {
    var found: [Range<Int64>] = []
    let end = range?.upperBound ?? .max
    var position = range?.lowerBound ?? 0
    while position < end {
      let data = clinux_seek_data(rawValue, position)
      if data == -Int64(ENXIO) { break }  // a hole up to the end
      guard data >= 0 else { throw Errno(rawValue: CInt(-data)) }
      guard data < end else { break }
      let hole = clinux_seek_hole(rawValue, data)
      if hole == -Int64(ENXIO) { break }  // cut off meanwhile
      guard hole >= 0 else { throw Errno(rawValue: CInt(-hole)) }
      found.append(data..<min(hole, end))
      position = hole
    }
    return found
  }

  /// Copies a range to a position of another file, and leaves both descriptors' positions.
  ///
  /// The corresponding C function is `copy_file_range`, which on some file systems shares the
  /// blocks; where it cannot be used, the bytes are read and written. Holes are filled: copy what
  /// ``dataRanges(in:)`` tells to keep them.
  ///
  /// - Returns: how many bytes were copied: fewer than asked for if this file ends before.
  @discardableResult
  public borrowing func copy(
    _ range: Range<Int64>, to other: borrowing Descriptor, at offset: Int64
  ) throws(Errno) -> Int64 {
    let (from, to) = (rawValue, other.rawValue)
    let done = clinux_copy_range(from, range.lowerBound, to, offset, Int64(range.count))
    guard done >= 0 else { throw Errno(rawValue: CInt(-done)) }
    return done
  }
}
