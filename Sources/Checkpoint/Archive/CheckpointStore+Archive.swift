package import Linux

/// Checkpoints as one file: a tar archive, compressed with zstd.
extension CheckpointStore {
  /// What became of an archive.
  package struct Saved: Sendable, Hashable {
    package var id: String
    package var names: [String]
    /// The bytes of the checkpoint's files.
    package var bytes: ByteCount
    /// The bytes of the archive.
    package var archived: ByteCount
  }

  /// The levels of compression, from fast to small.
  package static let levels = Compressor.levels

  /// The level unless another is asked for.
  package static let standardLevel = 3

  /// Writes a checkpoint, with those whose memory file it needs, as one archive.
  ///
  /// The same checkpoint under the same names gives the same bytes. Files are verified first, as for
  /// a thaw.
  package func save(
    _ text: String, to file: consuming Descriptor, called name: String,
    level: Int = standardLevel, _ progress: @escaping Reading.Progress = { _ in }
  ) throws(CheckpointError) -> Saved {
    let checkpoint = try find(text)
    guard let lock = try checkpoint.use() else {
      throw CheckpointError(.notFound, text, "is being removed", fix: "freeze it again")
    }
    // One that is needed by another cannot be removed: its lock need not be held.
    let chain = try self.chain(of: checkpoint)
    for one in chain { try one.verify(progress) }
    let names = try namesByID()
    let index = ArchiveIndex(
      checkpoints: chain.map { one in
        .init(
          id: one.id, names: one.id == checkpoint.id ? (names[one.id] ?? []).sorted() : [],
          bytes: Int64(one.manifest.size.bytes))
      })
    let output: Compressor
    do throws(Errno) {
      output = try Compressor(to: file, level: level)
    } catch {
      throw CheckpointError(error, trying: "compressing the archive", on: Path(name))
    }
    let total = index.checkpoints.reduce(0) { $0 + $1.bytes }
    var writer = ArchiveWriter(to: output, name: name, total: total, progress)
    try writer.write(index, modified: checkpoint.manifest.created)
    for one in chain { try writer.write(one) }
    try writer.finish()
    _ = consume lock
    return Saved(
      id: checkpoint.id, names: names[checkpoint.id] ?? [], bytes: ByteCount(total),
      archived: ByteCount(writer.written))
  }

  /// The checkpoints that one needs, before it, and itself.
  private func chain(of checkpoint: Checkpoint) throws(CheckpointError) -> [Checkpoint] {
    var chain: [Checkpoint] = []
    for id in checkpoint.manifest.needed where id != checkpoint.id {
      for one in try self.chain(of: try find(id)) where !chain.contains(where: { $0.id == one.id })
      {
        chain.append(one)
      }
    }
    return chain + [checkpoint]
  }

  /// What was loaded.
  package struct Loaded: Sendable {
    package var checkpoint: Checkpoint
    package var names: [String]
    /// Whether it was in the store already.
    package var wasThere: Bool
    /// Names that led to another checkpoint until now, which stays.
    package var taken: [String]
  }

  /// Reads an archive into the store; if it fails, the store is as it was.
  ///
  /// - Parameters:
  ///   - file: the archive, compressed or not: a file, a pipe or a socket.
  ///   - archive: what it is called in errors.
  ///   - name: the checkpoint's name; nil: the names that it had where it was saved.
  ///   - progress: called while it is read.
  /// - Returns: the checkpoint that was asked for when it was saved.
  /// - Throws: `.damaged` for what is no archive or not whole, `.tooNew`, `.badName`, `.diskFull`.
  package func load(
    _ file: consuming Descriptor, called archive: String, as name: String? = nil,
    _ progress: @escaping Reading.Progress = { _ in }
  ) throws(CheckpointError) -> Loaded {
    let input = try ArchiveInput(file, name: archive) { () throws(Errno) in
      try progress(Reading(total: 0))
    }
    var reader = ArchiveReader(TarReader(input), archive: archive, store: self, progress)
    let index = try reader.begin()
    guard let wanted = index.checkpoints.last else { throw reader.damaged("it is empty") }
    let names = name.map { [$0] } ?? wanted.names
    if let bad = names.first(where: { !Self.isValidName($0) }) {
      throw CheckpointError(
        .badName, bad, "not a name", fix: "use letters, digits, '.', '_' and '-'")
    }
    do throws(CheckpointError) {
      for entry in index.checkpoints { try reader.take(entry) }
      try reader.end()
    } catch {
      for id in reader.added.reversed() {
        // What stays because this failed is a whole checkpoint, which `thaw rm` removes.
        try? remove(id)
      }
      throw error
    }
    var taken: [String] = []
    for name in names where try rename(wanted.id, name) != nil { taken.append(name) }
    return Loaded(
      checkpoint: try Checkpoint.read(folder / wanted.id), names: names,
      wasThere: !reader.added.contains(wanted.id), taken: taken)
  }
}
