import CRIU
import Linux

@testable import Memory

/// The memory of a living process, shown as its dump would show it.
struct LiveMemory: ~Copyable {
  let map: MemoryMap
  /// How many bytes are in memory and in no file, for each mapping.
  private let anonymous: [(start: UInt64, end: UInt64, bytes: UInt64)]
  private let memory: Descriptor
  private let pagemap: Descriptor

  init(of pid: Int32) throws {
    var map = MemoryMap()
    map.mappings = try LiveMapping.all(of: pid).filter { $0.name != "[vsyscall]" }
      .map(Self.mapping)
    var anonymous: [(start: UInt64, end: UInt64, bytes: UInt64)] = []
    for line in try FileSystem.readText(Path("/proc/\(pid)/smaps")).split(separator: "\n") {
      if let mapping = LiveMapping(parsing: line), mapping.end > mapping.start {
        anonymous.append((mapping.start, mapping.end, 0))
      } else if line.hasPrefix("Anonymous:"), !anonymous.isEmpty {
        let words = line.split(separator: " ")
        anonymous[anonymous.count - 1].bytes = (UInt64(words[1]) ?? 0) << 10
      }
    }
    let memory = try Descriptor.open(Path("/proc/\(pid)/mem"), .readOnly)
    let pagemap = try Descriptor.open(Path("/proc/\(pid)/pagemap"), .readOnly)
    self.map = map
    self.anonymous = anonymous
    self.memory = memory
    self.pagemap = pagemap
  }

  /// Bytes at an address; nil where nothing is mapped.
  func read(_ address: UInt64, _ count: Int) -> [UInt8]? {
    // Not to be read: in no image.
    let bytes = try? memory.read(upTo: count, at: Int64(address))
    return bytes?.count == count ? bytes : nil
  }

  /// How much of the process's own memory lies in ranges, how much of that in mappings that lie in
  /// one range as a whole, and how much it has.
  func covered(
    by ranges: [KnownRange]
  ) throws -> (covered: UInt64, whole: UInt64, all: UInt64) {
    var covered: UInt64 = 0
    var whole: UInt64 = 0
    var all: UInt64 = 0
    for part in anonymous where part.bytes > 0 {
      all += part.bytes
      for range in ranges where range.start < part.end && part.start < range.end {
        if range.contains(from: part.start, to: part.end) {
          covered += part.bytes
          whole += part.bytes
        } else {
          covered += try pages(max(range.start, part.start), min(range.end, part.end)) << 12
        }
      }
    }
    return (covered, whole, all)
  }

  /// How many pages of a stretch are in memory and in no file.
  private func pages(_ start: UInt64, _ end: UInt64) throws -> UInt64 {
    let entries = try pagemap.read(upTo: Int((end - start) >> 12) * 8, at: Int64(start >> 12) * 8)
    // The highest byte of each: bit 7 present, bit 5 of a file.
    return UInt64(stride(from: 7, to: entries.count, by: 8).count { entries[$0] & 0xa0 == 0x80 })
  }

  private static func mapping(_ live: LiveMapping) -> Mapping {
    var mapping = Mapping()
    mapping.start = live.start
    mapping.end = live.end
    let letters = Array(live.rights)
    mapping.protection = [
      letters[0] == "r" ? .read : [], letters[1] == "w" ? .write : [],
      letters[2] == "x" ? .execute : [],
    ]
    let hasFile = live.inode != 0
    mapping.flags = [live.isPrivate ? .private : .shared, hasFile ? [] : .anonymous]
    mapping.status = [
      .regular,
      hasFile
        ? (live.isPrivate ? .filePrivate : .fileShared)
        : (live.isPrivate ? .anonymousPrivate : .anonymousShared),
      live.name == "[heap]" ? .heap : live.name == "[stack]" ? .stack : [],
    ]
    mapping.file = live.inode
    return mapping
  }
}
