import CLinux
import Glibc

/// A thread of its own for a loop that blocks, so that it holds up nobody else.
public struct NamedThread: ~Copyable, Sendable {
  private let handle: pthread_t

  /// Starts a thread; it has this thread's signal mask.
  ///
  /// `name` is what `ps -T` shows, cut off after 15 bytes.
  public init(_ name: String, _ body: @escaping @Sendable () -> Void) throws(Errno) {
    let work = Unmanaged.passRetained(Work(name: name, body: body))
    var handle = pthread_t()
    let result = pthread_create(&handle, nil, { NamedThread.run($0) }, work.toOpaque())
    guard result == 0 else {
      work.release()
      throw Errno(rawValue: result)
    }
    self.handle = handle
  }

  /// Waits until its body has returned.
  public consuming func join() {
    pthread_join(handle, nil)
  }

  /// Lets it run on by itself.
  public consuming func detach() {
    pthread_detach(handle)
  }

  private static func run(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let argument else { return nil }
    let work = Unmanaged<Work>.fromOpaque(argument).takeRetainedValue()
    clinux_set_thread_name(work.name)
    work.body()
    return nil
  }

  private final class Work: Sendable {
    let name: String
    let body: @Sendable () -> Void

    init(name: String, body: @escaping @Sendable () -> Void) {
      self.name = name
      self.body = body
    }
  }
}
