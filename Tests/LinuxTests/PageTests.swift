import Glibc
import Linux
import TestBed
import Testing

/// Which pages of files and processes are in memory.
@Suite(.timeLimit(.minutes(1))) struct PageTests {
  private let page = UInt64(Host.pageSize)

  /// Calls a function with a mapping that is written to at pages 1 and 3, and read at page 5.
  private func withPages(
    of file: Int32, _ body: (_ pages: Range<UInt64>) throws -> Void
  ) throws {
    let size = Int(8 * page)
    let flags = MAP_PRIVATE | (file < 0 ? MAP_ANONYMOUS : 0)
    let mapped = mmap(nil, size, PROT_READ | PROT_WRITE, flags, file, 0)
    let start = try #require(mapped == MAP_FAILED ? nil : mapped)
    defer { munmap(start, size) }
    for index in [1, 3] {
      start.storeBytes(of: 1, toByteOffset: index * Int(page), as: UInt8.self)
    }
    #expect(start.load(fromByteOffset: 5 * Int(page), as: UInt8.self) < 2)
    let first = UInt64(UInt(bitPattern: start))
    try body(first..<first + UInt64(size))
  }

  /// The numbers of pages in ranges of addresses.
  private func numbers(_ ranges: [Range<UInt64>], from start: UInt64) -> [UInt64] {
    ranges.flatMap { (($0.lowerBound - start) / page)..<(($0.upperBound - start) / page) }
  }

  @Test func `pages of anonymous memory are found, by both ways`() throws {
    try withPages(of: -1) { pages in
      let table = try PageTable(of: Host.processID)
      func found(_ kind: PageTable.Pages) throws -> [UInt64] {
        numbers(try table.ranges(of: kind, in: pages), from: pages.lowerBound)
      }
      func read(_ kind: PageTable.Pages) throws -> [UInt64] {
        numbers(try table.read(for: kind, in: pages), from: pages.lowerBound)
      }
      #expect(try found(.present) == [1, 3, 5])
      #expect(try read(.present) == [1, 3, 5])
      #expect(try found(.file).isEmpty)
      #expect(try read(.file).isEmpty)
      // The page of zeros cannot be told apart by reading.
      #expect(try read(.anonymous) == [1, 3, 5])
      let isOld = Host.kernelVersion < KernelVersion(6, 7)
      #expect(try found(.anonymous) == (isOld ? [1, 3, 5] : [1, 3]))
    }
  }

  @Test func `written copies of a file's pages are told from the file's`() throws {
    try withTemporaryDirectory { folder in
      let file = try Descriptor.open(folder / "file", .readWrite, [.create])
      try file.writeAll([UInt8](repeating: 0, count: Int(8 * page)))
      try withPages(of: file.rawValue) { pages in
        let table = try PageTable(of: Host.processID)
        for reads in [false, true] {
          func found(_ kind: PageTable.Pages, _ range: Range<UInt64>) throws -> [UInt64] {
            let ranges =
              reads
              ? try table.read(for: kind, in: range) : try table.ranges(of: kind, in: range)
            return numbers(ranges, from: pages.lowerBound)
          }
          #expect(try found(.anonymous, pages) == [1, 3])
          // Neighbours of what was read may have come along.
          let ofFile = try found(.file, pages)
          #expect(ofFile.contains(5) && !ofFile.contains(1) && !ofFile.contains(3))
          #expect(try found(.present, pages) == (ofFile + [1, 3]).sorted())
          // A part of a page counts as the page.
          let part = pages.lowerBound + 3 * page + 100..<pages.lowerBound + 3 * page + 101
          #expect(try found(.anonymous, part) == [3])
          #expect(try found(.anonymous, part.upperBound..<part.upperBound).isEmpty)
        }
      }
    }
  }

  @Test func `pages that touch make one range`() throws {
    let table = try PageTable(of: Host.processID)
    let ranges = try table.ranges(of: .present, in: 0 ..< .max)
    #expect(!ranges.isEmpty)
    #expect(zip(ranges, ranges.dropFirst()).allSatisfy { $0.upperBound < $1.lowerBound })
  }

  @Test func `a process that is not there is told`() {
    #expect(throws: Errno.noEntry) { _ = try PageTable(of: .max) }
  }

  @Test(.enabled(if: Machine.isRoot, "needs root"))
  func `an ordinary user without capabilities looks into its own processes only`() async {
    await #expect(processExitsWith: .success) {
      let foreign = try Spawn("sleep", ["1000"]).start()
      var spawn = Spawn("sleep", ["1000"])
      spawn.user = 65_534
      spawn.group = 65_534
      let own = try spawn.start()
      #expect(eventually { ProcessEntry(pid: own.pid)?.state == "S" })
      #expect(setegid(65_534) == 0 && seteuid(65_534) == 0)
      // Both processes are ended before it is told that this failed.
      let ranges = try? PageTable(of: own.pid).ranges(of: .anonymous, in: 0 ..< .max)
      #expect(throws: Errno.access) { _ = try PageTable(of: foreign.pid) }
      #expect(seteuid(0) == 0)
      #expect(ranges?.isEmpty == false)
      _ = try own.killTree()
      _ = try foreign.killTree()
    }
  }
}
