import Glibc

/// Files by their path.
///
/// Every function makes its system calls at once and throws what they give.
public enum FileSystem {
  /// The whole content of a file.
  public static func readFile(_ path: Path) throws(Errno) -> [UInt8] {
    try Descriptor.open(path, .readOnly).readAll()
  }

  /// The whole content of a file as text; bytes that are no UTF-8 are replaced.
  public static func readText(_ path: Path) throws(Errno) -> String {
    String(decoding: try readFile(path), as: UTF8.self)
  }

  /// Writes a file in place, or makes it.
  ///
  /// - Parameters:
  ///   - path: the file; its folder must be there.
  ///   - bytes: its new content.
  ///   - mode: its permissions, exactly these if it is durable or new, less the process's mask if
  ///     not durable.
  ///   - durable: write beside it, bring that to the disk, give it the name, bring the folder to
  ///     the disk: after a crash there is the old content or the new one, nothing between.
  /// - Throws: what stopped it; if it is durable, the file then is as it was.
  public static func writeFile(
    _ path: Path, _ bytes: [UInt8], mode: FileMode = 0o644, durable: Bool = false
  ) throws(Errno) {
    guard durable else {
      try Descriptor.open(path, .writeOnly, [.create, .truncate], mode: mode).writeAll(bytes)
      return
    }
    let temporary = Path("\(path.string).\(getpid()).\(UInt32.random(in: 0 ... .max)).new")
    do {
      let file = try Descriptor.open(temporary, .writeOnly, [.create, .exclusive], mode: mode)
      try retrying { [raw = file.rawValue] in fchmod(raw, mode_t(mode.rawValue)) }
      try file.writeAll(bytes)
      try file.synchronize()
      try rename(temporary, to: path)
    } catch {
      _ = unlink(temporary.string)
      throw error
    }
    try synchronize(path.parent)
  }

  /// Brings a file or a folder's list of names to the disk.
  public static func synchronize(_ path: Path) throws(Errno) {
    try Descriptor.open(path, .readOnly).synchronize()
  }

  /// Makes a folder.
  ///
  /// - Parameters:
  ///   - path: the folder.
  ///   - mode: its permissions, less the process's mask.
  ///   - parents: make the folders above it as well, and take it as it is if it is there.
  /// - Throws: `.exists` if it is there and `parents` is not set, or if it is no folder.
  public static func makeDirectory(
    _ path: Path, mode: FileMode = 0o755, parents: Bool = false
  ) throws(Errno) {
    do {
      try retrying { mkdir(path.string, mode_t(mode.rawValue)) }
    } catch .exists where parents {
      guard try status(path).kind == .directory else { throw .exists }
    } catch .noEntry where parents && path.parent != path {
      try makeDirectory(path.parent, mode: mode, parents: true)
      try makeDirectory(path, mode: mode, parents: true)
    }
  }

  /// Removes one name: a file, a link, an empty folder.
  public static func remove(_ path: Path) throws(Errno) {
    do {
      try retrying { unlink(path.string) }
    } catch .isDirectory {
      try retrying { rmdir(path.string) }
    }
  }

  /// Removes an empty folder, also where the kernel's own file systems refuse to unlink one.
  public static func removeDirectory(_ path: Path) throws(Errno) {
    try retrying { rmdir(path.string) }
  }

  /// Gives a file another name on the same file system; a file that had it is gone.
  public static func rename(_ path: Path, to other: Path) throws(Errno) {
    try retrying { Glibc.rename(path.string, other.string) }
  }

  /// Gives a file one more name.
  public static func link(_ path: Path, to other: Path) throws(Errno) {
    try retrying { Glibc.link(path.string, other.string) }
  }

  /// Makes a symbolic link.
  public static func symbolicLink(at path: Path, to target: String) throws(Errno) {
    try retrying { symlink(target, path.string) }
  }

  /// Makes a symbolic link.
  public static func symbolicLink(at path: Path, to target: Path) throws(Errno) {
    try symbolicLink(at: path, to: target.string)
  }

  /// The text of a symbolic link.
  public static func readLink(_ path: Path) throws(Errno) -> String {
    try String(decoding: linkBytes(AT_FDCWD, path.string), as: UTF8.self)
  }

