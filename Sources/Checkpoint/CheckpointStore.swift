package import Linux

/// Where checkpoints lie: `checkpoints/<id>/`, and `names/<name>`, symbolic links to them.
///
/// A checkpoint appears at once and whole: it is made in a draft's folder and renamed. Its id is the digest of its
/// manifest, which holds the digests of its other files.
package struct CheckpointStore: Sendable {
  /// The folder of the store.
  package let root: Path

  /// Takes a folder, which need not be there yet.
  package init(root: Path) {
    self.root = root
  }

  var folder: Path { root / "checkpoints" }
  var names: Path { root / "names" }

  /// All checkpoints, the newest first, with those that are damaged: nothing is hidden.
  package func list() throws(CheckpointError) -> [Stored] {
    let ids = try attempt("reading the store", on: folder) { () throws(Errno) in
      FileSystem.exists(folder) ? try FileSystem.list(folder) : []
    }
    let names = try namesByID()
    return ids.filter { Digest($0) != nil }.map { id in
      let path = folder / id
      let state: Stored.State
      do throws(CheckpointError) {
        state = .whole(try Checkpoint.look(at: path).manifest)
      } catch {
        state = .damaged(error)
      }
      return Stored(id: id, names: names[id] ?? [], path: path, state: state)
    }.sorted { ($0.created, $0.id) > ($1.created, $1.id) }
  }

  /// One checkpoint in a list.
  package struct Stored: Sendable {
    package var id: String
    package var names: [String]
    package var path: Path
    package var state: State

    package init(id: String, names: [String], path: Path, state: State) {
      self.id = id
      self.names = names
      self.path = path
      self.state = state
    }

    /// Whether its manifest could be read.
    package enum State: Sendable {
      case whole(Manifest)
      case damaged(CheckpointError)
    }

    /// Its manifest, if it could be read.
    package var manifest: Manifest? {
      if case .whole(let manifest) = state { manifest } else { nil }
    }

    var created: Timestamp { manifest?.created ?? Timestamp(seconds: 0) }
  }

  /// The checkpoint of a name, or of an id or the beginning of one (four digits or more).
  ///
  /// Its manifest is read, its other files are not looked at.
  package func find(_ text: String) throws(CheckpointError) -> Checkpoint {
    try Checkpoint.read(try locate(text))
  }

  /// The checkpoint that has a name, ids left out of account; nil if there is none.
  package func named(_ name: String) throws(CheckpointError) -> Checkpoint? {
    guard let target = try? FileSystem.readLink(names / name) else { return nil }
    return try Checkpoint.read(folder / Path(target).lastComponent)
  }

  /// The checkpoints that have their memory from a checkpoint's memory file, or are thawed from it where they may not be
  /// thawed themselves.
  package func children(of id: String) throws(CheckpointError) -> [Checkpoint] {
    guard FileSystem.exists(folder) else { return [] }
    let ids = try attempt("reading the store", on: folder) { () throws(Errno) in
      try FileSystem.list(folder)
    }
    return ids.filter { Digest($0) != nil && $0 != id }
      // A manifest that cannot be read is no child's that could be thawed.
      .compactMap { try? Checkpoint.read(folder / $0) }
      .filter { $0.manifest.needed.contains(id) }
  }

  func locate(_ text: String) throws(CheckpointError) -> Path {
    let link = names / text
    if Self.isValidName(text), let target = try? FileSystem.readLink(link) {
      // A name that cannot be read is no name: the search goes on with ids.
      return folder / Path(target).lastComponent
    }
    let ids =
      FileSystem.exists(folder)
      ? try attempt("reading the store", on: folder) { () throws(Errno) in
        try FileSystem.list(folder)
      } : []
    let matching = ids.filter { Digest($0) != nil && $0.hasPrefix(text) }
    guard text.utf8.count >= 4, matching.count == 1, let id = matching.first else {
      throw CheckpointError(
        .notFound, text,
        matching.count > 1 && text.utf8.count >= 4
          ? "\(matching.count) checkpoints begin with it" : "no checkpoint of that name or id",
        fix: "`thaw ls` shows what there is; `thaw freeze` makes one")
    }
    return folder / id
  }

  /// Gives a checkpoint a name, which another one loses if it had it.
  package func name(_ id: String, _ name: String) throws(CheckpointError) {
    guard Self.isValidName(name) else {
      throw CheckpointError(
        .badName, name, "not a name", fix: "use letters, digits, '.', '_' and '-'")
    }
    let temporary = names / ".\(name)-\(id.prefix(12))"
    try attempt("naming a checkpoint", on: names / name) { () throws(Errno) in
      try FileSystem.makeDirectory(names, mode: 0o755, parents: true)
      if (try? FileSystem.linkStatus(temporary)) != nil { try FileSystem.remove(temporary) }
      try FileSystem.symbolicLink(at: temporary, to: "../checkpoints/\(id)")
      try FileSystem.rename(temporary, to: names / name)
      try FileSystem.synchronize(names)
    }
  }

  /// Removes a checkpoint and its names; refused while a server thawed from it runs, or while others have their memory
  /// from it.
  ///
  /// With it go the one that holds its memory and its fallback, if they have no name and no other child.
  package func remove(_ text: String) throws(CheckpointError) {
    let path = try locate(text)
    let id = path.lastComponent
    // A moment, because the monitor of a container that has just ended has it for that long.
    let lock = try attempt("locking a checkpoint", on: path) { () throws(Errno) in
      try FileLock.lock(path / "lock", deadline: .after(.milliseconds(200)))
    }
    guard let lock else {
      throw CheckpointError(
        .inUse, text, "a server that was thawed from it runs",
        fix: "`thaw ps` shows it, `thaw stop` ends it")
    }
    let children = try children(of: id)
    guard children.isEmpty else { throw try inUse(text, by: children) }
    // What cannot be read needs no other.
    let needed = (try? Checkpoint.read(path))?.manifest.needed ?? []
    let grave = folder / ".removed-\(id)"
    let dead = try namesByID()[id] ?? []
    try attempt("removing a checkpoint", on: path) { () throws(Errno) in
      for name in dead { try FileSystem.remove(names / name) }
      try FileSystem.rename(path, to: grave)
      try FileSystem.removeTree(grave)
    }
    _ = consume lock
    // Without a name they were only kept for it.
    for other in needed { removeIfNameless(other) }
  }

  private func inUse(
    _ text: String, by children: [Checkpoint]
  ) throws(CheckpointError) -> CheckpointError {
    let known = try namesByID()
    let names = children.map { known[$0.id]?.first ?? String($0.id.prefix(12)) }
    let all = names.joined(separator: " ")
    let isMemory = children.contains { $0.manifest.memory.file?.checkpoint != nil }
    return CheckpointError(
      .inUse, text,
      isMemory
        ? "it holds the memory of \(names.joined(separator: ", "))"
        : "\(names.joined(separator: ", ")) falls back to it",
      fix: (isMemory
        ? "give \(names.count == 1 ? "it" : "them") memory files of their own with `thaw compact \(all)`, or "
        : "") + "remove first: thaw rm \(all)")
  }

  /// Which names lead to an id.
  func namesByID() throws(CheckpointError) -> [String: [String]] {
    guard FileSystem.exists(names) else { return [:] }
    let all = try attempt("reading the names", on: names) { () throws(Errno) in
      try FileSystem.list(names)
    }
    var result: [String: [String]] = [:]
    for name in all where Self.isValidName(name) {
      // A link that vanished meanwhile names nothing.
      guard let target = try? FileSystem.readLink(names / name) else { continue }
      result[Path(target).lastComponent, default: []].append(name)
    }
    return result
  }

  /// Whether a text may name a checkpoint.
  package static func isValidName(_ name: String) -> Bool {
    let letters = name.utf8.allSatisfy {
      (48...57).contains($0) || (65...90).contains($0) || (97...122).contains($0)
        || [UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-")].contains($0)
    }
    return letters && !name.isEmpty && name.utf8.count <= 128
      && name.utf8.first != UInt8(ascii: ".")
      && name.utf8.first != UInt8(ascii: "-")
  }
}

/// Runs calls of the file system and says, if they fail, what was tried on what.
func attempt<Value: ~Copyable>(
  _ what: String, on path: Path, _ body: () throws(Errno) -> Value
) throws(CheckpointError) -> Value {
  do throws(Errno) {
    return try body()
  } catch {
    throw CheckpointError(error, trying: what, on: path)
  }
}
