package import CRIU

/// Recognises the heaps of glibc's malloc other than the one that `brk` grows, in dumped memory.
///
/// Each thread of a program may allocate from an arena of its own. An arena consists of heaps: 64 MiB
/// of addresses each, aligned to 64 MiB, of which the first part may be written. All that can be
/// known of them is checked (`malloc/arena.c` and `malloc/malloc.c` of glibc 2.27 to 2.43): the
/// mappings' bounds, every heap's header, the arena's lists, the ring of all arenas through
/// `main_arena`, and every chunk from the first to the last. An arena that a thread was changing
/// when it was dumped may fail a check; then it is copied, as is everything that is not known.
///
/// Why such a heap bears to be mapped from a file, though glibc does discard parts of it
/// (MADV_DONTNEED, after which a mapped file shows its old content instead of zeros):
///
/// - `shrink_heap` discards what lies behind the heap's new end. `calloc` leaves out the clearing of
///   memory that never was handed out, but only behind `mprotect_size`, the highest mark: what is
///   below, it clears. Behind that mark lies PROT_NONE memory, which is no part of the range and stays
///   anonymous. With `vm.overcommit_memory` 2 the part is mapped anew instead, and the mark lowered.
/// - `mtrim` (`malloc_trim`) discards the inside of free chunks. Nothing reads it before it is handed
///   out, and then it counts as used before: `malloc` promises nothing, `calloc` clears.
/// - A heap that is no longer needed is unmapped as a whole, and a new one is mapped anew.
/// - No heap is ever moved or grown by `mremap`, which only malloc's own large blocks are.
///
/// The thread caches and the arena's own lists are in use for as long as it is, and are never
/// discarded.
package struct MallocArenas {
  /// The alignment and the most that a heap can have (HEAP_MAX_SIZE on 64-bit systems).
  static let heapSize: UInt64 = 64 << 20
  /// The page size that heaps are made for; others have huge pages.
  static let pageSize: UInt64 = 4096

  private let memory: ArenaMemory
  /// Heaps whose header and mappings are sound, by their address.
  private var heaps: [UInt64: MallocHeap] = [:]

  /// The heaps in the memory of a dumped process, in ascending order.
  ///
  /// - Parameters:
  ///   - map: the process's mappings.
  ///   - memoryFile: the id of a file whose private mappings count as anonymous memory: the memory
  ///     file that the process was thawed from.
  ///   - read: gives bytes at an address, nil if they are in no image. It is asked for at most a
  ///     mebibyte at a time.
  /// - Returns: of each heap the part that may be written.
  package static func ranges(
    in map: MemoryMap, memoryFile: UInt64? = nil, read: (UInt64, Int) -> [UInt8]?
  ) -> [KnownRange] {
    withoutActuallyEscaping(read) { read in
      let layout = HeapMappings(map, memoryFile: memoryFile)
      let arenas = MallocArenas(ArenaMemory(read: read), layout)
      return arenas.sound().map { KnownRange(.mallocArena, from: $0.start, to: $0.end) }
    }
  }

  private init(_ memory: ArenaMemory, _ mappings: HeapMappings) {
    self.memory = memory
    for (start, end) in mappings.candidates() {
      guard let heap = MallocHeap(at: start, memory), heap.end == end else { continue }
      heaps[start] = heap
    }
  }

  /// The heaps of the arenas that pass all checks.
  private func sound() -> [MallocHeap] {
    var found: [MallocHeap] = []
    for (arena, members) in Dictionary(grouping: heaps.values, by: \.arena) {
      guard let state = state(at: arena), let chain = chain(state), chain.count == members.count,
        isInRing(state), ArenaCheck(memory, state, chain).passes
      else { continue }
      found += chain
    }
    return found.sorted { $0.start < $1.start }
  }

  /// The state of an arena that lies right behind the header of one of the heaps.
  private func state(at address: UInt64) -> ArenaState? {
    let start = address & ~(Self.heapSize - 1)
    guard let first = heaps[start], first.isFirst else { return nil }
    // Which layout it is, only the bins tell: those of an arena point to themselves.
    return ArenaState.Layout.allCases.lazy
      .compactMap { ArenaState(at: address, $0, memory) }
      .first { $0.isPlausible }
  }

  /// The heaps of an arena from the one that it allocates from to the first; nil if they do not
  /// hang together.
  private func chain(_ state: ArenaState) -> [MallocHeap]? {
    var chain: [MallocHeap] = []
    var next = state.top & ~(Self.heapSize - 1)
    while chain.count <= heaps.count {
      guard let heap = heaps[next], heap.arena == state.address else { return nil }
      chain.append(heap)
      if heap.isFirst { return heap.previous == 0 ? chain : nil }
      next = heap.previous
    }
    // It goes round.
    return nil
  }

  /// Whether the ring of arenas leads back to this one, and through exactly one that lies in no
  /// heap: `main_arena`.
  ///
  /// Others may be in use just now: of them no more is asked than that they are arenas.
  private func isInRing(_ state: ArenaState) -> Bool {
    var mains = 0
    var here = state.next
    // There are at most eight for each processor, unless somebody asked for more.
    for _ in 0..<65_536 {
      if here == state.address { return mains == 1 }
      guard let other = ArenaState(at: here, state.layout, memory) else { return false }
      if !isInHeap(here) {
        mains += 1
        guard mains == 1, other.isPlausibleMain else { return false }
      }
      here = other.next
    }
    return false
  }

  /// Whether an arena's state lies behind the header of a heap that says so.
  private func isInHeap(_ arena: UInt64) -> Bool {
    let start = arena & ~(Self.heapSize - 1)
    return (arena - start == 32 || arena - start == 48) && memory.word(at: start) == arena
  }
}
