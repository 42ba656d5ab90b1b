import Linux
import TestBed
import Testing

@Suite(.timeLimit(.minutes(1))) struct LockTests {
  @Test func `only one has an exclusive lock`() throws {
    try withTemporaryDirectory { folder in
      let path = folder / "lock"
      let held = try LockHolder(FileLock.tryLock(path))
      #expect(held.isHeld)
      #expect(try !LockHolder(FileLock.tryLock(path)).isHeld)
      #expect(try !LockHolder(FileLock.tryLock(path, exclusive: false)).isHeld)
      #expect(try !LockHolder(FileLock.lock(path, deadline: .after(.milliseconds(20)))).isHeld)
      held.release()
      // A child that another test just starts may have its copy for a moment, until its `execve`.
      #expect(try LockHolder(FileLock.lock(path, deadline: .after(.seconds(10)))).isHeld)
    }
  }

  @Test func `shared locks go together`() throws {
    try withTemporaryDirectory { folder in
      let first = try LockHolder(FileLock.tryLock(folder, exclusive: false))
      let second = try LockHolder(FileLock.tryLock(folder, exclusive: false))
      #expect(first.isHeld && second.isHeld)
      #expect(try !LockHolder(FileLock.tryLock(folder)).isHeld)
      first.release()
      second.release()
    }
  }

  @Test(.enabled(if: Machine.has("flock"), "needs flock(1)"))
  func `another process is kept out, and let in when this one is done`() throws {
    try withTemporaryDirectory { folder in
      let path = folder / "lock"
      let held = try LockHolder(FileLock.tryLock(path))
      let other = Spawn("flock", ["--nonblock", path.string, "true"])
      #expect(try other.run(deadline: .after(.seconds(10))).status == .exited(1))
      held.release()
      #expect(try other.run(deadline: .after(.seconds(10))).isSuccess)
    }
  }

  @Test(.enabled(if: Machine.has("flock"), "needs flock(1)"))
  func `the lock of a killed process is free`() throws {
    try withTemporaryDirectory { folder in
      let path = folder / "lock"
      let other = try Spawn("flock", [path.string, "sleep", "60"]).start()
      #expect(try eventually { try !LockHolder(FileLock.tryLock(path)).isHeld })
      _ = try other.killTree()
      #expect(try LockHolder(FileLock.lock(path, deadline: .after(.seconds(10)))).isHeld)
    }
  }
}

/// A lock that may or may not have been taken, as a value that an expectation can look at.
private final class LockHolder {
  private var lock: FileLock?

  init(_ lock: consuming FileLock?) {
    self.lock = lock
  }

  var isHeld: Bool { lock != nil }

  func release() {
    lock = nil
  }
}
