import Linux
import Synchronization

/// Uses up low pids while a server is thawed, so that what the server starts from then on, its threads too, has numbers that
/// no helper of a later thaw needs.
///
/// A thread of its own does it, about 80 µs for each, beside CRIU, whose tasks have their numbers given.
final class LowPIDs: Sendable {
  /// More than PID 1, CRIU and whoever else is there take before a server runs.
  private static let helpers: Int32 = 64

  private let thread: Mutex<NamedThread?>

  init() {
    // Without it a later thaw may find a pid taken, and the server is started cold.
    thread = Mutex(
      try? NamedThread("low pids") { try? Processes.usePIDs(upTo: Self.helpers) })
  }

  /// Waits until they are used up.
  func finish() {
    let thread = thread.withLock { $0.take() }
    thread?.join()
  }

  deinit { finish() }
}
