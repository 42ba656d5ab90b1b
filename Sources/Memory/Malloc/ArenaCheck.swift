/// Checks an arena of malloc through and through: its sums, its lists, each of its chunks.
struct ArenaCheck {
  private let memory: ArenaMemory
  private let state: ArenaState
  /// The newest heap first.
  private let heaps: [MallocHeap]

  init(_ memory: ArenaMemory, _ state: ArenaState, _ heaps: [MallocHeap]) {
    self.memory = memory
    self.state = state
    self.heaps = heaps
  }

  /// Whether all is as glibc leaves it between two calls.
  var passes: Bool {
    let sum = heaps.reduce(0) { $0 + $1.size }
    guard state.systemMemory == sum, heaps.allSatisfy({ $0.headerSize == heaps[0].headerSize })
    else { return false }
    return topIsSound && fastBinsAreSound && binsAreSound && heaps.allSatisfy(chunksAreSound)
  }

  /// The top chunk ends where the newest heap ends.
  private var topIsSound: Bool {
    guard let newest = heaps.first, newest.holds(chunk: state.top),
      let size = memory.word(at: state.top + 8)
    else { return false }
    // Only PREV_INUSE is ever set in it.
    return size & 7 == 1 && state.top + (size & ~7) == newest.used
  }

  private var fastBinsAreSound: Bool {
    state.fastBins.allSatisfy { head in head == 0 || heaps.contains { $0.holds(chunk: head) } }
  }

  /// Both ends of each list lie in a heap and point back: what glibc checks itself
  /// ("corrupted double-linked list").
  private var binsAreSound: Bool {
    state.bins.allSatisfy { bin in
      if bin.first == bin.head { return true }
      guard let first = links(of: bin.first), let last = links(of: bin.last) else { return false }
      return first.back == bin.head && last.forward == bin.head
    }
  }

  /// The two pointers of a free chunk; nil if it is in no heap.
  private func links(of chunk: UInt64) -> (forward: UInt64, back: UInt64)? {
    guard heaps.contains(where: { $0.holds(chunk: chunk) }),
      let words = memory.words(at: chunk + 16, 2)
    else { return nil }
    return (words[0], words[1])
  }

  /// Every chunk of a heap starts where the one before it ends, up to the top chunk, or up to the
  /// two posts at the end of a heap that is full.
  private func chunksAreSound(_ heap: MallocHeap) -> Bool {
    var reader = ChunkReader(memory, heap)
    let behind =
      heap.isFirst ? state.address + UInt64(state.layout.size) : heap.start + heap.headerSize
    var place = (behind + 15) & ~15
    var before: UInt64 = 0
    while true {
      if place == state.top { return true }
      guard let (previousSize, field) = reader.header(at: place) else { return false }
      let size = field & ~7
      // Never set in an arena's chunk: IS_MMAPPED. A free neighbour's size stands before the chunk.
      guard field & 2 == 0, field & 1 == 1 || previousSize == before && before > 0 else {
        return false
      }
      if size == 0 { return field == 1 && place + 16 == heap.used && heap != heaps.first }
      guard size % 16 == 0, size >= 16, size <= heap.used - place else { return false }
      // A post of 16 bytes stands before the last one only.
      if size == 16 { guard place + 32 == heap.used else { return false } }
      before = size
      place += size
      guard place < heap.used else { return false }
    }
  }
}

/// Reads the headers of chunks in ascending order, a mebibyte of memory at a time.
private struct ChunkReader {
  private let memory: ArenaMemory
  private let heap: MallocHeap
  private var block: [UInt8] = []
  private var start: UInt64

  init(_ memory: ArenaMemory, _ heap: MallocHeap) {
    self.memory = memory
    self.heap = heap
    start = heap.start
  }

  /// The two words before a chunk's memory: the size of the chunk before it if that is free, and its
  /// own size with its flags.
  mutating func header(at place: UInt64) -> (previousSize: UInt64, size: UInt64)? {
    guard place >= start, place + 16 <= heap.used else { return nil }
    if place + 16 > start + UInt64(block.count) {
      // Chunks may be long: what lies between is not read.
      start = place & ~(MallocArenas.pageSize - 1)
      guard let more = memory.read(start, Int(min(heap.used - start, 1 << 20))),
        UInt64(more.count) >= place + 16 - start
      else { return nil }
      block = more
    }
    let offset = Int(place - start)
    return (Self.word(block, offset), Self.word(block, offset + 8))
  }

  private static func word(_ bytes: [UInt8], _ offset: Int) -> UInt64 {
    bytes[offset..<offset + 8].reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }
}

/// Words of dumped memory.
struct ArenaMemory {
  /// Bytes at an address; nil if they are in no image.
  let read: (UInt64, Int) -> [UInt8]?

  /// One word; nil if it is in no image.
  func word(at address: UInt64) -> UInt64? { words(at: address, 1)?.first }

  /// Some words; nil if they are in no image.
  func words(at address: UInt64, _ count: Int) -> [UInt64]? {
    guard address < 1 << 56, let bytes = read(address, count * 8), bytes.count == count * 8 else {
      return nil
    }
    return (0..<count).map { index in
      bytes[index * 8..<index * 8 + 8].reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
  }
}
