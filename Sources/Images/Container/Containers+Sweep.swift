import Linux

/// Locks, and what is left of monitors that were killed.
extension Containers {
  /// Whether a process is the container's monitor now.
  package func isRunning(_ id: String) -> Bool {
    let path = folder(id).lock
    // Shared: those who look do not take each other for the monitor. Never made: its folder may
    // just be removed.
    guard FileSystem.exists(path),
      let lock = try? FileLock.tryLock(path, exclusive: false, creating: false)
    else { return FileSystem.exists(path) }
    _ = lock.rawValue
    return false
  }

  /// Cleans up after monitors that are gone: ends what still runs of their containers, removes
  /// those that were to be removed, and notes the end of the others.
  ///
  /// - Returns: what was cleaned up.
  @discardableResult
  package func sweep(runc: Runc) throws(EngineError) -> [ContainerRecord] {
    guard FileSystem.exists(path) else { return [] }
    // Nobody makes a container meanwhile: one without a lock is a remain.
    let names = try lock(path)
    defer { _ = names.rawValue }
    let ids = try attempt("reading the folder of containers", on: path) { () throws(Errno) in
      try FileSystem.list(path)
    }
    var swept: [ContainerRecord] = []
    for id in ids where id.hasPrefix(ContainerFolder.removed) {
      // What is left here is left to the next sweep.
      try? FileSystem.removeTree(path / id)
    }
    for id in ids where !id.hasPrefix(ContainerFolder.removed) {
      if let record = try sweep(id, runc: runc) { swept.append(record) }
    }
    try sweepStates(runc: runc)
    return swept
  }

  private func sweep(_ id: String, runc: Runc) throws(EngineError) -> ContainerRecord? {
    let folder = folder(id)
    guard let lock = try tryLock(folder.lock) else { return nil }
    defer { _ = lock.rawValue }
    let wasRunning = FileSystem.exists(runc.state / id)
    if wasRunning { try runc.delete(id) }
    // Kept for the next sweep while something of it is still ending.
    guard isEnded(folder) || ControlGroups.remove(id) else { return nil }
    let isMade = FileSystem.exists(folder.record)
    // Damaged: left for people to look at, and for `thaw rm`.
    guard var record = isMade ? try? folder.read() : .damaged(id: id, isRunning: false) else {
      return wasRunning ? .damaged(id: id, isRunning: false) : nil
    }
    if !isMade || record.isTransient {
      try folder.remove()
      return record
    }
    guard record.state != .exited else { return wasRunning ? record : nil }
    record.noteEnd()
    record.finished = Clock.wall()
    try folder.write(record)
    return record
  }

  /// Whether its end was noted: then its monitor or an earlier sweep has removed all that was in
  /// memory.
  private func isEnded(_ folder: ContainerFolder) -> Bool {
    guard FileSystem.exists(folder.record) else { return false }
    // Damaged: whatever it was, its groups are looked for.
    return (try? folder.read())?.state == .exited
  }

  /// Ends containers of this folder that runc finished only after they had been swept, their
  /// monitor being dead.
  private func sweepStates(runc: Runc) throws(EngineError) {
    for id in runc.ids() where !FileSystem.exists(folder(id).path) {
      // State of another folder's container, or of one that ends by itself.
      let text = (try? FileSystem.readText(runc.state / id / "state.json")) ?? ""
      guard text.contains("\(folder(id).path)/") else { continue }
      try runc.delete(id)
    }
  }

  /// What is known about a container; nil if it is just being made or removed.
  func record(of id: String) -> ContainerRecord? {
    let isRunning = isRunning(id)
    guard FileSystem.exists(folder(id).record) else { return nil }
    // Damaged: told as such.
    guard var record = try? folder(id).read(), record.id == id else {
      return .damaged(id: id, isRunning: isRunning)
    }
    if !isRunning && record.state != .exited { record.noteEnd() }
    return record
  }

  /// Waits a moment for a lock that others hold only while they look.
  func lock(_ path: Path) throws(EngineError) -> FileLock {
    let lock = try attempt("locking", on: path) { () throws(Errno) in
      try FileLock.lock(path, deadline: .after(.seconds(20)))
    }
    guard let lock else {
      throw EngineError(.timedOut, path.string, "another thaw holds the lock on it")
    }
    return lock
  }

  /// Takes a container's lock; nil if its monitor has it.
  func tryLock(_ path: Path) throws(EngineError) -> FileLock? {
    // A moment, because who looks whether it is free has it for that long.
    try attempt("locking", on: path) { () throws(Errno) in
      do throws(Errno) {
        return try FileLock.lock(path, deadline: .after(.milliseconds(20)))
      } catch {
        // Its folder is just being removed by its monitor.
        guard error == .noEntry else { throw error }
        return nil
      }
    }
  }

  func stillRunning(_ record: ContainerRecord) -> EngineError {
    EngineError(
      .stillRunning, record.name, "the container runs",
      fix: "stop it first: thaw stop \(record.name)")
  }
}

extension ContainerRecord {
  /// Notes an end that nobody saw: the monitor was killed, and the container with it.
  mutating func noteEnd() {
    state = .exited
    exitCode = exitCode ?? 137
    pid = nil
    monitor = nil
  }
}
