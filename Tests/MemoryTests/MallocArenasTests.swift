import CRIU
import Testing

@testable import Memory

/// Arenas of malloc that were made up, sound and damaged.
@Suite struct `Arenas of malloc` {
  typealias Sample = ArenaSample

  private static let all = [Sample.single, Sample.full, Sample.newest]

  private static let samples = [
    Sample(headerSize: 48, layout: .fastBins), Sample(headerSize: 48, layout: .noFastBins),
    Sample(headerSize: 32, layout: .fastBins), Sample(headerSize: 32, layout: .noFastBins),
  ]

  @Test(arguments: 0..<4) func `heaps are recognised up to what may be written`(index: Int) {
    #expect(
      Self.samples[index].ranges() == [
        KnownRange(.mallocArena, from: Sample.single, to: Sample.single + Sample.writable),
        KnownRange(.mallocArena, from: Sample.full, to: Sample.full + Sample.size),
        KnownRange(.mallocArena, from: Sample.newest, to: Sample.newest + Sample.writable),
      ])
  }

  /// A change of one word of the first arena's heap.
  struct Damage: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var place: @Sendable (Sample) -> UInt64
    var value: @Sendable (Sample) -> UInt64

    init(
      _ name: String, _ place: @escaping @Sendable (Sample) -> UInt64,
      _ value: @escaping @Sendable (Sample) -> UInt64
    ) {
      testDescription = name
      self.place = place
      self.value = value
    }
  }

  private static let one = Sample.single
  private static let damages: [Damage] = [
    Damage("arena in another place", { _ in one }, { _ in one + 64 }),
    Damage("arena in another heap", { _ in one }, { $0.state(Sample.full) }),
    Damage("arena nowhere", { _ in one }, { _ in 0x30 }),
    Damage("first heap with one before it", { _ in one + 8 }, { _ in Sample.full }),
    Damage("no size", { _ in one + 16 }, { _ in 0 }),
    Damage("size of no pages", { _ in one + 16 }, { _ in Sample.size + 8 }),
    Damage("size beyond what may be written", { _ in one + 16 }, { _ in Sample.writable + 4096 }),
    Damage("other size", { _ in one + 16 }, { _ in Sample.size - 4096 }),
    Damage("less writable than is mapped", { _ in one + 24 }, { _ in Sample.writable - 4096 }),
    Damage("more writable than is mapped", { _ in one + 24 }, { _ in Sample.writable + 4096 }),
    Damage("more writable than a heap has", { _ in one + 24 }, { _ in 65 << 20 }),
    Damage("a lock of no known state", { $0.state(one) }, { _ in 2 << 32 | 7 }),
    Damage("flags of the main arena", { $0.state(one) }, { _ in 0 }),
    Damage("unknown flags", { $0.state(one) }, { _ in 0x402 << 32 }),
    Damage("top in no heap", { $0.field(one, $0.layout.top) }, { _ in Sample.main }),
    Damage("top in another's heap", { $0.field(one, $0.layout.top) }, { _ in Sample.newest + 64 }),
    Damage("top in the middle of a chunk", { $0.field(one, $0.layout.top) }, { _ in one + 0x1000 }),
    Damage("a ring that ends", { $0.field(one, $0.layout.next) }, { _ in 0 }),
    Damage("a ring of its own", { $0.field(one, $0.layout.next) }, { $0.state(one) }),
    Damage("a ring into a heap", { $0.field(one, $0.layout.next) }, { _ in one + 0x2000 }),
    Damage("another sum", { $0.field(one, $0.layout.next + 24) }, { _ in Sample.size + 4096 }),
    Damage("more than ever", { $0.field(one, $0.layout.next + 32) }, { _ in 4096 }),
    Damage("threads without number", { $0.field(one, $0.layout.next + 16) }, { _ in 1 << 40 }),
    Damage("a list with one end", { $0.field(one, $0.layout.bins + 64) }, { _ in one + 0x2000 }),
    Damage("a bin of zeros", { $0.field(one, $0.layout.bins + 64) }, { _ in 0 }),
    Damage("a member that points away", { freeChunk($0) + 16 }, { _ in one + 0x2000 }),
    Damage("a member that points back away", { freeChunk($0) + 24 }, { _ in one + 0x2000 }),
    Damage("a chunk of no size", { $0.firstChunk(one) + 8 }, { _ in 1 }),
    Damage("a chunk of odd size", { $0.firstChunk(one) + 8 }, { _ in 0x28 | 5 }),
    Damage("a chunk beyond the heap", { $0.firstChunk(one) + 8 }, { _ in 1 << 40 | 5 }),
    Damage("a chunk of the longest size", { $0.firstChunk(one) + 8 }, { _ in ~7 | 5 }),
    Damage("a chunk of mmap's", { $0.firstChunk(one) + 8 }, { _ in 0x20 | 7 }),
    Damage("a small chunk inside", { $0.firstChunk(one) + 8 }, { _ in 0x10 | 5 }),
    Damage("a free neighbour of other size", { freeChunk($0) + 0x500 }, { _ in 0x4f0 }),
    Damage(
      "a top chunk that ends early", { $0[$0.field(one, $0.layout.top)] + 8 }, { _ in 0x1000 | 1 }),
  ]

  private static func freeChunk(_ sample: Sample) -> UInt64 {
    sample.firstChunk(one) + 0x20 + 0x450
  }

  @Test(arguments: damages) func `an arena with a wrong word is refused`(damage: Damage) {
    for sample in Self.samples {
      var changed = sample
      let place = damage.place(sample)
      changed[place] = damage.value(sample)
      #expect(changed[place] != sample[place], "nothing was changed")
      let found = changed.recognised()
      #expect(!found.contains(Self.one))
      // Where the ring is broken, it is so for all.
      #expect(found == [Sample.full, Sample.newest] || found.isEmpty)
    }
  }

  @Test func `a page size of huge pages is refused`() {
    var sample = Sample()
    sample[Self.one + 32] = 2 << 20
    #expect(!sample.recognised().contains(Self.one))
  }

  @Test func `heaps that do not hang together are refused`() {
    for value in [Sample.newest, Sample.single, 0, Sample.full + 8] {
      var sample = Sample()
      sample[Sample.newest + 8] = value
      #expect(sample.recognised() == [Self.one], "\(hex(value))")
    }
    for (place, value) in [
      (Sample.full + Sample.size - 8, UInt64(0)), (Sample.full + Sample.size - 24, 0x21),
    ] {
      var sample = Sample()
      sample[place] = value
      #expect(sample.recognised() == [Self.one])
    }
    // A third heap that says it belongs to the arena, and is in no chain.
    var sample = Sample()
    let stray: UInt64 = 0x7f0c_0000_0000
    sample.add(stray, sample.read(Sample.newest, Int(Sample.writable)) ?? [])
    sample.mappings += [
      Sample.mapping(stray, stray + Sample.writable, [.read, .write]),
      Sample.mapping(stray + Sample.writable, stray + MallocArenas.heapSize, []),
    ]
    #expect(sample.recognised() == [Self.one])
  }

  @Test func `a copy of an arena is refused`() {
    for fixesPointers in [false, true] {
      var sample = Sample()
      let copy: UInt64 = 0x7f0c_0000_0000
      var bytes = sample.read(Self.one, Int(Sample.writable)) ?? []
      if fixesPointers {
        // Every pointer into the heap is one into the copy: it is sound in itself, but in no ring.
        for place in stride(from: 0, to: bytes.count, by: 8) where bytes[place + 5] == 0x7f {
          if bytes[place + 4] == 0, bytes[place + 3] == 0 { bytes[place + 4] = 0x0c }
        }
      }
      sample.add(copy, bytes)
      sample.mappings += [
        Sample.mapping(copy, copy + Sample.writable, [.read, .write]),
        Sample.mapping(copy + Sample.writable, copy + MallocArenas.heapSize, []),
      ]
      #expect(sample.recognised() == Self.all)
    }
  }

  @Test func `mappings that no heap has are refused`() {
    let changes: [@Sendable (inout Mapping, Mapping.Protection) -> Void] = [
      { mapping, _ in mapping.flags.insert(.shared) },
      { mapping, _ in mapping.flags.insert(.locked) },
      { mapping, _ in mapping.flags.insert(.growsDown) },
      { mapping, _ in mapping.flags.insert(.hugePages) },
      { mapping, _ in mapping.flags.remove(.private) },
      { mapping, _ in mapping.advice = 1 << 14 },
      { mapping, _ in mapping.status.insert(.heap) },
      { mapping, _ in mapping.status.insert(.stack) },
      { mapping, _ in mapping.status = [.regular, .filePrivate] },
      { mapping, old in mapping.protection = old.union(.execute) },
      { mapping, old in mapping.protection = old.symmetricDifference(.read) },
      { mapping, _ in mapping.end -= 4096 },
    ]
    for change in changes {
      for start in [Self.one, Self.one + Sample.writable] {
        var sample = Sample()
        guard let index = sample.mappings.firstIndex(where: { $0.start == start }) else { continue }
        change(&sample.mappings[index], sample.mappings[index].protection)
        #expect(!sample.recognised().contains(Self.one))
      }
    }
    var cut = Sample()
    cut.mappings.removeAll { $0.start == Self.one + Sample.writable }
    #expect(!cut.recognised().contains(Self.one))
  }

  @Test func `a heap may be joined with the memory below it, or be mapped in parts`() {
    var joined = Sample()
    for index in joined.mappings.indices where joined.mappings[index].start == Self.one {
      joined.mappings[index].start -= 0x10_0000
    }
    #expect(joined.recognised() == Self.all)

    var thawed = Sample()
    for index in thawed.mappings.indices where thawed.mappings[index].start == Self.one {
      var grown = thawed.mappings[index]
      thawed.mappings[index].end -= 0x1_0000
      thawed.mappings[index].flags = .private
      thawed.mappings[index].status = [.regular, .filePrivate]
      thawed.mappings[index].file = 77
      thawed.mappings[index].advice = Mapping.random
      grown.start = thawed.mappings[index].end
      thawed.mappings.insert(grown, at: index + 1)
    }
    #expect(thawed.recognised(memoryFile: 77) == Self.all)
    #expect(!thawed.recognised().contains(Self.one))
    #expect(!thawed.recognised(memoryFile: 78).contains(Self.one))
  }
}
