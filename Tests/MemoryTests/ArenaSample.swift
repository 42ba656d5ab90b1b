import CRIU

@testable import Memory

/// A process with arenas of malloc, made up byte by byte as glibc lays them out.
///
/// Two arenas: the first of one heap, the second of two. In each lie chunks in use, a free one in a
/// list, and the top chunk.
struct ArenaSample {
  /// How long a heap's header is: 32 before glibc 2.35, else 48.
  let headerSize: UInt64
  /// The order of an arena's fields.
  let layout: ArenaState.Layout
  /// What is in memory, by address.
  private(set) var regions: [(start: UInt64, bytes: [UInt8])] = []
  /// The process's mappings.
  var mappings: [Mapping] = []

  /// `main_arena`, in the data of libc.
  static let main: UInt64 = 0x7f12_3456_7c60
  /// The first arena's only heap.
  static let single: UInt64 = 0x7f00_0000_0000
  /// The second arena's first heap, which is full.
  static let full: UInt64 = 0x7f04_0000_0000
  /// The second arena's newest heap.
  static let newest: UInt64 = 0x7f08_0000_0000

  /// How much of each heap is in use, and how much may be written.
  static let size: UInt64 = 0x2_1000
  static let writable: UInt64 = 0x3_0000

  init(headerSize: UInt64 = 48, layout: ArenaState.Layout = .fastBins) {
    self.headerSize = headerSize
    self.layout = layout
    let data = Self.main & ~0xfff
    regions.append((data, [UInt8](repeating: 0, count: 0x2000)))
    var libc = Self.mapping(data, data + 0x2000, [.read, .write])
    libc.status = [.regular, .filePrivate]
    libc.flags = [.private]
    libc.file = 5
    mappings.append(libc)
    for (start, writable) in [
      (Self.single, Self.writable), (Self.full, Self.size), (Self.newest, Self.writable),
    ] {
      regions.append((start, [UInt8](repeating: 0, count: Int(writable))))
      mappings.append(Self.mapping(start, start + writable, [.read, .write]))
      mappings.append(Self.mapping(start + writable, start + MallocArenas.heapSize, []))
    }
    mappings.sort { $0.start < $1.start }
    fillHeaders()
    fillStates()
    fillChunks(from: firstChunk(Self.single), top: true, in: Self.single)
    fillChunks(from: firstChunk(Self.full), top: false, in: Self.full)
    fillChunks(from: Self.newest + headerSize, top: true, in: Self.newest)
  }

  static func mapping(
    _ start: UInt64, _ end: UInt64, _ protection: Mapping.Protection
  ) -> Mapping {
    var mapping = Mapping()
    mapping.start = start
    mapping.end = end
    mapping.protection = protection
    mapping.flags = [.private, .anonymous]
    mapping.status = [.regular, .anonymousPrivate]
    return mapping
  }

  /// The state of the arena whose first heap this is.
  func state(_ heap: UInt64) -> UInt64 { heap + headerSize }

  /// Where the chunks of an arena's first heap start.
  func firstChunk(_ heap: UInt64) -> UInt64 {
    (state(heap) + UInt64(layout.size) + 15) & ~15
  }

  /// A field of an arena's state.
  func field(_ heap: UInt64, _ offset: Int) -> UInt64 { state(heap) + UInt64(offset) }

  // MARK: Filling

  private mutating func fillHeaders() {
    header(Self.single, arena: state(Self.single), previous: 0, writable: Self.writable)
    header(Self.full, arena: state(Self.full), previous: 0, writable: Self.size)
    header(Self.newest, arena: state(Self.full), previous: Self.full, writable: Self.writable)
  }

  private mutating func header(
    _ heap: UInt64, arena: UInt64, previous: UInt64, writable: UInt64
  ) {
    for (index, word) in [arena, previous, Self.size, writable].enumerated() {
      self[heap + UInt64(index) * 8] = word
    }
    if headerSize == 48 { self[heap + 32] = 4096 }
  }

  private mutating func fillStates() {
    let ring = [Self.main, state(Self.full), state(Self.single)]
    let memory = [0x4_0000, Self.size * 2, Self.size]
    for (index, address) in ring.enumerated() {
      self[address] = index == 0 ? 0 : 2 << 32
      for bin in 0..<127 {
        let place = address + UInt64(layout.bins + bin * 16)
        self[place] = place - 16
        self[place + 8] = place - 16
      }
      let next = address + UInt64(layout.next)
      self[next] = ring[(index + 1) % 3]
      self[next + 16] = 1
      self[next + 24] = memory[index]
      self[next + 32] = memory[index] + 0x1000
    }
  }

  /// Chunks in use, a free one in the first bin, more in use; then the top chunk or the two posts.
  private mutating func fillChunks(from start: UInt64, top hasTop: Bool, in heap: UInt64) {
    let first = heap == Self.newest ? Self.full : heap
    let bin = field(first, layout.bins) - 16
    var place = start
    for (size, isFree) in [(0x20, false), (0x450, false), (0x500, true), (0x30, false)] {
      self[place + 8] = UInt64(size) | (isFree ? 1 : 5)
      // The list of the second arena has one member only, in its newest heap.
      if isFree && hasTop {
        self[place + 16] = bin
        self[place + 24] = bin
        self[bin + 16] = place
        self[bin + 24] = place
      }
      place += UInt64(size)
      if isFree && hasTop { self[place] = UInt64(size) }
    }
    // The chunk behind a free one says so.
    if hasTop { self[place - 0x30 + 8] = 0x30 | 4 }
    let end = heap + Self.size
    if hasTop {
      self[place + 8] = end - place | 1
      self[field(first, layout.top)] = place
    } else {
      self[place + 8] = end - 32 - place | 5
      self[end - 24] = 16 | 1
      self[end - 8] = 0 | 1
    }
  }

  // MARK: Use

  /// A word of memory; 0 where there is none.
  subscript(address: UInt64) -> UInt64 {
    get {
      (read(address, 8) ?? []).reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
    set {
      guard let index = index(of: address, 8) else { return }
      let place = Int(address - regions[index].start)
      for byte in 0..<8 {
        regions[index].bytes[place + byte] = UInt8(truncatingIfNeeded: newValue >> UInt64(byte * 8))
      }
    }
  }

  /// Adds memory that is mapped already, or not.
  mutating func add(_ start: UInt64, _ bytes: [UInt8]) { regions.append((start, bytes)) }

  func read(_ address: UInt64, _ count: Int) -> [UInt8]? {
    guard let index = index(of: address, count) else { return nil }
    let place = Int(address - regions[index].start)
    return Array(regions[index].bytes[place..<place + count])
  }

  private func index(of address: UInt64, _ count: Int) -> Int? {
    regions.firstIndex {
      $0.start <= address && address - $0.start <= UInt64($0.bytes.count)
        && UInt64(count) <= UInt64($0.bytes.count) - (address - $0.start)
    }
  }

  /// The starts of the heaps that are recognised.
  func recognised(memoryFile: UInt64? = nil) -> [UInt64] {
    ranges(memoryFile: memoryFile).map(\.start)
  }

  /// The ranges that are recognised.
  func ranges(memoryFile: UInt64? = nil) -> [KnownRange] {
    var map = MemoryMap()
    map.mappings = mappings
    return MallocArenas.ranges(in: map, memoryFile: memoryFile) { read($0, $1) }
  }
}
