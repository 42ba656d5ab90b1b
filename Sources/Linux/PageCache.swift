import CLinux
import Glibc

/// What of a file is in memory, and how to change that.
///
/// The kernel tells only the file's owner and who has it open for writing (and CAP_FOWNER):
/// everybody else is refused with `.permission` here, where `mincore` itself would say that all is
/// in memory. A read-only mount and a mode such as 0400 make no difference to the owner. The file
/// must be open for reading.
public enum PageCache {
  /// Counts the bytes of a file that are in the page cache, in whole pages.
  ///
  /// The corresponding C function is `cachestat` (Linux 6.5), or `mincore`.
  ///
  /// - Parameters:
  ///   - descriptor: the file.
  ///   - range: where to look; nil for the whole file.
  /// - Returns: the sum; it may be more than the range by parts of its first and last page.
  /// - Throws: `.permission` if the kernel does not tell this process.
  public static func residentSize(
    of descriptor: borrowing Descriptor, in range: Range<Int64>? = nil
  ) throws(Errno) -> ByteCount {
    let range = try clamp(range, to: descriptor)
    guard !range.isEmpty else { return .zero }
    if clinux_file_system(descriptor.rawValue) != overlay {
      var pages: UInt64 = 0
      let result = clinux_cached_pages(
        descriptor.rawValue, UInt64(range.lowerBound), UInt64(range.count), &pages)
      if result == 0 { return ByteCount(pages * UInt64(Host.pageSize)) }
      // An older kernel, or a filter or the kernel refuses it: below it is told which.
    }
    return try residentRanges(of: descriptor, in: range).reduce(.zero) { sum, one in
      sum + ByteCount(one.count)
    }
  }

  /// Finds those of a file's ranges that are not, or not wholly, in the page cache.
  ///
  /// There may be hundreds, each of a few pages: what is the same for all of them is asked once.
  ///
  /// - Parameters:
  ///   - ranges: where to look, in ascending order.
  ///   - descriptor: the file.
  /// - Returns: those that a read would have to wait for.
  /// - Throws: `.permission` if the kernel does not tell this process.
  public static func missing(
    _ ranges: [Range<Int64>], of descriptor: borrowing Descriptor
  ) throws(Errno) -> [Range<Int64>] {
    guard let first = ranges.first, let last = ranges.last else { return [] }
    if clinux_file_system(descriptor.rawValue) != overlay {
      var missing: [Range<Int64>] = []
      var isTold = true
      for range in ranges {
        var pages: UInt64 = 0
        isTold =
          clinux_cached_pages(
            descriptor.rawValue, UInt64(range.lowerBound), UInt64(range.count), &pages) == 0
        guard isTold else { break }
        if pages * UInt64(Host.pageSize) < UInt64(range.count) { missing.append(range) }
      }
      if isTold { return missing }
    }
    let resident = try residentRanges(
      of: descriptor, in: first.lowerBound..<max(first.upperBound, last.upperBound))
    var index = 0
    return ranges.filter { range in
      while index < resident.count, resident[index].upperBound <= range.lowerBound { index += 1 }
      guard index < resident.count else { return true }
      return
        !(resident[index].lowerBound <= range.lowerBound
        && range.upperBound <= resident[index].upperBound)
    }
  }

  /// The file of an overlay has no pages of its own, but mapped it is the file below.
  private static let overlay: CLong = 0x794C_7630

  /// Finds what of a file is in the page cache.
  ///
  /// The corresponding C function is `mincore`; no page is read.
  ///
  /// - Parameters:
  ///   - descriptor: the file.
  ///   - range: where to look; nil for the whole file.
  /// - Returns: ranges of whole pages in ascending order, cut off at the file's end and the range's.
  /// - Throws: `.permission` if the kernel does not tell this process.
  public static func residentRanges(
    of descriptor: borrowing Descriptor, in range: Range<Int64>? = nil
  ) throws(Errno) -> [Range<Int64>] {
    let range = try clamp(range, to: descriptor)
    guard try isTold(descriptor) else { throw .permission }
    let page = Int64(Host.pageSize)
    var found: [Range<Int64>] = []
    let most = (range.upperBound - range.lowerBound) / page + 2
    var pages = [UInt8](repeating: 0, count: Int(min(most, 1 << 18)))
    var position = range.lowerBound / page * page
    while position < range.upperBound {
      let end = min(position + page * Int64(pages.count), range.upperBound)
      let mapping = try FileMapping(descriptor, position..<end)
      let count = Int((mapping.range.upperBound - position + page - 1) / page)
      if count == 0 { break }  // cut off meanwhile
      let result = mapping.withUnsafeBytes { bytes in
        bytes.baseAddress.map { clinux_mincore($0, bytes.count, &pages) } ?? 0
      }
      try checked(result)
      for index in 0..<count where pages[index] & 1 != 0 {
        let start = max(position + Int64(index) * page, range.lowerBound)
        let stop = min(position + Int64(index + 1) * page, range.upperBound)
        if let last = found.last, last.upperBound == start {
          found[found.count - 1] = last.lowerBound..<stop
        } else {
          found.append(start..<stop)
        }
      }
      position = end
    }
    return found
  }

