import Linux

/// Reads checkpoints out of an archive into a store.
struct ArchiveReader: ~Copyable {
  private var reader: TarReader
  private let archive: String
  private let store: CheckpointStore
  private let progress: Reading.Progress
  private var reading = Reading(total: 0)
  /// The member that was read and belongs to the next checkpoint.
  private var ahead: TarMember?
  /// The ids of the checkpoints that were not in the store before.
  private(set) var added: [String] = []

  init(
    _ reader: consuming TarReader, archive: String, store: CheckpointStore,
    _ progress: @escaping Reading.Progress
  ) {
    self.reader = reader
    self.archive = archive
    self.store = store
    self.progress = progress
  }

  /// Reads what the archive says of itself.
  mutating func begin() throws(CheckpointError) -> ArchiveIndex {
    guard let first = try reader.next(), first.path == ArchiveIndex.path else {
      throw CheckpointError(
        .damaged, archive, "it is no archive of Thaw", fix: "make one with `thaw save`")
    }
    let index = try ArchiveIndex.decode(
      try reader.content(upTo: Self.longestText), archive: archive)
    reading.total = index.checkpoints.reduce(0) {
      $0.addingReportingOverflow($1.bytes).partialValue
    }
    return index
  }

  /// Reads the next checkpoint, which must be this one.
  mutating func take(_ entry: ArchiveIndex.Entry) throws(CheckpointError) {
    guard let root = try next(), root.path == entry.id, root.kind == .directory else {
      throw damaged("checkpoint \(entry.id.prefix(12)) is missing in it")
    }
    guard let second = try next(), second.path == entry.id + "/manifest.json" else {
      throw damaged("the manifest of checkpoint \(entry.id.prefix(12)) is missing in it")
    }
    let bytes = try reader.content(upTo: Self.longestText)
    guard Digest(of: bytes).hexadecimal == entry.id else {
      throw damaged("the manifest is not the one of checkpoint \(entry.id.prefix(12))")
    }
    let manifest = try Manifest.decode(bytes, path: Path("\(archive): \(second.path)"))
    if FileSystem.exists(store.folder / entry.id) {
      // It is there, and must be whole; its members are passed over.
      _ = try Checkpoint.open(store.folder / entry.id)
      while let member = try next() {
        guard member.path.hasPrefix(entry.id + "/") else { return ahead = member }
        reading.path = Path(member.path)
        reading.done += member.size
        try Self.tell(reading, progress, archive)
      }
      return
    }
    let draft = try Draft(in: store)
    do throws(CheckpointError) {
      try fill(draft.path, entry, root, manifest)
    } catch {
      draft.discard()
      throw error
    }
    try draft.place(manifest, bytes: bytes)
    added.append(entry.id)
  }

  /// Makes sure that nothing follows.
  mutating func end() throws(CheckpointError) {
    if let member = try next() {
      throw damaged("'\(member.path.prefix(200))' is no part of a checkpoint")
    }
  }

  func damaged(_ what: String) -> CheckpointError { reader.input.damaged(what) }

  /// No manifest is longer: 100,000 files make 16 MB.
  private static let longestText = 64 << 20

  private mutating func next() throws(CheckpointError) -> TarMember? {
    if let member = ahead.take() { return member }
    return try reader.next()
  }

  private mutating func fill(
    _ folder: Path, _ entry: ArchiveIndex.Entry, _ root: TarMember, _ manifest: Manifest
  ) throws(CheckpointError) {
    var unpacking = try Unpacking(
      into: folder, id: entry.id, root: root, manifest: manifest, archive: archive)
    while let member = try next() {
      // What is no part of this one is the next one's beginning, or a mistake.
      guard member.path.hasPrefix(entry.id + "/") else {
        ahead = member
        break
      }
      reading.path = Path(member.path)
      // Apart: the archive is being read meanwhile.
      var reading = reading
      try unpacking.take(member) { (body) throws(CheckpointError) in
        try reader.content { (piece) throws(CheckpointError) in
          try body(piece)
          reading.done += Int64(piece.count)
          try Self.tell(reading, progress, archive)
        }
      }
      self.reading = reading
    }
    try unpacking.finish()
  }

  private static func tell(
    _ reading: Reading, _ progress: Reading.Progress, _ archive: String
  ) throws(CheckpointError) {
    try attempt("reading the archive", on: Path(archive)) { () throws(Errno) in
      try progress(reading)
    }
  }
}
