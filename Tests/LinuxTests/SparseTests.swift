import Linux
import TestBed
import Testing

@Suite(.timeLimit(.minutes(1))) struct SparseTests {
  private let block: Int64 = 1 << 20

  /// A file of 4 MiB with data in its second and fourth MiB.
  private func sparseFile(_ path: Path) throws -> Descriptor {
    let file = try Descriptor.open(path, .readWrite, [.create, .truncate])
    try file.truncate(to: 4 * block)
    try file.writeAll([UInt8](repeating: 7, count: Int(block)), at: block)
    try file.writeAll([UInt8](repeating: 9, count: Int(block)), at: 3 * block)
    return file
  }

  @Test func `data and holes are told apart`() throws {
    try withTemporaryDirectory { folder in
      let file = try sparseFile(folder / "file")
      #expect(try file.dataRanges() == [block..<2 * block, 3 * block..<4 * block])
      let middle = block + 4096..<3 * block + 4096
      #expect(
        try file.dataRanges(in: middle)
          == [block + 4096..<2 * block, 3 * block..<3 * block + 4096])
      #expect(try file.dataRanges(in: 2 * block..<3 * block).isEmpty)
      #expect(try file.dataRanges(in: 5 * block..<6 * block).isEmpty)
      let empty = try Descriptor.open(folder / "empty", .readWrite, [.create])
      #expect(try empty.dataRanges().isEmpty)
    }
  }

  @Test func `a hole that is punched reads as zeros, and room that is reserved too`() throws {
    try withTemporaryDirectory { folder in
      let file = try sparseFile(folder / "file")
      try file.punchHole(block..<2 * block)
      try file.punchHole(0..<0)
      #expect(try file.dataRanges() == [3 * block..<4 * block])
      #expect(try file.read(upTo: 10, at: block) == [UInt8](repeating: 0, count: 10))
      #expect(try file.status().size == 4 * block)
      let before = try file.status().blocks
      try file.allocate(4 * block..<5 * block)
      #expect(try file.status().size == 5 * block)
      #expect(try file.status().blocks >= before + block / 512)
    }
  }

  @Test func `memory is read and written without arrays`() throws {
    try withTemporaryDirectory { folder in
      let file = try sparseFile(folder / "file")
      var bytes = [UInt8](repeating: 1, count: 100)
      let read = try bytes.withUnsafeMutableBytes { try file.read(into: $0, at: 2 * block - 50) }
      #expect(read == 100)
      #expect(bytes == [UInt8](repeating: 7, count: 50) + [UInt8](repeating: 0, count: 50))
      let end = try bytes.withUnsafeMutableBytes { try file.read(into: $0, at: 4 * block - 30) }
      #expect(end == 30 && bytes[29] == 9 && bytes[30] == 7)
      try bytes.withUnsafeBytes { try file.writeAll($0, at: 4 * block) }
      #expect(try file.read(upTo: 1000, at: 4 * block) == bytes)
      #expect(throws: Errno.badDescriptor) {
        let path = try Descriptor.open(folder / "file", .pathOnly)
        _ = try bytes.withUnsafeMutableBytes { try path.read(into: $0, at: 0) }
      }
    }
  }

  @Test(arguments: [false, true])
  func `a range is copied, also to another file system`(elsewhere: Bool) throws {
    try withTemporaryDirectory { folder in
      let file = try sparseFile(folder / "file")
      let copy =
        elsewhere
        ? try Descriptor.memoryFile("copy")
        : try Descriptor.open(folder / "copy", .readWrite, [.create])
      #expect(try file.copy(2 * block - 10..<2 * block + 10, to: copy, at: 5) == 20)
      let some = [UInt8](repeating: 7, count: 10) + [UInt8](repeating: 0, count: 10)
      #expect(try copy.read(upTo: 100, at: 5) == some)
      #expect(try file.copy(4 * block - 3..<9 * block, to: copy, at: 0) == 3)
      #expect(try copy.read(upTo: 3, at: 0) == [9, 9, 9])
    }
  }

  @Test(arguments: [false, true])
  func `a mapped file reads as it is`(reads: Bool) throws {
    try withTemporaryDirectory { folder in
      let file = try sparseFile(folder / "file")
      let all = try file.withMapping(reads: reads) { (bytes) throws(Errno) -> [Int] in
        [
          bytes.byteCount, Int(bytes.unsafeLoad(fromByteOffset: 0, as: UInt8.self)),
          Int(bytes.unsafeLoad(fromByteOffset: Int(block), as: UInt8.self)),
        ]
      }
      #expect(all == [Int(4 * block), 0, 7])
      let part = try FileMapping(file, 4 * block - 10..<5 * block, reads: reads)
      #expect(part.range == 4 * block - 10..<4 * block)
      #expect(part.withUnsafeBytes { Array($0) } == [UInt8](repeating: 9, count: 10))
      #expect(try file.withMapping(of: 9 * block..<10 * block) { $0.isEmpty })
      #expect(throws: Errno.invalid) { _ = try FileMapping(file, -4096..<0) }
    }
  }
}
