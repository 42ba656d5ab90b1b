import CLinux
import Glibc

/// One copy of a tree, from open folder to open folder; names are bytes, which need not be UTF-8.
struct TreeCopy: ~Copyable {
  private struct Identity: Hashable {
    var device: UInt64
    var inode: UInt64
  }

  /// The folder that gets the copy.
  private let root: Descriptor
  /// Where files with several names were copied to, from `root` on.
  private var copied: [Identity: [CChar]] = [:]
  /// The copy's own folder, which is not copied into itself where it lies within the source.
  private var top: Identity?

  init(root: consuming Descriptor) {
    self.root = root
  }

  /// Copies one name into `root`.
  mutating func copy(
    _ name: [CChar], in from: borrowing Descriptor, to newName: [CChar]
  ) throws(Errno) {
    // A second open folder: `self` cannot be lent and changed at once.
    let target = try root.duplicate()
    try copy(name, in: from, to: newName, in: target, relative: newName)
  }

  /// Copies one name into a folder that is `relative` to `root`.
  mutating func copy(
    _ name: [CChar], in from: borrowing Descriptor, to newName: [CChar],
    in to: borrowing Descriptor, relative: [CChar]
  ) throws(Errno) {
    let status = try FileSystem.rawStatus(from.rawValue, name, AT_SYMLINK_NOFOLLOW)
    switch status.st_mode & S_IFMT {
    case S_IFDIR:
      try copyFolder(name, in: from, to: newName, in: to, relative: relative, status)
    case S_IFREG:
      if try linkAgain(status, newName, in: to, relative) { return }
      try copyFile(name, in: from, to: newName, in: to, status)
    default:
      if try linkAgain(status, newName, in: to, relative) { return }
      try copySpecial(name, in: from, to: newName, in: to, status)
    }
  }

  private mutating func copyFolder(
    _ name: [CChar], in from: borrowing Descriptor, to newName: [CChar],
    in to: borrowing Descriptor, relative: [CChar], _ status: stat
  ) throws(Errno) {
    let identity = Identity(device: UInt64(status.st_dev), inode: UInt64(status.st_ino))
    guard identity != top else { return }
    let old = try from.open(raw: name, .readOnly, [.directory, .noFollow])
    let parent = to.rawValue
    do {
      try retrying { mkdirat(parent, newName, 0o700) }
    } catch .exists where top == nil {
      // The folder that the caller made for the copy.
    }
    let new = try to.open(raw: newName, .readOnly, [.directory, .noFollow])
    if top == nil {
      let status = try new.status()
      top = Identity(device: status.device, inode: status.inode)
    }
    for entry in try old.names() {
      let path = relative.dropLast() + [CChar(bitPattern: UInt8(ascii: "/"))] + entry
      try copy(entry, in: old, to: entry, in: new, relative: Array(path))
    }
    try adopt(status, from: old.rawValue, to: new.rawValue)
  }

  private func copyFile(
    _ name: [CChar], in from: borrowing Descriptor, to newName: [CChar],
    in to: borrowing Descriptor, _ status: stat
  ) throws(Errno) {
    // Non-blocking: a pipe that was put there meanwhile would wait for a writer.
    let old = try from.open(raw: name, .readOnly, [.noFollow, .nonBlocking])
    let now = try old.status()
    guard now.kind == .file else { throw .stale }
    let new = try to.open(
      raw: newName, .writeOnly, [.create, .exclusive, .noFollow], mode: 0o600)
    try checked(clinux_copy_data(old.rawValue, new.rawValue, now.size))
    try adopt(status, from: old.rawValue, to: new.rawValue)
  }

  /// A link, a device, a pipe, a socket: files that are not opened.
  private func copySpecial(
    _ name: [CChar], in from: borrowing Descriptor, to newName: [CChar],
    in to: borrowing Descriptor, _ status: stat
  ) throws(Errno) {
    let folder = to.rawValue
    let isLink = status.st_mode & S_IFMT == S_IFLNK
    if isLink {
      let text = try FileSystem.linkBytes(from.rawValue, name).map { CChar(bitPattern: $0) } + [0]
      try retrying { symlinkat(text, folder, newName) }
    } else {
      try retrying { mknodat(folder, newName, status.st_mode, status.st_rdev) }
    }
    let made = try FileSystem.rawStatus(folder, newName, AT_SYMLINK_NOFOLLOW)
    if made.st_uid != status.st_uid || made.st_gid != status.st_gid {
      try retrying {
        fchownat(folder, newName, status.st_uid, status.st_gid, AT_SYMLINK_NOFOLLOW)
      }
    }
    // Such a file has no descriptor to ask; its folder has, and `/proc` knows the folder by it.
    try AttributeHolder(path: TreeCopy.path(folder, newName))
      .copyAll(from: AttributeHolder(path: TreeCopy.path(from.rawValue, name)))
    if !isLink { try retrying { fchmodat(folder, newName, status.st_mode & 0o7777, 0) } }
    let times = [status.st_atim, status.st_mtim]
    try retrying { utimensat(folder, newName, times, AT_SYMLINK_NOFOLLOW) }
  }

  /// Gives a copy one more name if this file was copied already; else remembers it if it has
  /// several.
  private mutating func linkAgain(
    _ status: stat, _ newName: [CChar], in to: borrowing Descriptor, _ relative: [CChar]
  ) throws(Errno) -> Bool {
    guard status.st_nlink > 1 else { return false }
    let identity = Identity(device: UInt64(status.st_dev), inode: UInt64(status.st_ino))
    guard let earlier = copied[identity] else {
      copied[identity] = relative
      return false
    }
    let (base, folder) = (root.rawValue, to.rawValue)
    try retrying { linkat(base, earlier, folder, newName, 0) }
    return true
  }

  /// Owner first, because a change of it clears mode bits and attributes; times last.
  func adopt(_ status: stat, from: CInt, to: CInt) throws(Errno) {
    var made = stat()
    try retrying { fstat(to, &made) }
    if made.st_uid != status.st_uid || made.st_gid != status.st_gid {
      try retrying { fchown(to, status.st_uid, status.st_gid) }
    }
    try AttributeHolder(descriptor: to).copyAll(from: AttributeHolder(descriptor: from))
    try retrying { fchmod(to, status.st_mode & 0o7777) }
    let times = [status.st_atim, status.st_mtim]
    try retrying { futimens(to, times) }
  }

  private static func path(_ folder: CInt, _ name: [CChar]) -> [CChar] {
    Array("/proc/self/fd/\(folder)/".utf8CString.dropLast()) + name
  }
}
