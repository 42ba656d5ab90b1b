import CRIU
package import Linux

/// The parts of a memory file that a thawed server touches until its first answers: read ahead when they are not cached.
///
/// On disk (`working-set`) a magic number and pairs of numbers, first page and count, each of four bytes, the lowest
/// first: this is read at every thaw.
package struct WorkingSet: Sendable, Hashable {
  /// What the file is called in a checkpoint's folder.
  package static let name = "working-set"
  private static let magic: [UInt8] = Array("THAWWS1\n".utf8)

  /// Ranges of bytes of the memory file.
  package var ranges: [Range<Int64>]

  /// Takes what was in the page cache, and the holes that are left for pages which CRIU copies.
  ///
  /// CRIU writes them to the private mapping, and the kernel reads the file's page first, with those around it: where the
  /// disk reads far ahead, few such pages would bring in the whole file.
  ///
  /// Gaps of up to 16 KiB are filled, because reading them costs less than asking again.
  package init(cached: [Range<Int64>], holes: [Range<Int64>] = []) {
    let page = Int64(Pagemap.pageSize)
    var merged: [Range<Int64>] = []
    for range in (cached + holes).sorted(by: { $0.lowerBound < $1.lowerBound }) {
      let next = range.lowerBound / page * page..<(range.upperBound + page - 1) / page * page
      if let last = merged.last, next.lowerBound - last.upperBound <= 16 << 10 {
        merged[merged.count - 1] = last.lowerBound..<max(last.upperBound, next.upperBound)
      } else {
        merged.append(next)
      }
    }
    ranges = merged
  }

  /// Bytes in all.
  package var size: ByteCount { ByteCount(UInt64(ranges.reduce(0) { $0 + $1.count })) }

  /// Reads a file's bytes; nil if they are no working set.
  package init?(decoding bytes: [UInt8]) {
    guard bytes.starts(with: Self.magic), (bytes.count - Self.magic.count) % 8 == 0 else {
      return nil
    }
    let page = Int64(Pagemap.pageSize)
    ranges = stride(from: Self.magic.count, to: bytes.count, by: 8).map { index in
      let first = Int64(Self.number(bytes, index)) * page
      return first..<first + Int64(Self.number(bytes, index + 4)) * page
    }
  }

  /// The bytes of the file.
  package var encoded: [UInt8] {
    var bytes = Self.magic
    let page = Int64(Pagemap.pageSize)
    for range in ranges {
      for number in [range.lowerBound / page, Int64(range.count) / page] {
        withUnsafeBytes(of: UInt32(clamping: number).littleEndian) { bytes += Array($0) }
      }
    }
    return bytes
  }

  /// Asks for the working set of a checkpoint's memory file, where it is not cached: the disk then reads it in large
  /// pieces while CRIU works, instead of page by page when it is touched.
  ///
  /// Whatever keeps it from being read now, it is read when it is touched.
  package static func readAhead(in checkpoint: Path, _ memory: borrowing Descriptor) {
    guard let bytes = try? FileSystem.readFile(checkpoint / name),
      let set = WorkingSet(decoding: bytes)
    else { return }
    let missing = try? PageCache.missing(set.ranges, of: memory)
    try? PageCache.request(missing ?? set.ranges, of: memory)
  }

  private static func number(_ bytes: [UInt8], _ index: Int) -> UInt32 {
    (0..<4).reduce(0) { $0 | UInt32(bytes[index + $1]) << (8 * UInt32($1)) }
  }
}
