import Memory
import Testing

@Suite struct `Working set` {
  private static let page: Int64 = 4096

  @Test func `what was cached and what CRIU writes is kept in whole pages, gaps are filled`() {
    let page = Self.page
    let set = WorkingSet(
      cached: [0..<page, 3 * page..<4 * page, 100 * page..<101 * page + 1],
      holes: [20 * page..<21 * page, 103 * page..<104 * page])
    #expect(set.ranges == [0..<4 * page, 20 * page..<21 * page, 100 * page..<104 * page])
  }

  @Test func `its bytes are read as they were written`() throws {
    let set = WorkingSet(cached: [0..<Self.page, 50 * Self.page..<60 * Self.page])
    let bytes = set.encoded
    #expect(
      bytes == Array("THAWWS1\n".utf8)
        + [0, 0, 0, 0, 1, 0, 0, 0, 50, 0, 0, 0, 10, 0, 0, 0])
    #expect(try #require(WorkingSet(decoding: bytes)) == set)
  }

  @Test func `other bytes are no working set`() {
    #expect(WorkingSet(decoding: []) == nil)
    #expect(WorkingSet(decoding: Array("THAWWS2\n".utf8)) == nil)
    #expect(WorkingSet(decoding: Array("THAWWS1\n".utf8) + [1, 2, 3]) == nil)
    for length in 0..<24 {
      // Whatever it says, it must not end the program.
      _ = WorkingSet(decoding: Array("THAWWS1\n".utf8) + [UInt8](repeating: 0xff, count: length))
    }
  }
}
