import Glibc

/// An open file descriptor, owned: it is closed when its value ends.
///
/// Every descriptor that this module makes is close-on-exec. A child gets one only through
/// ``Spawn/descriptors``.
public struct Descriptor: ~Copyable, Sendable {
  /// The number, valid for as long as this value lives.
  public let rawValue: Int32

  /// Takes over a descriptor that somebody else opened; from now on this value closes it.
  public init(owning rawValue: Int32) {
    self.rawValue = rawValue
  }

  deinit {
    // After EINTR the descriptor is closed all the same on Linux: never again.
    _ = Glibc.close(rawValue)
  }

  /// Gives the descriptor away: the caller closes it.
  public consuming func release() -> Int32 {
    let number = rawValue
    discard self
    return number
  }

  /// A second descriptor for the same open file, with F_DUPFD_CLOEXEC.
  public borrowing func duplicate() throws(Errno) -> Descriptor {
    let raw = rawValue
    return Descriptor(owning: try retrying { fcntl(raw, F_DUPFD_CLOEXEC, 3) })
  }

  /// Opens a file.
  ///
  /// - Parameters:
  ///   - path: which file.
  ///   - access: what will be done with it.
  ///   - options: how to open it.
  ///   - mode: the permissions of a file that `.create` makes, before the process's mask.
  /// - Returns: the open file.
  /// - Throws: what `openat` gives.
  public static func open(
    _ path: Path, _ access: Access, _ options: OpenOptions = [], mode: FileMode = 0o666
  ) throws(Errno) -> Descriptor {
    let flags = access.flags | options.rawValue | O_CLOEXEC
    return Descriptor(
      owning: try retrying { Glibc.open(path.string, flags, mode_t(mode.rawValue)) })
  }

  /// Opens a file below a folder that is open; `name` may be a path of several names.
  public borrowing func open(
    below name: String, _ access: Access, _ options: OpenOptions = [], mode: FileMode = 0o666
  ) throws(Errno) -> Descriptor {
    let flags = access.flags | options.rawValue | O_CLOEXEC
    let raw = rawValue
    return Descriptor(owning: try retrying { openat(raw, name, flags, mode_t(mode.rawValue)) })
  }

  /// What will be done with an open file.
  public enum Access: Sendable {
    /// O_RDONLY.
    case readOnly
    /// O_WRONLY.
    case writeOnly
    /// O_RDWR.
    case readWrite
    /// O_PATH: only to name the file, to ask for its status, to start from it.
    case pathOnly

    var flags: CInt {
      switch self {
      case .readOnly: O_RDONLY
      case .writeOnly: O_WRONLY
      case .readWrite: O_RDWR
      case .pathOnly: 0o10000000
      }
    }
  }

  /// How a file is opened.
  public struct OpenOptions: OptionSet, Sendable {
    /// The flags of `open`.
    public let rawValue: CInt

    /// Makes options of the flags of `open`.
    public init(rawValue: CInt) {
      self.rawValue = rawValue
    }

    /// O_CREAT: make it if it is not there.
    public static let create = OpenOptions(rawValue: O_CREAT)
    /// O_EXCL: with `.create`, fail if it is there.
    public static let exclusive = OpenOptions(rawValue: O_EXCL)
    /// O_TRUNC: empty it.
    public static let truncate = OpenOptions(rawValue: O_TRUNC)
    /// O_APPEND: every write goes to its end.
    public static let append = OpenOptions(rawValue: O_APPEND)
    /// O_DIRECTORY: fail if it is no folder.
    public static let directory = OpenOptions(rawValue: O_DIRECTORY)
    /// O_NOFOLLOW: fail if its last name is a symbolic link.
    public static let noFollow = OpenOptions(rawValue: O_NOFOLLOW)
    /// O_NONBLOCK: nothing waits.
    public static let nonBlocking = OpenOptions(rawValue: O_NONBLOCK)
    /// O_NOCTTY: a terminal does not become this session's.
    public static let noControllingTerminal = OpenOptions(rawValue: O_NOCTTY)
  }
}
