/// The state of an arena of malloc (`malloc_state`).
struct ArenaState {
  /// The order of its fields, by the version of glibc.
  enum Layout: CaseIterable {
    /// 2.27 to 2.42: with lists of small free chunks that are not joined.
    case fastBins
    /// 2.43 and later.
    case noFastBins

    /// Where the address of the top chunk stands.
    var top: Int { self == .fastBins ? 96 : 8 }
    /// Where the first bin stands.
    var bins: Int { top + 16 }
    /// Where the next arena's address stands: behind 254 words of bins and 16 bytes of their map.
    var next: Int { bins + 254 * 8 + 16 }
    /// How long it is.
    var size: Int { next + 40 }
  }

  /// Where it lies.
  let address: UInt64
  /// How its fields are ordered.
  let layout: Layout
  private let words: [UInt64]

  /// Reads a state; nil if it is in no image.
  init?(at address: UInt64, _ layout: Layout, _ memory: ArenaMemory) {
    guard address % 8 == 0,
      let words = memory.words(at: address, layout.size / 8)
    else { return nil }
    self.address = address
    self.layout = layout
    self.words = words
  }

  /// The chunk at the end of the newest heap.
  var top: UInt64 { word(layout.top) }
  /// The next arena in the ring.
  var next: UInt64 { word(layout.next) }
  /// How many bytes its heaps have in use.
  var systemMemory: UInt64 { word(layout.next + 24) }

  /// The heads of the lists of small chunks.
  var fastBins: [UInt64] {
    layout == .fastBins ? (0..<10).map { word(16 + $0 * 8) } : []
  }

  /// The head of each list of free chunks: the chunk that it would be, its first and its last
  /// member.
  var bins: [(head: UInt64, first: UInt64, last: UInt64)] {
    (0..<127).map { index in
      let place = layout.bins + index * 16
      return (address + UInt64(place) - 16, word(place), word(place + 8))
    }
  }

  /// Whether it can be the state of an arena that is not the main one.
  var isPlausible: Bool {
    // NONCONTIGUOUS_BIT, which `main_arena` only gets when `brk` fails it.
    hasPlausibleFields && flags == 2 && top % 16 == 0
  }

  /// Whether it can be `main_arena`.
  var isPlausibleMain: Bool { hasPlausibleFields && (flags == 0 || flags == 2) }

  private var flags: UInt64 { words[0] >> 32 }

  private var hasPlausibleFields: Bool {
    // The lock: free, taken, waited for.
    guard words[0] & 0xffff_ffff <= 2, next != 0, next % 8 == 0 else { return false }
    if layout == .fastBins { guard word(8) <= 1 else { return false } }
    let threads = word(layout.next + 16)
    let most = word(layout.next + 32)
    guard threads < 1 << 22, systemMemory <= most else { return false }
    // An empty list's head points to itself, twice; any other's never does.
    return bins.allSatisfy { ($0.first == $0.head) == ($0.last == $0.head) && $0.first != 0 }
      && bins.contains { $0.first == $0.head }
  }

  private func word(_ offset: Int) -> UInt64 { words[offset / 8] }
}
