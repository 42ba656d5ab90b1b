import CRIU
import Linux
import TestBed
import Testing

@testable import Memory

/// Memory of all kinds in which arenas of malloc are looked for.
@Suite(.timeLimit(.minutes(5))) struct `Memory that is no arena` {
  typealias Sample = ArenaSample

  @Test func `damaged arenas never bring forth a range that a sound one has not`() {
    var dice = SystemRandomNumberGenerator()
    let sound = Set(Sample().ranges())
    for layout in ArenaState.Layout.allCases {
      let sample = Sample(layout: layout)
      for _ in 0..<150 {
        var changed = sample
        for _ in 0..<Int.random(in: 1...4, using: &dice) {
          let region = sample.regions[Int.random(in: 0..<4, using: &dice)]
          // Most of what matters lies at the start.
          let length = Bool.random(using: &dice) ? 0x1000 : region.bytes.count
          let place = region.start + UInt64.random(in: 0..<UInt64(length / 8), using: &dice) * 8
          let values = [
            UInt64.random(in: 0 ... .max, using: &dice), 0, .max, place,
            changed[place] ^ 1 << UInt64.random(in: 0..<64, using: &dice), Sample.full,
            Sample.newest + UInt64.random(in: 0..<0x1000, using: &dice),
          ]
          changed[place] = values[Int.random(in: 0..<values.count, using: &dice)]
        }
        #expect(sound.isSuperset(of: changed.ranges()))
      }
    }
  }

  @Test func `every word of a header, and every one of the lists, matters`() {
    let sample = Sample()
    let one = Sample.single
    // The header, the lock with its flags, all bins, the ring, the sums.
    var places = (0..<5).map { one + UInt64($0) * 8 }
    places += (0..<254).map { sample.field(one, sample.layout.bins + $0 * 8) }
    places += [0, sample.layout.top, sample.layout.next, sample.layout.next + 24].map {
      sample.field(one, $0)
    }
    for place in places {
      // Some bits of each: all of them are too many for one run.
      for bit in (UInt64(3)..<48).shuffled().prefix(4) {
        var changed = sample
        changed[place] ^= 1 << bit
        #expect(!changed.recognised().contains(one), "bit \(bit) at \(hex(place - one))")
      }
    }
  }

  @Test func `noise, zeros and the memory of other allocators are nothing`() {
    var dice = SystemRandomNumberGenerator()
    let contents: [(Int) -> UInt8] = [
      { _ in 0 }, { _ in 0xff }, { _ in UInt8.random(in: 0...255, using: &dice) },
      // Headers that start with pointers to themselves, as spans and extents do.
      { $0 % 8 == 5 ? 0x7f : $0 % 8 == 0 ? 0x30 : 0 },
    ]
    for content in contents {
      var sample = Sample()
      for start in [Sample.single, Sample.full, Sample.newest] {
        for place in stride(from: start, to: start + 0x1000, by: 8) {
          sample[place] = (0..<8).reduce(0) { $0 | UInt64(content($1)) << UInt64($1 * 8) }
        }
      }
      #expect(sample.recognised().isEmpty)
    }
    var unreadable = Sample()
    unreadable.mappings = Sample().mappings
    var map = MemoryMap()
    map.mappings = unreadable.mappings
    #expect(MallocArenas.ranges(in: map) { _, _ in nil }.isEmpty)
    #expect(
      MallocArenas.ranges(in: map) { _, count in [UInt8](repeating: 0, count: count - 1) }.isEmpty)
    #expect(MallocArenas.ranges(in: MemoryMap()) { _, _ in nil }.isEmpty)
  }

  @Test(
    .enabled(if: LiveJVM.isPossible, "needs root and a JDK (java, javac)"), .compiledProgram,
    arguments: LiveJVM.Kit.all)
  func `an arena of a real program may have several heaps`(kit: LiveJVM.Kit) throws {
    let options = ["-XX:+UseSerialGC", "-XX:MaxDirectMemorySize=1g"]
    let jvm = try LiveJVM(kit, options, heap: 8, native: 320)
    defer { try? jvm.end() }
    let live = try LiveMemory(of: jvm.pid)
    let began = Clock.monotonic()
    let ranges = MallocArenas.ranges(in: live.map) { live.read($0, $1) }
    let took = Clock.monotonic() - began
    let firsts = ranges.filter { range in
      [32, 48].contains { offset in
        live.read(range.start, 8)?.first == UInt8(offset)
          && live.read(range.start, 8)?[3] == UInt8(range.start >> 24 & 0xff)
      }
    }
    print("JDK \(kit.version): \(ranges.count) heaps, \(firsts.count) arenas, in \(took)")
    // 300 MiB in four threads do not fit into a heap each; a full one ends before a whole block.
    #expect(ranges.count > firsts.count)
    #expect(ranges.contains { $0.end - $0.start > 60 << 20 })
  }
}