  /// Writes a file's changed pages to the disk, and takes its pages out of the page cache.
  ///
  /// Pages that a process has mapped and touched stay, so do parts of a page at the range's ends,
  /// and changed pages of a file that an overlay shows: they are written by way of its layer only.
  ///
  /// The corresponding C function is `posix_fadvise` with POSIX_FADV_DONTNEED.
  public static func drop(
    _ descriptor: borrowing Descriptor, in range: Range<Int64>? = nil
  ) throws(Errno) {
    try descriptor.synchronize()
    let range = range ?? 0..<0
    try checked(
      clinux_drop_pages(descriptor.rawValue, range.lowerBound, Int64(range.count)))
  }

  /// Asks the kernel to read ranges of a file into the page cache, and does not wait until they are
  /// read, but for room in the disk's queue.
  ///
  /// The corresponding C function is `posix_fadvise` with POSIX_FADV_WILLNEED. The kernel cuts each
  /// call off at what the device takes at a time and forgets the rest, so it is called for pieces.
  public static func request(
    _ ranges: [Range<Int64>], of descriptor: borrowing Descriptor
  ) throws(Errno) {
    for range in ranges {
      var position = range.lowerBound
      while position < range.upperBound {
        let size = min(piece, range.upperBound - position)
        try checked(clinux_want_pages(descriptor.rawValue, position, size))
        position += size
      }
    }
  }

  /// Reads ranges of a file into the page cache, and returns when they are there.
  ///
  /// All is asked for first, so that the disk has enough to do, and then waited for without being
  /// copied: by MADV_POPULATE_READ (Linux 5.14) on a mapping, else by reading it.
  public static func read(
    _ ranges: [Range<Int64>], of descriptor: borrowing Descriptor
  ) throws(Errno) {
    try request(ranges, of: descriptor)
    for range in ranges {
      let mapping = try FileMapping(descriptor, range)
      let result = mapping.withUnsafeBytes { bytes in
        guard let start = bytes.baseAddress else { return CInt(0) }
        // From the page's start: all that is mapped before it is of the same page.
        let page = UInt(Host.pageSize)
        let within = UInt(bitPattern: start) % page
        let first = UnsafeMutableRawPointer(mutating: start - Int(within))
        return clinux_populate(first, bytes.count + Int(within))
      }
      if result == 0 { continue }
      try touch(mapping.range, of: descriptor)
    }
  }

  /// Reads ranges into memory that is thrown away.
  private static func touch(
    _ range: Range<Int64>, of descriptor: borrowing Descriptor
  ) throws(Errno) {
    var scratch = [UInt8](repeating: 0, count: 1 << 20)
    var position = range.lowerBound
    while position < range.upperBound {
      let most = Int(min(Int64(scratch.count), range.upperBound - position))
      var span = scratch.mutableSpan
      let count = try descriptor.read(into: &span, upTo: most, at: position)
      if count == 0 { return }
      position += Int64(count)
    }
  }

  /// Every device takes that much: the kernel's default for its reading ahead.
  private static var piece: Int64 { 128 << 10 }

  private static func clamp(
    _ range: Range<Int64>?, to descriptor: borrowing Descriptor
  ) throws(Errno) -> Range<Int64> {
    let end = try descriptor.status().size
    guard let range else { return 0..<end }
    return min(max(range.lowerBound, 0), end)..<min(max(range.upperBound, 0), end)
  }

  /// Whether `mincore` tells the truth: the kernel's `can_do_mincore`, as far as it can be asked.
  private static func isTold(_ descriptor: borrowing Descriptor) throws(Errno) -> Bool {
    if try descriptor.status().owner == Host.user { return true }
    let raw = descriptor.rawValue
    let mode = try retrying { fcntl(raw, F_GETFL) } & O_ACCMODE
    return mode != O_RDONLY || CapabilitySets.current().effective.contains(.fowner)
  }
}
