package import Linux

/// Ending containers that belong to other processes.
extension Containers {
  /// How a container ended that was told to.
  package enum Stopped: Sendable, Hashable {
    /// It did not run.
    case notRunning
    /// It ended by itself, this long after it was told to.
    case ended(after: Duration)
    /// It did not end in time and was killed, this long after it was told to.
    case killed(after: Duration)
  }

  /// Tells a container to end with SIGTERM, kills it if it does not, and waits until its monitor
  /// has cleaned up.
  ///
  /// - Parameters:
  ///   - record: the container.
  ///   - runc: sends the signals.
  ///   - patience: how long it may take to end.
  /// - Returns: how it ended.
  /// - Throws: `.timedOut` if it is still there 20 s after it was killed.
  package func stop(
    _ record: ContainerRecord, runc: Runc, patience: Duration
  ) throws(EngineError) -> Stopped {
    guard isRunning(record.id) else { return .notRunning }
    let start = Clock.monotonic()
    // A signal that came in the middle of a hibernation would be frozen with the server.
    return try folder(record.id).withoutHibernation(deadline: .after(.seconds(60))) {
      () throws(EngineError) in
      try end(record, runc: runc, patience: patience, start: start)
    }
  }

  private func end(
    _ record: ContainerRecord, runc: Runc, patience: Duration, start: Duration
  ) throws(EngineError) -> Stopped {
    guard isRunning(record.id) else { return .notRunning }
    let deadline = Deadline.after(patience)
    try tell(record.id, .terminate, runc, deadline: deadline)
    if waitForEnd(of: record.id, deadline: deadline) {
      return .ended(after: Clock.monotonic() - start)
    }
    let end = Deadline.after(.seconds(20))
    try tell(record.id, .kill, runc, deadline: end)
    guard waitForEnd(of: record.id, deadline: end) else {
      let monitor = record.monitor.map { " (pid \($0))" } ?? ""
      throw EngineError(
        .timedOut, record.name,
        "it was killed, but the thaw process that runs it\(monitor) goes on",
        fix: "look at what that process waits for; when it ends, the container is gone")
    }
    return .killed(after: Clock.monotonic() - start)
  }

  /// Waits until a container's monitor has let go of it, which it does when all is cleaned up.
  ///
  /// - Returns: false if the deadline passed first.
  package func waitForEnd(
    of id: String, deadline: Deadline, pause longest: Duration = .milliseconds(50)
  ) -> Bool {
    // The kernel tells nobody when a lock is free: asked again with growing pauses.
    var pause = Duration.milliseconds(2)
    while isRunning(id) {
      guard !deadline.hasPassed else { return false }
      deadline.or(after: pause).pass()
      pause = min(pause * 2, longest)
    }
    return true
  }

  /// Sends a signal; one that is being made has no process yet, and is waited for.
  private func tell(
    _ id: String, _ signal: Signal, _ runc: Runc, deadline: Deadline
  ) throws(EngineError) {
    repeat {
      do {
        return try runc.kill(id, signal)
      } catch {
        guard error.code == .notRunning else { throw error }
      }
      deadline.or(after: .milliseconds(50)).pass()
    } while isRunning(id) && !deadline.hasPassed
  }
}
