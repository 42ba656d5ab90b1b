import Checkpoint
import Linux

/// What a checkpoint has besides CRIU's images, brought back at a thaw: files in memory, objects of System V.
final class RestoredBesides {
  private let checkpoint: Checkpoint
  private var state: SystemVState?

  init(_ checkpoint: Checkpoint) {
    self.checkpoint = checkpoint
  }

  /// Whether the restored processes must be left stopped, for ``attach(_:)``.
  var mustAttach: Bool { state?.hasAttachments ?? false }

  /// Makes all that must be there before CRIU restores.
  func put() throws(InitFailure) {
    do throws(InitFailure) {
      try system("putting back files in /dev/shm and /run") { () throws(Errno) in
        try KeptFolders(checkpoint: checkpoint.path).put()
      }
      let state = try SystemVState.read(checkpoint.path)
      try system("making System V objects anew") { () throws(Errno) in
        try state?.make(from: checkpoint.path)
      }
      self.state = state
    } catch {
      remove()
      throw error
    }
  }

  /// Has the restored processes attach their shared memory, and lets them run.
  ///
  /// The result is why that failed, nil if it did not; then no process is left.
  func attach(_ server: Int32) -> String? {
    guard let state, mustAttach else { return nil }
    do throws(Errno) {
      try state.attach()
      for pid in [server] + Processes.descendants(of: server) {
        do throws(Errno) {
          try Processes.signal(pid, .continue)
        } catch {
          // One that has ended meanwhile need not go on.
          guard error == .noSuchProcess else { throw error }
        }
      }
      return nil
    } catch {
      Thaw.end(server)
      return "attaching System V shared memory: \(error)"
    }
  }

  /// Takes all away again.
  func remove() {
    KeptFolders(checkpoint: checkpoint.path).remove()
    state?.remove()
    state = nil
  }
}
