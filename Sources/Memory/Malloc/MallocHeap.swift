/// The header of a heap of malloc (`heap_info`).
struct MallocHeap: Hashable, Sendable {
  /// Where it starts: a multiple of 64 MiB.
  let start: UInt64
  /// The arena's state that it belongs to (`ar_ptr`).
  let arena: UInt64
  /// The heap that the arena had before; 0 for its first.
  let previous: UInt64
  /// How much of it is in use, in bytes.
  let size: UInt64
  /// How much of it may be written (`mprotect_size`): the highest that `size` ever was.
  let writable: UInt64
  /// How long the header is: 32 bytes before glibc 2.35, 48 since, with the page size.
  let headerSize: UInt64

  /// Reads a header; nil if it cannot be one.
  init?(at start: UInt64, _ memory: ArenaMemory) {
    guard let words = memory.words(at: start, 6) else { return nil }
    let page = MallocArenas.pageSize
    self.start = start
    (arena, previous, size, writable) = (words[0], words[1], words[2], words[3])
    // The page size tells the layouts apart: without it, the arena's state or the first chunk
    // follows.
    headerSize = words[4] == page && words[5] == 0 ? 48 : 32
    let inHeap = arena & (MallocArenas.heapSize - 1)
    guard inHeap == headerSize, previous & (MallocArenas.heapSize - 1) == 0,
      size >= page, size % page == 0, size <= writable, writable % page == 0,
      writable <= MallocArenas.heapSize
    else { return nil }
    guard isFirst == (previous == 0), previous != start else { return nil }
  }

  /// Whether the arena's state lies in it.
  var isFirst: Bool { arena == start + headerSize }

  /// The address behind what may be written.
  var end: UInt64 { start + writable }

  /// The address behind what is in use.
  var used: UInt64 { start + size }

  /// Whether a chunk can start at an address.
  func holds(chunk address: UInt64) -> Bool {
    address % 16 == 0 && address >= start + headerSize && address < used
  }
}
