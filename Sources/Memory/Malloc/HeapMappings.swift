import CRIU

/// Where heaps of malloc could lie, by the mappings alone.
struct HeapMappings {
  private let mappings: [Mapping]
  private let memoryFile: UInt64?

  init(_ map: MemoryMap, memoryFile: UInt64?) {
    mappings = map.mappings
    self.memoryFile = memoryFile
  }

  /// Addresses at which a heap may start, each with the end of what may be written there.
  ///
  /// A heap's mapping may have been joined by the kernel with the one below it, and the part of a
  /// heap that was thawed is a mapping of its own.
  func candidates() -> [(start: UInt64, end: UInt64)] {
    let size = MallocArenas.heapSize
    var found: [(start: UInt64, end: UInt64)] = []
    for (index, mapping) in mappings.enumerated() where isWritten(mapping) {
      var start = (mapping.start + size - 1) & ~(size - 1)
      while start < mapping.end {
        if let end = end(of: start, from: index) { found.append((start, end)) }
        start += size
      }
    }
    return found
  }

  /// The end of the written part of a heap; nil if the rest of its 64 MiB is anything but PROT_NONE
  /// memory.
  private func end(of start: UInt64, from first: Int) -> UInt64? {
    let limit = start + MallocArenas.heapSize
    var written = start
    var place = start
    for mapping in mappings[first...] {
      guard place < limit else { break }
      guard mapping.start <= place, mapping.end > place else { return nil }
      if isWritten(mapping) {
        // Once more behind memory that may not be touched: no heap looks like that.
        guard written == place else { return nil }
        place = min(mapping.end, limit)
        written = place
      } else if isReserved(mapping) {
        place = min(mapping.end, limit)
      } else {
        return nil
      }
    }
    return place == limit ? written : nil
  }

  private func isWritten(_ mapping: Mapping) -> Bool {
    mapping.protection == [.read, .write] && isOwn(mapping)
  }

  private func isReserved(_ mapping: Mapping) -> Bool {
    mapping.protection == [] && isOwn(mapping)
  }

  /// Whether it is private memory without a file, as `mmap` gives it, and nobody gave advice on it.
  ///
  /// What was mapped from the memory file at a thaw counts as that; the thaw itself may have advised
  /// MADV_RANDOM there.
  private func isOwn(_ mapping: Mapping) -> Bool {
    let special: Mapping.Flags = [.shared, .growsDown, .locked, .hugePages, .droppable]
    guard mapping.flags.contains(.private), mapping.flags.isDisjoint(with: special),
      mapping.status.contains(.regular),
      mapping.status.isDisjoint(with: [.heap, .stack, .shadowStack])
    else { return false }
    if mapping.status.contains(.anonymousPrivate) { return mapping.advice == 0 }
    return mapping.status.contains(.filePrivate) && mapping.isOf(memoryFile)
      && mapping.advice & ~Mapping.random == 0
  }
}
