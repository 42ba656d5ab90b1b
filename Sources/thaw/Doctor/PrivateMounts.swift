import Linux
import Synchronization

/// Mounts that nobody else sees: those of a thread of its own, which go away with it.
enum PrivateMounts {
  /// Runs work on a thread that has its own mount namespace; programs that it starts are in it,
  /// too.
  static func run(_ body: @escaping @Sendable () throws(Errno) -> Void) throws(Errno) {
    let outcome = Outcome()
    let thread = try NamedThread("doctor") {
      do throws(Errno) {
        try Namespaces.unshare(.mount)
        try Mount.makePrivate()
        try body()
      } catch {
        outcome.error.withLock { $0 = error }
      }
    }
    thread.join()
    if let error = outcome.error.withLock({ $0 }) { throw error }
  }

  private final class Outcome: Sendable {
    let error = Mutex<Errno?>(nil)
  }
}
