public final class SystemCallWatch: Sendable {
  public init() throws(Errno) {}
  public func take() -> [WatchedCall] { [] }
}
public enum PageTable {
  public static func anonymousPages(of pid: Int32, in range: Range<UInt64>) throws(Errno) -> [Range<UInt64>] {
    let page: UInt64 = 4096
    let file = try Descriptor.open(Path("/proc/\(pid)/pagemap"), .readOnly)
    var found: [Range<UInt64>] = []
    var at = range.lowerBound
    while at < range.upperBound {
      let n = min(Int((range.upperBound - at) / page), 1 << 16)
      let bytes = try file.read(upTo: n * 8, at: Int64(at / page * 8))
      for i in 0..<bytes.count / 8 {
        let top = bytes[i * 8 + 7]
        if top & 0x80 != 0 && top & 0x20 == 0 || top & 0x40 != 0 {
          let a = at + UInt64(i) * page
          if let l = found.last, l.upperBound == a { found[found.count - 1] = l.lowerBound..<a + page } else { found.append(a..<a + page) }
        }
      }
      at += UInt64(n) * page
    }
    return found
  }
}
public enum PageCache {
  public static func drop(_ file: borrowing Descriptor) throws(Errno) {}
  public static func cachedRanges(of file: borrowing Descriptor) throws(Errno) -> [Range<Int64>] { [] }
}
