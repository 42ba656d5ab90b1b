import Glibc
import Linux

/// What an exit test does to its own process.
enum Own {
  /// Ends it with a status.
  static func exit(_ status: Int32) -> Never { Glibc.exit(status) }

  /// Sends a signal to this thread: other threads of the test's process may not have it blocked.
  static func raise(_ signal: Signal) { _ = Glibc.raise(signal.rawValue) }
}
