import CLinux
import Glibc

/// Whole trees.
extension FileSystem {
  /// Removes a file, or a folder with everything in it.
  ///
  /// It goes from open folder to open folder, so no symbolic link is followed, not even one that is
  /// put there meanwhile, and stops at mounts.
  ///
  /// - Throws: `.noEntry` if it is not there; `.crossDevice` at a mount, with all else removed that
  ///   came before it.
  public static func removeTree(_ path: Path) throws(Errno) {
    let status = try linkStatus(path)
    guard status.kind == .directory else { return try remove(path) }
    let folder = try Descriptor.open(path, .readOnly, [.directory, .noFollow])
    let inside = try folder.status()
    // A folder that was put there in its place meanwhile is left alone.
    guard inside.inode == status.inode, inside.device == status.device else { throw .busy }
    if try isMountPoint(path) { throw .crossDevice }
    try removeContents(of: folder, mount: try mountNumber(of: folder), device: inside.device)
    try retrying { rmdir(path.string) }
  }

  /// Removes everything in a folder and keeps the folder.
  public static func removeContents(of path: Path) throws(Errno) {
    let folder = try Descriptor.open(path, .readOnly, [.directory, .noFollow])
    try removeContents(
      of: folder, mount: try mountNumber(of: folder), device: try folder.status().device)
  }

  /// Calls a function for everything below a folder, folders before what is in them, names in
  /// order.
  ///
  /// Symbolic links are told, not followed. Mounts are entered. What disappears meanwhile is left
  /// out.
  ///
  /// - Parameters:
  ///   - path: the folder, which is not told itself.
  ///   - body: gets the path from the folder on, and its status.
  /// - Throws: ``Errno``, or what the function throws.
  public static func walk(
    _ path: Path, _ body: (Path, FileStatus) throws -> Void
  ) throws {
    let folder = try Descriptor.open(path, .readOnly, .directory)
    try walk(folder, prefix: "", body)
  }

  private static func walk(
    _ folder: borrowing Descriptor, prefix: String, _ body: (Path, FileStatus) throws -> Void
  ) throws {
    for name in try folder.names() {
      let relative = prefix + text(name)
      guard let status = try statusIfThere(folder.rawValue, name, AT_SYMLINK_NOFOLLOW)
      else { continue }
      try body(Path(relative), status)
      guard status.kind == .directory else { continue }
      try enter(name, in: folder, prefix: relative + "/", body)
    }
  }

  private static func removeContents(
    of folder: borrowing Descriptor, mount: Int?, device: UInt64
  ) throws(Errno) {
    let raw = folder.rawValue
    for name in try folder.names() where try !unlinkFile(name, in: raw) {
      let inner = try folder.open(raw: name, .readOnly, [.directory, .noFollow])
      // A bind mount of the same file system has the same device, but another mount number.
      guard try inner.status().device == device, try mountNumber(of: inner) == mount else {
        throw .crossDevice
      }
      try removeContents(of: inner, mount: mount, device: device)
      try retrying { unlinkat(raw, name, AT_REMOVEDIR) }
    }
  }

  private static func enter(
    _ name: [CChar], in folder: borrowing Descriptor, prefix: String,
    _ body: (Path, FileStatus) throws -> Void
  ) throws {
    let inner: Descriptor
    do throws(Errno) {
      inner = try folder.open(raw: name, .readOnly, [.directory, .noFollow])
    } catch {
      guard error == .noEntry else { throw error }
      return
    }
    try walk(inner, prefix: prefix, body)
  }

  /// Removes a name that is no folder's; false if it is a folder's.
  private static func unlinkFile(_ name: [CChar], in folder: CInt) throws(Errno) -> Bool {
    do throws(Errno) {
      try retrying { unlinkat(folder, name, 0) }
    } catch {
      switch error {
      case .noEntry: return true
      case .isDirectory: return false
      // What some file systems say for a folder.
      case .permission where isDirectory(folder, name): return false
      default: throw error
      }
    }
    return true
  }

  private static func isDirectory(_ folder: CInt, _ name: [CChar]) -> Bool {
    // Gone meanwhile: no folder.
    guard let status = try? rawStatus(folder, name, AT_SYMLINK_NOFOLLOW) else { return false }
    return FileStatus(status).kind == .directory
  }

  /// The number of the mount that holds an open file; nil on kernels that do not tell (before 5.8).
  private static func mountNumber(of file: borrowing Descriptor) throws(Errno) -> Int? {
    let number = clinux_mount_number(file.rawValue)
    guard number >= 0 else {
      let error = Errno(rawValue: CInt(-number))
      if error == .noSystemCall { return nil }
      throw error
    }
    return number == 0 ? nil : Int(number)
  }

  private static func isMountPoint(_ path: Path) throws(Errno) -> Bool {
    let folder = try Descriptor.open(path, .pathOnly, [.directory, .noFollow])
    let parent = try folder.open(below: "..", .pathOnly, .directory)
    let number = try mountNumber(of: folder)
    let isRoot = try folder.status().inode == parent.status().inode
    return try mountNumber(of: parent) != number || isRoot && path == .root
  }
}

extension Descriptor {
  /// Opens a name as the kernel gave it, which need not be UTF-8.
  borrowing func open(
    raw name: [CChar], _ access: Access, _ options: OpenOptions = [], mode: FileMode = 0o666
  ) throws(Errno) -> Descriptor {
    let flags = access.flags | options.rawValue | O_CLOEXEC
    let raw = rawValue
    return Descriptor(owning: try retrying { openat(raw, name, flags, mode_t(mode.rawValue)) })
  }
}
