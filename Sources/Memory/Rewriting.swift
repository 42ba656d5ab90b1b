import CRIU
package import Linux

/// Writes a snapshot in another form: what is placed so into a memory file, all else into CRIU's pages.
///
/// The images that come of it are those of the same processes with the same memory, for an unmodified CRIU 4.2.1. With
/// nothing mapped they are what CRIU itself would have dumped.
package struct Rewriting: Sendable {
  /// What is written.
  package let snapshot: Snapshot
  /// For each process one decision for each of its mappings.
  package let placements: [Int32: [Placement]]
  /// Pages that CRIU copies although their mapping is mapped: those that are written before the first answers.
  package let copied: [Int32: Pages]
  /// Whether the kernel brings in exactly the pages of the memory file that are touched, and none around them: for the
  /// trial that finds out which those are.
  package var readsExactly = false
  /// Where a thawed server will have the memory file mapped from; that of the snapshot, unless told.
  package var memoryPath: Path

  package init(
    _ snapshot: Snapshot, placements: [Int32: [Placement]], copied: [Int32: Pages] = [:]
  ) {
    self.snapshot = snapshot
    self.placements = placements
    self.copied = copied
    memoryPath = snapshot.memoryPath ?? MemoryFile.path
  }

  /// Decides with a classifier.
  package init(_ snapshot: Snapshot, _ classifier: Classifier, copied: [Int32: Pages] = [:]) {
    var placements: [Int32: [Placement]] = [:]
    for process in snapshot.processes {
      placements[process.pid] = classifier.placements(of: process, in: snapshot)
    }
    self.init(
      snapshot, placements: Self.apart(placements, snapshot.processes), copied: copied)
  }

  /// Leaves to CRIU what a child has mapped exactly where its parent has, too.
  ///
  /// CRIU 4.2.1 takes two private mappings of one file with the same ends for memory that was shared at the fork, and
  /// never looks whether both begin at the same place in the file (`check_cow_vmas`): the child would get its parent's
  /// pages.
  private static func apart(
    _ placements: [Int32: [Placement]], _ processes: [Snapshot.Process]
  ) -> [Int32: [Placement]] {
    var result = placements
    for process in processes {
      guard let parent = processes.first(where: { $0.pid == process.parent }) else { continue }
      var taken: Set<Range<UInt64>> = []
      for (mapping, placement) in zip(parent.map.mappings, placements[parent.pid] ?? [])
      where placement.isMapped { taken.insert(mapping.range) }
      for (index, mapping) in process.map.mappings.enumerated()
      where result[process.pid]?[index].isMapped == true && taken.contains(mapping.range) {
        result[process.pid]?[index] = .copied("its parent has the same mapped")
      }
    }
    return result
  }

  /// What was written.
  package struct Result: Sendable, Hashable {
    /// Bytes that CRIU copies at a thaw.
    package var copied = ByteCount.zero
    /// Bytes of pages in the memory file, holes left out.
    package var mapped = ByteCount.zero
    /// The length of the memory file, holes and all; 0: there is none.
    package var length: UInt64 = 0
  }

  /// Writes images into an empty folder, and the memory file, if anything is mapped.
  ///
  /// - Parameters:
  ///   - folder: an existing folder, not that of the snapshot.
  ///   - memory: where the memory file is made; nothing may be there.
  /// - Returns: how much is mapped and how much copied.
  /// - Throws: `.diskFull`, `.failed`; `.damaged` if pages of the snapshot cannot be read.
  @discardableResult
  package func write(images folder: Path, memory: Path) throws(MemoryError) -> Result {
    let layout = Layout(self)
    var result = Result()
    result.length = layout.length
    let written = try PageCopy(snapshot, layout).run(images: folder, memory: memory)
    result.mapped = written.mapped
    for (index, process) in snapshot.processes.enumerated() {
      let runs = written.runs[index]
      result.copied += ByteCount(runs.reduce(0) { $0 + $1.length })
      try write(process, layout.maps[index], runs, to: folder)
    }
    try writeFiles(layout, to: folder)
    try copyRest(to: folder)
    return result
  }

  private func write(
    _ process: Snapshot.Process, _ map: MemoryMap, _ runs: [Pagemap.Run], to folder: Path
  ) throws(MemoryError) {
    let id = UInt32(bitPattern: process.pid)
    try images { () throws(CRIUError) in
      let target = try ImageDirectory(folder)
      try target.write(
        ImageFile(.mm, messages: [map.message]), named: ImageType.mm.fileName(id: id))
      try target.write(
        Pagemap(pagesID: process.pagesID, runs: runs).image,
        named: ImageType.pagemap.fileName(id: id))
    }
  }

  /// The files of the images, with the memory file among them or no longer.
  private func writeFiles(_ layout: Layout, to folder: Path) throws(MemoryError) {
    try images { () throws(CRIUError) in
      var image = try snapshot.directory.image(.files)
      image.entries.removeAll { MemoryFile.isPath(FileEntry($0.message).regular?.path) }
      if layout.length > 0 {
        let file = RegularFile(
          id: layout.fileID, path: memoryPath.string, flags: MemoryFile.openFlags,
          size: layout.length, mode: nil)
        image.entries.append(.init(FileEntry(file).message))
      }
      try ImageDirectory(folder).write(image, named: ImageType.files.fileName())
    }
  }

  /// All images that have nothing to do with private memory, as they are.
  private func copyRest(to folder: Path) throws(MemoryError) {
    var own: Set<String> = [ImageType.files.fileName()]
    for process in snapshot.processes {
      let id = UInt32(bitPattern: process.pid)
      own.formUnion([
        ImageType.mm.fileName(id: id), ImageType.pagemap.fileName(id: id),
        PageCopy.fileName(process.pagesID),
      ])
    }
    let source = snapshot.directory.path
    for name in try images({ () throws(CRIUError) in try snapshot.directory.list() })
    where !own.contains(name) {
      try attempt("copying an image", on: source / name) { () throws(Errno) in
        try FileSystem.copyTree(from: source / name, to: folder / name)
      }
    }
  }
}
