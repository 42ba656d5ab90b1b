package import Linux

/// A checkpoint in the making: a folder that nobody sees until it is committed, and that is swept away if its maker dies.
package struct Draft: ~Copyable, Sendable {
  /// Its folder.
  package let path: Path
  private let store: CheckpointStore
  private let lock: FileLock

  /// Begins a draft; drafts of makers that died are removed first.
  package init(in store: CheckpointStore) throws(CheckpointError) {
    try Self.sweep(store)
    let path = store.folder / ".draft-\(Host.randomName())"
    let lock = try attempt("beginning a checkpoint", on: path) { () throws(Errno) in
      try FileSystem.makeDirectory(path, mode: 0o700, parents: true)
      return try FileLock.tryLock(path / "lock", exclusive: true)
    }
    guard let lock else {
      throw CheckpointError(.failed, path.string, "its lock is taken", fix: "try again")
    }
    self.store = store
    self.path = path
    self.lock = lock
  }

  /// Writes the manifest, makes all durable and gives the checkpoint its place and its name.
  ///
  /// Files whose digests nobody vouched for with ``Checkpoint/contents(of:known:)``, or that changed
  /// since, are read. If it fails, nothing is left of the draft.
  package consuming func commit(_ manifest: Manifest, name: String) throws(CheckpointError)
    -> Checkpoint
  {
    let store = store
    let checkpoint = try place(manifest)
    if let replaced = try store.rename(checkpoint.id, name) { store.removeIfNameless(replaced) }
    return checkpoint
  }

  /// Writes the manifest, makes all durable and gives the checkpoint its place, yet without a name.
  ///
  /// If it fails, nothing is left of the draft. `bytes` are the manifest's own, of which the id is
  /// made, if it was written before.
  @discardableResult
  package consuming func place(
    _ manifest: Manifest, bytes: [UInt8]? = nil
  ) throws(CheckpointError) -> Checkpoint {
    do throws(CheckpointError) {
      let text = if let bytes { bytes } else { try Self.text(manifest, path) }
      return Checkpoint(path: try finish(manifest, text), manifest: manifest)
    } catch {
      discard()
      throw error
    }
  }

  private static func text(
    _ manifest: Manifest, _ path: Path
  ) throws(CheckpointError) -> [UInt8] {
    do {
      return try JSONText.encode(manifest)
    } catch {
      throw CheckpointError(.failed, path.string, "\(error)", fix: "report this as a fault of Thaw")
    }
  }

  private borrowing func finish(
    _ manifest: Manifest, _ bytes: [UInt8]
  ) throws(CheckpointError) -> Path {
    let place = store.folder / Digest(of: bytes).hexadecimal
    let draft = path
    try attempt("finishing a checkpoint", on: draft) { () throws(Errno) in
      try FileSystem.writeFile(draft / "manifest.json", bytes, mode: 0o644)
      // All at once: for single files the disk's cache is flushed each time, sixty times 5 ms.
      try FileSystem.synchronizeAll(on: draft)
    }
    try Checkpoint(path: draft, manifest: manifest).verify()
    try attempt("finishing a checkpoint", on: place) { () throws(Errno) in
      try FileSystem.rename(draft, to: place)
      try FileSystem.synchronize(place.parent)
    }
    return place
  }

  /// Removes the draft and all that is in it.
  package consuming func discard() {
    // Nothing better can be done with what cannot be removed; the next sweep tries again.
    try? FileSystem.removeTree(path)
  }

  /// Removes what makers left who were killed: drafts whose lock is free.
  package static func sweep(_ store: CheckpointStore) throws(CheckpointError) {
    guard FileSystem.exists(store.folder) else { return }
    let leftovers = try attempt("looking for drafts", on: store.folder) { () throws(Errno) in
      try FileSystem.list(store.folder).filter {
        $0.hasPrefix(".draft-") || $0.hasPrefix(".removed-")
      }
    }
    for name in leftovers {
      let path = store.folder / name
      // What another process is just removing or making is not ours to remove.
      guard let lock = try? FileLock.tryLock(path / "lock", exclusive: true) else { continue }
      try? FileSystem.removeTree(path)
      _ = consume lock
    }
  }
}

extension CheckpointStore {
  /// Gives a checkpoint a name; returns the id of the one that lost it.
  package func rename(_ id: String, _ name: String) throws(CheckpointError) -> String? {
    // A name that is not taken, or cannot be read, leads nowhere.
    let replaced = (try? FileSystem.readLink(names / name)).map { Path($0).lastComponent }
    try self.name(id, name)
    return replaced == id ? nil : replaced
  }

  /// Removes a checkpoint that lost its last name, unless it is in use.
  package func removeIfNameless(_ id: String) {
    // A checkpoint that stays because this failed is shown by `thaw ls` and removed by `thaw rm`.
    guard let names = try? namesByID(), names[id] == nil else { return }
    try? remove(id)
  }
}
