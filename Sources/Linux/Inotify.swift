import CLinux

/// Tells when files change: `inotify`.
public struct Inotify: ~Copyable, Sendable {
  /// What may happen to a file.
  public struct Events: OptionSet, Hashable, Sendable {
    /// The kernel's `IN_` bits.
    public let rawValue: UInt32

    /// Takes the kernel's bits.
    public init(rawValue: UInt32) {
      self.rawValue = rawValue
    }

    /// It was written to.
    public static let modify = Events(rawValue: 0x2)
    /// A writer closed it.
    public static let closeWrite = Events(rawValue: 0x8)
    /// In a folder, a name was moved here.
    public static let movedTo = Events(rawValue: 0x80)
    /// In a folder, a name was made.
    public static let create = Events(rawValue: 0x100)
    /// In a folder, a name was removed.
    public static let delete = Events(rawValue: 0x200)
    /// The file itself was removed.
    public static let deleteSelf = Events(rawValue: 0x400)
  }

  private let descriptor: Descriptor

  /// Watches nothing yet.
  public init() throws(Errno) {
    descriptor = Descriptor(owning: try checked(clinux_inotify_create()))
  }

  /// For ``Epoll``; readable when something has happened.
  public var rawValue: Int32 { descriptor.rawValue }

  /// Watches a file or folder too; the result is the number that the kernel gave the watch.
  @discardableResult
  public borrowing func watch(_ path: Path, _ events: Events) throws(Errno) -> Int32 {
    try checked(clinux_inotify_watch(descriptor.rawValue, path.string, events.rawValue))
  }

  /// Takes what has happened off the queue and returns its bytes' number; 0 if nothing has.
  public borrowing func drain() throws(Errno) -> Int {
    var count = 0
    do throws(Errno) {
      while true { count += try descriptor.read(upTo: 4096).count }
    } catch {
      guard error == .again else { throw error }
    }
    return count
  }
}
