import Glibc

/// What the kernel knows about a file.
public struct FileStatus: Hashable, Sendable {
  /// What a file is.
  public enum Kind: Hashable, Sendable {
    /// A plain file.
    case file
    /// A folder.
    case directory
    /// A symbolic link.
    case symbolicLink
    /// A named or nameless pipe.
    case fifo
    /// A socket.
    case socket
    /// A block device.
    case block
    /// A character device; overlayfs hides a file behind one with the numbers 0, 0.
    case character
    /// None of these, such as an epoll or a pidfd.
    case other
  }

  /// The device that holds the file, as `st_dev`.
  public let device: UInt64
  /// The file's number on that device.
  public let inode: UInt64
  /// What it is.
  public let kind: Kind
  /// Its permission bits.
  public let mode: FileMode
  /// The user that owns it.
  public let owner: UInt32
  /// The group that owns it.
  public let group: UInt32
  /// Bytes; those of the target's text for a symbolic link.
  public let size: Int64
  /// How many names it has.
  public let links: UInt64
  /// When it was last read, as far as the mount keeps track.
  public let accessed: Timestamp
  /// When its content last changed.
  public let modified: Timestamp
  /// When its content or status last changed.
  public let changed: Timestamp
  /// Blocks of 512 bytes that it takes on the disk; less than `size` where it has holes.
  public let blocks: Int64
  /// The device that it stands for, as `st_rdev`, if it is a device.
  public let specialDevice: UInt64

  init(_ status: stat) {
    device = UInt64(status.st_dev)
    inode = UInt64(status.st_ino)
    kind =
      switch status.st_mode & S_IFMT {
      case S_IFREG: .file
      case S_IFDIR: .directory
      case S_IFLNK: .symbolicLink
      case S_IFIFO: .fifo
      case S_IFSOCK: .socket
      case S_IFBLK: .block
      case S_IFCHR: .character
      default: .other
      }
    mode = FileMode(rawValue: status.st_mode)
    owner = status.st_uid
    group = status.st_gid
    size = Int64(status.st_size)
    links = UInt64(status.st_nlink)
    accessed = Timestamp(status.st_atim)
    modified = Timestamp(status.st_mtim)
    changed = Timestamp(status.st_ctim)
    blocks = Int64(status.st_blocks)
    specialDevice = UInt64(status.st_rdev)
  }
}
