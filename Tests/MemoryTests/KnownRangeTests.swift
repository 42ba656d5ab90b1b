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
}
