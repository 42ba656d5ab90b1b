import Memory
import Testing

@Suite struct `Known ranges` {
  @Test func `a range holds what lies in it and nothing that reaches out of it`() {
    let heap = KnownRange(.javaHeap, from: 0x1000, to: 0x4000)
    #expect(heap.contains(from: 0x1000, to: 0x4000))
    #expect(heap.contains(from: 0x2000, to: 0x3000))
    #expect(!heap.contains(from: 0xfff, to: 0x2000))
    #expect(!heap.contains(from: 0x3000, to: 0x4001))
  }

  @Test func `two answers have in common what is of the same kind in both`() {
    let first = [
      KnownRange(.javaHeap, from: 0x1000, to: 0x4000), .init(.metaspace, from: 0x5000, to: 0x6000),
      .init(.codeCache, from: 0x7000, to: 0x9000),
    ]
    // The heap has grown, a node of the metaspace is gone, and other memory is where it was.
    let second = [
      KnownRange(.javaHeap, from: 0x1000, to: 0x4800), .init(.collector, from: 0x5000, to: 0x6000),
      .init(.codeCache, from: 0x8000, to: 0xa000),
    ]
    let common = [
      KnownRange(.javaHeap, from: 0x1000, to: 0x4000), .init(.codeCache, from: 0x8000, to: 0x9000),
    ]
    #expect(KnownRange.common(first, second) == common)
    #expect(KnownRange.common(second, first) == common)
    #expect(KnownRange.common(first, []) == [])
  }
}
