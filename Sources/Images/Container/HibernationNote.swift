import Checkpoint
import Linux

/// What a hibernation leaves for the container's monitor: that the server's end is no crash.
struct HibernationNote: Codable {
  /// The checkpoint that the server went into.
  var checkpoint: String
  /// Its name.
  var name: String
}

extension ContainerFolder {
  /// Where CRIU writes its log in a hibernation.
  var hibernation: Path { path / "hibernation" }
  private var hibernationLock: Path { path / "hibernation.lock" }
  private var hibernationNote: Path { path / "hibernation.json" }

  /// Keeps a second hibernation, and `thaw stop`, away for as long as the lock lives.
  func lockForHibernation(_ name: String) throws(EngineError) -> FileLock {
    let lock = try attempt("locking the container", on: hibernationLock) { () throws(Errno) in
      try FileLock.tryLock(hibernationLock)
    }
    guard let lock else {
      throw EngineError(
        .stillRunning, name, "it is being hibernated or stopped by another command",
        fix: "see what became of it with `thaw ps --all`")
    }
    return lock
  }

  /// Waits until no hibernation is under way, and keeps others away while a function runs.
  ///
  /// Without a word it goes on when the deadline has passed, or when the container is gone meanwhile.
  func withoutHibernation<Value>(
    deadline: Deadline, _ body: () throws(EngineError) -> Value
  ) throws(EngineError) -> Value {
    // The folder of a transient container is removed when it ends: then there is nothing to wait for.
    if let lock = try? FileLock.lock(hibernationLock, deadline: deadline) {
      // One that was cut short let the server go on: its end is none of a hibernation's.
      forgetHibernation()
      let value = try body()
      _ = consume lock
      return value
    }
    return try body()
  }

  func note(_ note: HibernationNote) throws(EngineError) {
    let bytes: [UInt8]
    do {
      bytes = try JSONText.encode(note)
    } catch {
      throw EngineError(.failed, hibernationNote.string, "\(error)")
    }
    try attempt("noting the hibernation", on: hibernationNote) { () throws(Errno) in
      try FileSystem.writeFile(hibernationNote, bytes)
    }
  }

  /// Takes the note back: the server goes on.
  func forgetHibernation() {
    // Without the lock's holder it says nothing anyway.
    try? FileSystem.remove(hibernationNote)
  }

  /// What the hibernation noted that ends the container just now; nil if none does.
  func currentHibernation() -> HibernationNote? {
    // No note: none.
    guard let bytes = try? FileSystem.readFile(hibernationNote) else { return nil }
    do throws(Errno) {
      let lock = try FileLock.tryLock(hibernationLock, exclusive: false)
      // A note of a command that was killed meanwhile is none: the server went on.
      if lock != nil { return nil }
    } catch {
      return nil
    }
    return try? JSONText.decode(HibernationNote.self, from: bytes)
  }
}
