import Linux
import Synchronization

/// Reaps every child of this process, as PID 1 does, and keeps how each ended.
final class Reaped: Sendable {
  private let state = Mutex<(isOver: Bool, ended: [Int32: ExitStatus])>((false, [:]))

  /// Reaps until `stop`.
  func loop() {
    // Without it the loop would only be busier.
    let pause = try? EventDescriptor()
    while !state.withLock({ $0.isOver }) {
      _ = try? pause?.wait(deadline: .after(.milliseconds(1)))
      let ended = Processes.reap()
      state.withLock { state in
        for (pid, status) in ended { state.ended[pid] = status }
      }
    }
  }

  func stop() {
    state.withLock { $0.isOver = true }
  }

  /// How a child ended; the reaper may just be about to write it down.
  func status(of pid: Int32) -> ExitStatus? {
    let deadline = Deadline.after(.seconds(10))
    while !deadline.hasPassed {
      if let status = state.withLock({ $0.ended[pid] }) { return status }
    }
    return nil
  }
}
