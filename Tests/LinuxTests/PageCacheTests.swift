import Glibc
import Linux
import TestBed
import Testing

@Suite(
  .timeLimit(.minutes(1)),
  .enabled(if: FileCache.canDrop, "needs a folder for temporary files that is on a disk"))
struct PageCacheTests {
  private let mebibyte: Int64 = 1 << 20

  @Test func `a file leaves the page cache, and comes back in parts`() throws {
    try withTemporaryDirectory { folder in
      let file = try FileCache.file(folder / "file", size: 8 * mebibyte + 100)
      #expect(try PageCache.residentSize(of: file) == ByteCount(8 * mebibyte + 4096))
      #expect(try PageCache.residentRanges(of: file) == [0..<8 * mebibyte + 100])
      try PageCache.drop(file)
      #expect(try PageCache.residentSize(of: file) == .zero)
      #expect(try PageCache.residentRanges(of: file).isEmpty)
      let wanted = [mebibyte + 100..<mebibyte + 200, 3 * mebibyte..<4 * mebibyte]
      try PageCache.read(wanted, of: file)
      for range in wanted {
        #expect(try PageCache.residentRanges(of: file, in: range) == [range])
        #expect(
          try PageCache.residentSize(of: file, in: range)
            == ByteCount(max(4096, Int64(range.count))))
      }
      // The kernel may have read some more, but not all.
      #expect(try PageCache.residentSize(of: file) < .mebibytes(4))
      #expect(try PageCache.residentRanges(of: file, in: 6 * mebibyte..<7 * mebibyte).isEmpty)
      try PageCache.drop(file, in: 3 * mebibyte..<4 * mebibyte)
      #expect(try PageCache.residentRanges(of: file, in: wanted[1]).isEmpty)
      #expect(try PageCache.residentRanges(of: file, in: 20 * mebibyte..<21 * mebibyte).isEmpty)
      try PageCache.read([], of: file)
      try PageCache.read([8 * mebibyte..<20 * mebibyte], of: file)
      let end = 8 * mebibyte..<8 * mebibyte + 100
      #expect(try PageCache.residentRanges(of: file, in: 8 * mebibyte..<9 * mebibyte) == [end])
    }
  }

  @Test func `ranges that are not wholly in the page cache are missing`() throws {
    try withTemporaryDirectory { folder in
      let file = try FileCache.file(folder / "file", size: 4 * mebibyte)
      let ranges = [0..<8192, mebibyte..<mebibyte + 4096, 3 * mebibyte..<4 * mebibyte]
      #expect(try PageCache.missing(ranges, of: file) == [])
      #expect(try PageCache.missing([], of: file) == [])
      try PageCache.drop(file)
      #expect(try PageCache.missing(ranges, of: file) == ranges)
      // Others may come along, but not one that is so far away, and a part of one is not all of it.
      try PageCache.read([ranges[0], ranges[2].lowerBound..<ranges[2].lowerBound + 4096], of: file)
      let missing = try PageCache.missing(ranges, of: file)
      #expect(!missing.contains(ranges[0]) && missing.contains(ranges[2]), "\(missing)")
    }
  }

  @Test func `all that is asked for comes`() throws {
    try withTemporaryDirectory { folder in
      let file = try FileCache.file(folder / "file", size: 32 * mebibyte)
      try PageCache.drop(file)
      try PageCache.request([0..<12 * mebibyte, 16 * mebibyte..<32 * mebibyte], of: file)
      let isThere = try eventually {
        try PageCache.residentSize(of: file) >= ByteCount.mebibytes(28)
      }
      #expect(isThere)
    }
  }

  @Test(.enabled(if: Machine.canMount && Machine.isRoot, "needs root and CAP_SYS_ADMIN"))
  func `an owner is told of a file of mode 0400 on a read-only mount, others are not`() async {
    await #expect(processExitsWith: .success) {
      try withTemporaryDirectory("page-cache") { folder in
        try Sandbox.run(folder) {
          for name in ["own", "foreign"] {
            let file = try FileCache.file(folder / name, size: 1 << 20)
            try PageCache.drop(file)
          }
          #expect(chown((folder / "own").string, 65_534, 65_534) == 0)
          #expect(chmod((folder / "own").string, 0o400) == 0)
          try FileSystem.writeFile(folder / "bind", [])
          try Mount.bind(folder / "own", at: folder / "bind", readOnly: true)
          #expect(seteuid(65_534) == 0)
          defer { _ = seteuid(0) }
          let own = try Descriptor.open(folder / "bind", .readOnly)
          #expect(throws: Errno.self) { _ = try Descriptor.open(folder / "bind", .readWrite) }
          #expect(try PageCache.residentRanges(of: own).isEmpty)
          #expect(try PageCache.residentSize(of: own) == .zero)
          try PageCache.read([0..<8192], of: own)
          #expect(try PageCache.residentRanges(of: own).first?.lowerBound == 0)
          #expect(try PageCache.residentSize(of: own) >= ByteCount(8192 as Int))
          let foreign = try Descriptor.open(folder / "foreign", .readOnly)
          #expect(throws: Errno.permission) { _ = try PageCache.residentRanges(of: foreign) }
        }
      }
    }
  }

  @Test(.enabled(if: Machine.canMount && Machine.isRoot, "needs root and CAP_SYS_ADMIN"))
  func `a file of an overlay is that of its layer`() async {
    await #expect(processExitsWith: .success) {
      try withTemporaryDirectory("page-cache") { folder in
        try Sandbox.run(folder) {
          for name in ["lower", "upper", "work", "merged"] {
            try FileSystem.makeDirectory(folder / name)
          }
          // The overlay itself does not write pages of its layers to the disk.
          try FileCache.file(folder / "lower/file", size: 1 << 20).synchronize()
          try Mount.overlay(
            lower: [folder / "lower"], upper: folder / "upper", work: folder / "work",
            at: folder / "merged")
          let file = try Descriptor.open(folder / "merged/file", .readOnly)
          #expect(try PageCache.residentSize(of: file) == .mebibytes(1))
          try PageCache.drop(file)
          #expect(try PageCache.residentSize(of: file) == .zero)
          try PageCache.read([0..<1 << 20], of: file)
          #expect(try PageCache.residentRanges(of: file) == [0..<1 << 20])
        }
      }
    }
  }
}

/// Files that come and go from the page cache.
enum FileCache {
  /// Whether files are on a disk, and not kept in memory for good.
  static let canDrop: Bool = {
    // Where this cannot be tried, the tests cannot either.
    let size = try? withTemporaryDirectory { folder in
      let file = try FileCache.file(folder / "file", size: 1 << 20)
      try PageCache.drop(file)
      return try PageCache.residentSize(of: file)
    }
    return size == .zero
  }()

  /// A new file, all of it in the page cache.
  static func file(_ path: Path, size: Int64) throws -> Descriptor {
    let file = try Descriptor.open(path, .readWrite, [.create], mode: 0o644)
    try file.writeAll([UInt8](repeating: 7, count: Int(size)))
    return file
  }
}
