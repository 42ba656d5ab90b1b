import CLinux
import Glibc

/// Owners, permissions, times, special files.
extension FileSystem {
  /// The bytes of a file system.
  public struct Space: Hashable, Sendable {
    /// All of it.
    public let total: ByteCount
    /// What is not in use.
    public let free: ByteCount
    /// What may still be used without root's reserve.
    public let available: ByteCount
  }

  /// Changes the owner of a file; a symbolic link itself if it is one.
  ///
  /// Nil leaves as it is.
  public static func changeOwner(
    _ path: Path, user: UInt32? = nil, group: UInt32? = nil
  ) throws(Errno) {
    try retrying { lchown(path.string, user ?? .max, group ?? .max) }
  }

  /// Changes the permissions of a file; a symbolic link is followed.
  public static func changeMode(_ path: Path, _ mode: FileMode) throws(Errno) {
    try retrying { chmod(path.string, mode_t(mode.rawValue)) }
  }

  /// Changes the times of a file; those of a symbolic link itself if it is one.
  ///
  /// Nil leaves as it is.
  public static func setTimes(
    _ path: Path, accessed: Timestamp? = nil, modified: Timestamp? = nil
  ) throws(Errno) {
    // UTIME_OMIT.
    let omit = timespec(tv_sec: 0, tv_nsec: (1 << 30) - 2)
    let times = [accessed?.spec ?? omit, modified?.spec ?? omit]
    try retrying { utimensat(AT_FDCWD, path.string, times, AT_SYMLINK_NOFOLLOW) }
  }

  /// Makes a named pipe; its permissions are less the process's mask.
  public static func makeFIFO(_ path: Path, mode: FileMode = 0o600) throws(Errno) {
    try retrying { mkfifo(path.string, mode_t(mode.rawValue)) }
  }

  /// Makes a special file; a device needs CAP_MKNOD, but for the character device 0, 0 of
  /// overlayfs.
  ///
  /// Its permissions are less the process's mask.
  ///
  /// - Throws: `.invalid` for a folder or a link.
  public static func makeNode(
    _ path: Path, kind: FileStatus.Kind, mode: FileMode = 0o600, device: UInt64 = 0
  ) throws(Errno) {
    let bits: mode_t
    switch kind {
    case .file: bits = S_IFREG
    case .fifo: bits = S_IFIFO
    case .socket: bits = S_IFSOCK
    case .block: bits = S_IFBLK
    case .character: bits = S_IFCHR
    case .directory, .symbolicLink, .other: throw .invalid
    }
    try retrying { mknod(path.string, bits | mode_t(mode.rawValue), dev_t(device)) }
  }

  /// The number of a device, as `st_rdev` has it.
  public static func device(major: UInt32, minor: UInt32) -> UInt64 {
    clinux_device(major, minor)
  }

  /// How much room there is on the file system that holds a path.
  public static func space(of path: Path) throws(Errno) -> Space {
    var status = statvfs()
    try retrying { statvfs(path.string, &status) }
    let unit = UInt64(status.f_frsize)
    return Space(
      total: ByteCount(UInt64(status.f_blocks) * unit),
      free: ByteCount(UInt64(status.f_bfree) * unit),
      available: ByteCount(UInt64(status.f_bavail) * unit))
  }
}
