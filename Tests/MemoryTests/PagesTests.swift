import Memory
import Testing

@Suite struct `Sets of pages` {
  private let pages = Pages([0x3000..<0x5000, 0x1000..<0x2000, 0x4000..<0x6000, 0x9000..<0xa000])

  @Test func `ranges are sorted, and those that touch or overlap are one`() {
    #expect(pages.ranges == [0x1000..<0x2000, 0x3000..<0x6000, 0x9000..<0xa000])
    #expect(Pages([0x1000..<0x2000, 0x2000..<0x3000]).ranges == [0x1000..<0x3000])
    #expect(pages.count == 5)
  }

  @Test func `a range is cut into what is in the set and what is not`() {
    let parts = pages.split(0x1800..<0x9800)
    #expect(
      parts.map(\.range) == [
        0x1800..<0x2000, 0x2000..<0x3000, 0x3000..<0x6000, 0x6000..<0x9000, 0x9000..<0x9800,
      ])
    #expect(parts.map(\.isMember) == [true, false, true, false, true])
    #expect(Pages().split(0x1000..<0x2000).map(\.isMember) == [false])
  }

  @Test(
    arguments: [
      (0x0..<0x1000, false), (0x1fff..<0x2000, true), (0x2000..<0x3000, false),
      (0x2000..<0x3001, true), (0xa000..<0xb000, false),
    ] as [(Range<UInt64>, Bool)])
  func `a range overlaps or does not`(range: Range<UInt64>, overlaps: Bool) {
    #expect(pages.overlaps(range) == overlaps)
  }

  @Test func `sums hold both`() {
    #expect(pages.union(Pages([0x6000..<0x9000])).ranges == [0x1000..<0x2000, 0x3000..<0xa000])
  }
}
