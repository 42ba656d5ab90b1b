/// Memory whose owner is known, and with it that it bears being mapped from a file.
package struct KnownRange: Sendable, Hashable, Codable {
  /// Whose memory it is.
  package enum Kind: String, Sendable, Hashable, Codable, CaseIterable {
    /// The objects of a Java virtual machine.
    case javaHeap = "Java heap"
    /// Descriptions of classes.
    case metaspace
    /// Compiled code and the stubs that it calls.
    case codeCache = "code cache"
    /// What a collector keeps beside the heap: card tables, marking bits, remembered sets.
    case collector = "collector's tables"
    /// The class-data archive.
    case archive = "class-data archive"
    /// A heap of glibc's malloc that is not the one that `brk` grows.
    case mallocArena = "malloc arena"
  }

  /// The lowest address.
  package var start: UInt64
  /// The address behind the last byte.
  package var end: UInt64
  /// Whose memory it is.
  package var kind: Kind

  /// Describes memory from `start` up to `end`.
  package init(_ kind: Kind, from start: UInt64, to end: UInt64) {
    self.kind = kind
    self.start = start
    self.end = max(start, end)
  }

  /// What two answers of one process have in common: addresses that are of the same kind in both.
  package static func common(_ first: [KnownRange], _ second: [KnownRange]) -> [KnownRange] {
    first.flatMap { one in
      second.filter { $0.kind == one.kind && $0.start < one.end && one.start < $0.end }
        .map { KnownRange(one.kind, from: max(one.start, $0.start), to: min(one.end, $0.end)) }
    }
  }

  /// Whether all of another stretch of addresses lies in this one.
  package func contains(from other: UInt64, to end: UInt64) -> Bool {
    start <= other && end <= self.end
  }
}