  /// What the kernel knows about a file; symbolic links are followed.
  public static func status(_ path: Path) throws(Errno) -> FileStatus {
    FileStatus(try rawStatus(AT_FDCWD, path.string, 0))
  }

  /// What the kernel knows about a file, or about the link itself if it is one.
  public static func linkStatus(_ path: Path) throws(Errno) -> FileStatus {
    FileStatus(try rawStatus(AT_FDCWD, path.string, AT_SYMLINK_NOFOLLOW))
  }

  /// What the kernel knows about a file; nil if it is not there.
  ///
  /// `followingLinks` says what is meant by a symbolic link: the file that it leads to, or itself.
  public static func statusIfThere(
    _ path: Path, followingLinks: Bool
  ) throws(Errno) -> FileStatus? {
    try statusIfThere(AT_FDCWD, path.string, followingLinks ? 0 : AT_SYMLINK_NOFOLLOW)
  }

  /// Whether there is such a file, links followed; also false where the caller may not look.
  public static func exists(_ path: Path) -> Bool {
    access(path.string, F_OK) == 0
  }

  /// Whether this process may run a file.
  public static func isExecutable(_ path: Path) -> Bool {
    access(path.string, X_OK) == 0 && (try? status(path).kind) == .file  // no status: not a program
  }

  /// Whether this process may write a file, or make files in a folder.
  public static func isWritable(_ path: Path) -> Bool {
    faccessat(AT_FDCWD, path.string, W_OK, AT_EACCESS) == 0
  }

  /// The path without symbolic links, `.` and `..`; everything on the way must exist.
  public static func resolve(_ path: Path) throws(Errno) -> Path {
    guard let text = realpath(path.string, nil) else { throw Errno(rawValue: errno) }
    defer { free(text) }
    return Path(String(cString: text))
  }

  /// The names in a folder, sorted by bytes, without `.` and `..`.
  public static func list(_ path: Path) throws(Errno) -> [String] {
    let folder = try Descriptor.open(path, .readOnly, .directory)
    return try folder.names().map(text)
  }

  /// The text of a name that ends with a zero.
  static func text(_ name: [CChar]) -> String {
    String(decoding: name.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  static func rawStatus(
    _ folder: CInt, _ name: UnsafePointer<CChar>, _ flags: CInt
  ) throws(Errno) -> stat {
    var buffer = stat()
    try retrying { fstatat(folder, name, &buffer, flags) }
    return buffer
  }

  /// The status of a name in a folder; nil if it is not there.
  static func statusIfThere(
    _ folder: CInt, _ name: UnsafePointer<CChar>, _ flags: CInt
  ) throws(Errno) -> FileStatus? {
    do throws(Errno) {
      return FileStatus(try rawStatus(folder, name, flags))
    } catch {
      guard error == .noEntry else { throw error }
      return nil
    }
  }

  static func linkBytes(_ folder: CInt, _ name: UnsafePointer<CChar>) throws(Errno) -> [UInt8] {
    // A link's text is shorter than PATH_MAX.
    var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
    let count = try retrying { readlinkat(folder, name, &buffer, buffer.count) }
    return buffer[..<count].map { UInt8(bitPattern: $0) }
  }
}

/// Folders.
extension Descriptor {
  /// The names in this open folder, sorted by bytes, each with a zero at its end; not always UTF-8.
  borrowing func names() throws(Errno) -> [[CChar]] {
    // A second open file, not a duplicate: the position is the stream's own.
    let own = try open(below: ".", .readOnly, .directory).release()
    guard let stream = fdopendir(own) else {
      let error = Errno(rawValue: errno)
      _ = Glibc.close(own)
      throw error
    }
    defer { closedir(stream) }
    var names: [[CChar]] = []
    while true {
      errno = 0
      guard let entry = readdir(stream) else {
        if errno != 0 { throw Errno(rawValue: errno) }
        break
      }
      let name = withUnsafePointer(to: &entry.pointee.d_name) { tuple in
        tuple.withMemoryRebound(to: CChar.self, capacity: 256) { start in
          Array(UnsafeBufferPointer(start: start, count: strlen(start) + 1))
        }
      }
      if name != [46, 0] && name != [46, 46, 0] { names.append(name) }
    }
    return names.sorted { left, right in
      left.lexicographicallyPrecedes(right) { UInt8(bitPattern: $0) < UInt8(bitPattern: $1) }
    }
  }
}
