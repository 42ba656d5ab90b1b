package import CRIU
package import Linux

/// The memory of all processes of a dump, page by page, wherever the pages lie: in CRIU's own files or in a memory file.
///
/// It is what `export`, `train` and `compact` have in common with a freeze: each reads a snapshot and writes it in
/// another form.
package struct Snapshot: Sendable {
  /// Where the bytes of pages are.
  package enum Source: Sendable, Hashable {
    /// In `pages-<id>.img`.
    case pages(UInt32, offset: UInt64)
    /// In the memory file.
    case memory(offset: UInt64)
    /// In the file that the server had mapped, unchanged: seen from where the server ran.
    case file(Path, offset: UInt64)
  }

  /// Pages that follow each other in memory and in their file.
  package struct Piece: Sendable, Hashable {
    /// The addresses.
    package var range: Range<UInt64>
    /// Where the first byte is.
    package var source: Source

    /// The part of it that lies in a range.
    func clamped(to other: Range<UInt64>) -> Piece {
      let inside = range.clamped(to: other)
      let skipped = inside.lowerBound - range.lowerBound
      let source: Source =
        switch source {
        case .pages(let id, let offset): .pages(id, offset: offset + skipped)
        case .memory(let offset): .memory(offset: offset + skipped)
        case .file(let path, let offset): .file(path, offset: offset + skipped)
        }
      return Piece(range: inside, source: source)
    }
  }

  /// One process.
  package struct Process: Sendable {
    /// Its pid in the images.
    package var pid: Int32
    /// Its parent's, 0 of the root.
    package var parent: Int32 = 0
    /// Its mappings.
    package var map: MemoryMap
    /// Its pages file.
    package var pagesID: UInt32
    /// All pages that are not zero or unchanged pages of a file, in ascending order.
    package var pieces: [Piece]
  }

  /// The images.
  package let directory: ImageDirectory
  /// The memory file that the images map; nil where they map none.
  package let memory: Path?
  /// The processes that have memory; zombies have none.
  package internal(set) var processes: [Process]
  /// The regular files of the images, by id.
  package let files: [UInt64: RegularFile]
  /// The ids of files of all kinds.
  let fileIDs: Set<UInt32>

  /// Reads the images; `memory` is where the memory file lies now.
  ///
  /// - Throws: `.damaged` if an image cannot be read, or if pages lie in a dump before this one.
  package init(_ directory: ImageDirectory, memory: Path? = nil) throws(MemoryError) {
    let entries = try images { () throws(CRIUError) in try directory.files() }
    var files: [UInt64: RegularFile] = [:]
    for entry in entries {
      if let file = entry.regular { files[UInt64(entry.id)] = file }
    }
    let id = MemoryFile.id(in: entries)
    guard id == nil || memory != nil else {
      throw MemoryError(
        .damaged, directory.path.string, "its memory file is not there, and the images map it")
    }
    var data: [Range<UInt64>] = []
    if id != nil, let memory { data = try Self.data(of: memory) }
    var processes: [Process] = []
    for process in try images({ () throws(CRIUError) in try directory.processes() })
    where directory.has(ImageType.mm.fileName(id: UInt32(bitPattern: process.pid))) {
      var found = try Self.read(process.pid, directory, memoryID: id, data)
      found.parent = process.parent
      processes.append(found)
    }
    self.directory = directory
    self.memory = id == nil ? nil : memory
    self.processes = processes
    self.files = files
    fileIDs = Set(entries.map(\.id))
  }

  /// Reads the images in a folder.
  package init(path: Path, memory: Path? = nil) throws(MemoryError) {
    try self.init(
      try Memory.images { () throws(CRIUError) in try ImageDirectory(path) }, memory: memory)
  }

  private static func read(
    _ pid: Int32, _ directory: ImageDirectory, memoryID: UInt64?, _ data: [Range<UInt64>]
  ) throws(MemoryError) -> Process {
    let map = try images { () throws(CRIUError) in try directory.memory(of: pid) }
    let pagemap = try images { () throws(CRIUError) in try directory.pagemap(of: pid) }
    var own: [Piece] = []
    for (run, offset) in pagemap.placed() {
      guard let offset else {
        throw MemoryError(
          .damaged, directory.path.string,
          "pages of process \(pid) are not in it but in a dump before it")
      }
      own.append(
        Piece(range: run.address..<run.end, source: .pages(pagemap.pagesID, offset: offset)))
    }
    let stored = Pages(own.map(\.range))
    var pieces = own
    for mapping in map.mappings where memoryID != nil && mapping.isOf(memoryID) {
      for part in stored.split(mapping.range) where !part.isMember {
        pieces += Self.pieces(of: part.range, in: mapping, data)
      }
    }
    pieces.sort { $0.range.lowerBound < $1.range.lowerBound }
    return Process(pid: pid, map: map, pagesID: pagemap.pagesID, pieces: pieces)
  }

  /// The parts of a range for which the memory file has data.
  private static func pieces(
    of range: Range<UInt64>, in mapping: Mapping, _ data: [Range<UInt64>]
  ) -> [Piece] {
    let begin = mapping.fileOffset + (range.lowerBound - mapping.start)
    let wanted = begin..<begin + UInt64(range.count)
    return data.filter { $0.overlaps(wanted) }.map {
      let part = $0.clamped(to: wanted)
      let address = range.lowerBound + (part.lowerBound - begin)
      return Piece(
        range: address..<address + UInt64(part.count), source: .memory(offset: part.lowerBound))
    }
  }

  /// Where a file is not a hole, in whole pages.
  private static func data(of path: Path) throws(MemoryError) -> [Range<UInt64>] {
    let page = Pagemap.pageSize
    let found = try attempt("looking for holes", on: path) { () throws(Errno) in
      let file = try Descriptor.open(path, .readOnly)
      let size = UInt64(try file.status().size)
      return try file.dataRanges().map {
        UInt64($0.lowerBound) / page
          * page..<Swift.min((UInt64($0.upperBound) + page - 1) / page * page, size)
      }
    }
    return Pages(found).ranges
  }
}

extension Mapping {
  /// The addresses.
  package var range: Range<UInt64> { start..<Swift.max(start, end) }

  /// Whether it maps a file privately, by the file's id.
  func isOf(_ file: UInt64?) -> Bool { status.contains(.filePrivate) && self.file == file }
}
