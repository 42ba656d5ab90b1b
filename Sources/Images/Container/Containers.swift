package import Linux

/// The containers below Thaw's folder: `containers/<id>/`.
///
/// A container belongs to the process that holds its lock, its monitor. A container whose lock is
/// free is not running, whatever its record says, and anyone may clean up after it.
package struct Containers: Sendable {
  /// The folder.
  package let path: Path

  /// Takes Thaw's folder, which need not be there yet.
  package init(root: Path) {
    path = root / "containers"
  }

  /// Makes a container's folder, and makes this process its monitor.
  ///
  /// - Throws: `.nameTaken`, `.badName`, `.diskFull`.
  package func create(_ record: ContainerRecord) throws(EngineError) -> OwnedContainer {
    guard ContainerRecord.isValidName(record.name) else {
      throw EngineError(
        .badName, record.name, "not a container's name",
        fix: "letters, digits and _ . - are allowed, a letter or digit first, 64 at most")
    }
    try attempt("making the folder of containers", on: path) { () throws(Errno) in
      try FileSystem.makeDirectory(path, mode: 0o700, parents: true)
    }
    // Two starts at a time must not both find the name free.
    let names = try lock(path)
    defer { _ = names.rawValue }
    if let other = try list().first(where: { $0.name == record.name || $0.id == record.id }) {
      throw EngineError(
        .nameTaken, record.name, "container \(other.id) has the name (\(other.state.rawValue))",
        fix: other.state == .running
          ? "choose another --name, or stop it: thaw stop \(other.name)"
          : "choose another --name, or remove it: thaw rm \(other.name)")
    }
    return try make(record)
  }

  private func make(_ record: ContainerRecord) throws(EngineError) -> OwnedContainer {
    let folder = folder(record.id)
    do {
      try attempt("making the container's folder", on: folder.path) { () throws(Errno) in
        try FileSystem.makeDirectory(folder.path)
      }
      let lock = try lock(folder.lock)
      try attempt("making the container's folder", on: folder.path) { () throws(Errno) in
        try FileSystem.makeDirectory(folder.upper)
        try FileSystem.makeDirectory(folder.work, mode: 0o700)
      }
      var owned = record
      owned.monitor = Host.processID
      try folder.write(owned)
      return OwnedContainer(folder: folder, record: owned, lock: lock)
    } catch {
      // The first error is the one to tell.
      try? FileSystem.removeTree(folder.path)
      throw error
    }
  }

  /// Takes over a container whose monitor is gone, for example to start it again.
  ///
  /// - Throws: `.noSuchContainer`, `.stillRunning`, `.recordDamaged`.
  package func own(_ text: String) throws(EngineError) -> OwnedContainer {
    let found = try find(text)
    let folder = folder(found.id)
    guard let lock = try tryLock(folder.lock) else { throw stillRunning(found) }
    var owned = OwnedContainer(folder: folder, record: try folder.read(), lock: lock)
    try owned.update { $0.monitor = Host.processID }
    return owned
  }

  /// All containers, the newest first, those with a damaged record last; nothing is hidden.
  package func list() throws(EngineError) -> [ContainerRecord] {
    guard FileSystem.exists(path) else { return [] }
    let names = try attempt("reading the folder of containers", on: path) { () throws(Errno) in
      try FileSystem.list(path)
    }
    var records: [ContainerRecord] = []
    for name in names where !name.hasPrefix(ContainerFolder.removed) {
      if let record = record(of: name) { records.append(record) }
    }
    return records.sorted { ($0.created, $0.id) > ($1.created, $1.id) }
  }

  /// The container of a name, an id, or the beginning of an id.
  ///
  /// - Throws: `.noSuchContainer`, also when several ids begin alike.
  package func find(_ text: String) throws(EngineError) -> ContainerRecord {
    let all = try list()
    if let named = all.first(where: { $0.name == text || $0.id == text }) { return named }
    let matching = text.isEmpty ? [] : all.filter { $0.id.hasPrefix(text) }
    guard matching.count <= 1 else {
      throw EngineError(
        .noSuchContainer, text, "\(matching.count) containers begin with it",
        fix: "give more digits; `thaw ps --all` shows them")
    }
    guard let found = matching.first else {
      throw EngineError(
        .noSuchContainer, text, "no container of that name or id",
        fix: "`thaw ps --all` shows what there is")
    }
    return found
  }

  /// Removes a container that has ended, with all that it wrote.
  ///
  /// - Throws: `.noSuchContainer`, `.stillRunning`.
  package func remove(_ text: String, runc: Runc) throws(EngineError) {
    let found = try find(text)
    let folder = folder(found.id)
    // Held until the folder is gone, so that nobody starts it meanwhile.
    guard let lock = try tryLock(folder.lock) else { throw stillRunning(found) }
    try runc.delete(found.id)
    try folder.remove()
    _ = lock.rawValue
  }

  /// The files of a container.
  package func folder(_ id: String) -> ContainerFolder { ContainerFolder(path: path / id) }

  /// The log of a container.
  package func logPath(_ id: String) -> Path { folder(id).log }
}
