import Glibc

extension UnsafeRawBufferPointer {
  /// Whether all bytes are zero; true of no bytes.
  public var isZero: Bool {
    guard let start = baseAddress, count > 0 else { return true }
    let head = Swift.min(count, 8)
    for index in 0..<head where self[index] != 0 { return false }
    // The rest is compared with itself, eight bytes on: as fast as memory is read.
    return count <= 8 || memcmp(start, start + 8, count - 8) == 0
  }

  /// Cuts whole blocks of `size` bytes into runs that hold something, as ranges of bytes; blocks of zeros are left out.
  public func runs(ofBlocks size: Int) -> [Range<Int>] {
    var runs: [Range<Int>] = []
    var position = 0
    while position < count {
      let end = Swift.min(position + size, count)
      if !UnsafeRawBufferPointer(rebasing: self[position..<end]).isZero {
        if let last = runs.last, last.upperBound == position {
          runs[runs.count - 1] = last.lowerBound..<end
        } else {
          runs.append(position..<end)
        }
      }
      position = end
    }
    return runs
  }
}
