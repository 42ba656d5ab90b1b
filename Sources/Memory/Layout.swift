import CRIU
import Linux

/// Where each page of a rewriting goes: the new mappings, and what is to be moved.
struct Layout {
  /// Pages to be written to a place in the memory file.
  struct Move: Sendable {
    var piece: Snapshot.Piece
    /// Where its first byte goes.
    var offset: UInt64
  }

  /// Pages that CRIU shall copy.
  struct Copy: Sendable {
    var piece: Snapshot.Piece
    /// Whether CRIU may leave them to come later, and a page of zeros may be left out.
    var isAnonymous: Bool
    /// Whether zeros are kept: the page is about to be written anyway.
    var keepsZeros: Bool
  }

  /// For each process its mappings as they are restored.
  private(set) var maps: [MemoryMap] = []
  /// For each process what goes into its pages file, in ascending order.
  private(set) var copies: [[Copy]] = []
  /// What goes into the memory file.
  private(set) var moves: [Move] = []
  /// The length of the memory file.
  private(set) var length: UInt64 = 0
  /// The id of the memory file among the files.
  let fileID: UInt32

  init(_ rewriting: Rewriting) {
    let snapshot = rewriting.snapshot
    let oldID = snapshot.memoryID
    let highest = snapshot.highestFileID
    fileID = oldID.map { UInt32(truncatingIfNeeded: $0) } ?? highest + 1
    for process in snapshot.processes {
      let placements = rewriting.placements[process.pid] ?? []
      let written = rewriting.copied[process.pid] ?? Pages()
      var map = process.map
      var mappings = map.mappings
      var copies: [Copy] = []
      var index = 0
      for (number, mapping) in mappings.enumerated() {
        let pieces = Self.pieces(of: mapping, process.pieces, &index)
        guard number < placements.count, placements[number].isMapped else {
          let isOurs = mapping.isOf(oldID)
          if isOurs { mappings[number].becomeAnonymous() }
          let isAnonymous = isOurs || mapping.isOrdinaryMemory
          copies += pieces.map {
            Copy(piece: $0, isAnonymous: isAnonymous, keepsZeros: !isAnonymous)
          }
          continue
        }
        let offset = place(mapping)
        var all = pieces
        if mapping.status.contains(.filePrivate), !mapping.isOf(oldID) {
          all = Self.filled(all, mapping, path: snapshot.files[mapping.file]?.path ?? "")
        }
        for piece in all {
          for part in written.split(piece.range) {
            let piece = piece.clamped(to: part.range)
            if part.isMember {
              copies.append(Copy(piece: piece, isAnonymous: false, keepsZeros: true))
            } else {
              moves.append(
                Move(piece: piece, offset: offset + (part.range.lowerBound - mapping.start)))
            }
          }
        }
        mappings[number].map(file: fileID, offset: offset, isRandom: rewriting.readsExactly)
      }
      map.mappings = mappings
      maps.append(map)
      self.copies.append(copies)
    }
  }

  /// Gives a mapping its place in the memory file, at an offset that the kernel maps in large steps.
  private mutating func place(_ mapping: Mapping) -> UInt64 {
    let wanted = mapping.start % MemoryFile.alignment
    let now = length % MemoryFile.alignment
    let offset =
      length + (wanted >= now ? wanted - now : MemoryFile.alignment - now + wanted)
    length = offset + mapping.length
    return offset
  }

  /// The pieces in a mapping; `index` is the first that does not end before it.
  private static func pieces(
    of mapping: Mapping, _ pieces: [Snapshot.Piece], _ index: inout Int
  ) -> [Snapshot.Piece] {
    while index < pieces.count, pieces[index].range.upperBound <= mapping.start { index += 1 }
    var found: [Snapshot.Piece] = []
    var next = index
    while next < pieces.count, pieces[next].range.lowerBound < mapping.end {
      found.append(pieces[next].clamped(to: mapping.range))
      next += 1
    }
    return found
  }

  /// The pieces of a file's mapping, with the unchanged pages between them taken from the file.
  private static func filled(
    _ pieces: [Snapshot.Piece], _ mapping: Mapping, path: String
  ) -> [Snapshot.Piece] {
    Pages(pieces.map(\.range)).split(mapping.range).flatMap { part in
      if part.isMember { return pieces.filter { $0.range.overlaps(part.range) } }
      let offset = mapping.fileOffset + (part.range.lowerBound - mapping.start)
      return [Snapshot.Piece(range: part.range, source: .file(.init(path), offset: offset))]
    }
  }
}

extension Mapping {
  /// Turns it into a private mapping of a file.
  ///
  /// `isRandom` has CRIU advise MADV_RANDOM, after which a fault reads one page.
  mutating func map(file: UInt32, offset: UInt64, isRandom: Bool) {
    advice = isRandom ? advice | Self.random : advice & ~Self.random
    status = [.regular, .filePrivate]
    flags = flags.subtracting(.anonymous).union(.private)
    self.file = UInt64(file)
    fileOffset = offset
    openFlags = MemoryFile.openFlags
  }

  /// The bit of MADV_RANDOM, which only Thaw sets on memory that it mapped.
  static let random: UInt64 = 1 << 1

  /// Turns it into memory without a file.
  mutating func becomeAnonymous() {
    status = [.regular, .anonymousPrivate]
    flags = flags.union([.anonymous, .private])
    file = 0
    fileOffset = 0
    advice &= ~Self.random
    message.set("fdflags", number: UInt32?.none)
  }
}

extension Snapshot {
  /// The highest id of a file of any kind.
  var highestFileID: UInt32 { fileIDs.max() ?? 0 }
}

extension Mapping {
  /// Whether it is private memory whose pages may come later, after CRIU's `vma_entry_can_be_lazy`: the kernel's own library is
  /// read by CRIU itself.
  fileprivate var isOrdinaryMemory: Bool {
    status.contains(.anonymousPrivate) && status.isDisjoint(with: [.vdso, .vvar, .vsyscall])
      && flags.isDisjoint(with: [.locked, .hugePages])
  }
}
