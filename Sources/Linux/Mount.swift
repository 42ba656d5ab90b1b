import CLinux
import Glibc

/// Mounts of the calling thread's mount namespace.
public enum Mount {
  /// The flags of `mount`.
  public struct Flags: OptionSet, Hashable, Sendable {
    /// The MS_ bits.
    public let rawValue: UInt

    /// Makes flags of the MS_ bits.
    public init(rawValue: UInt) {
      self.rawValue = rawValue
    }

    /// MS_RDONLY.
    public static let readOnly = Flags(rawValue: 1)
    /// MS_NOSUID: set-user bits have no effect.
    public static let noSetUser = Flags(rawValue: 2)
    /// MS_NODEV: devices cannot be opened.
    public static let noDevices = Flags(rawValue: 4)
    /// MS_NOEXEC: programs cannot be run.
    public static let noExecution = Flags(rawValue: 8)
    /// MS_REMOUNT: change a mount that is there.
    public static let remount = Flags(rawValue: 32)
    /// MS_BIND: show a folder at a second place.
    public static let bind = Flags(rawValue: 4096)
    /// MS_MOVE: move a mount.
    public static let move = Flags(rawValue: 8192)
    /// MS_REC: with all mounts below.
    public static let recursive = Flags(rawValue: 16_384)
    /// MS_PRIVATE: mounts are not passed on in either direction.
    public static let `private` = Flags(rawValue: 1 << 18)
    /// MS_SLAVE: mounts are passed on from outside only.
    public static let receiving = Flags(rawValue: 1 << 19)
  }

  /// Mounts a file system: the system call as it is.
  public static func mount(
    source: String?, at target: Path, type: String? = nil, flags: Flags = [], data: String? = nil
  ) throws(Errno) {
    try retrying {
      guard let data else {
        return Glibc.mount(source, target.string, type, flags.rawValue, nil)
      }
      return data.withCString { Glibc.mount(source, target.string, type, flags.rawValue, $0) }
    }
  }

  /// Shows a file or folder at a second place.
  ///
  /// - Parameters:
  ///   - source: what to show.
  ///   - target: where; a file for a file, a folder for a folder.
  ///   - recursive: with the mounts below it.
  ///   - readOnly: cannot be written there; mounts below it keep their own setting.
  /// - Throws: what `mount` gives; then nothing is mounted.
  public static func bind(
    _ source: Path, at target: Path, recursive: Bool = false, readOnly: Bool = false
  ) throws(Errno) {
    let flags: Flags = recursive ? [.bind, .recursive] : .bind
    try mount(source: source.string, at: target, flags: flags)
    guard readOnly else { return }
    do {
      // A bind takes no other flag at first. Those that it has must be told again, or locked ones
      // give EPERM.
      let kept = try flagsInForce(at: target)
      try mount(source: nil, at: target, flags: [.bind, .remount, .readOnly, kept])
    } catch {
      // A place that should be read-only must not stay writable.
      _ = umount2(target.string, 2)
      throw error
    }
  }

  /// Keeps what is mounted from here on in this namespace to itself, with all mounts below.
  public static func makePrivate(_ path: Path = .root) throws(Errno) {
    try mount(source: nil, at: path, flags: [.private, .recursive])
  }

  /// Lays a writable layer over read-only folders.
  ///
  /// - Parameters:
  ///   - lower: the folders below, the topmost first.
  ///   - upper: takes what is written; nil for a read-only overlay.
  ///   - work: empty, on the same file system as `upper`.
  ///   - target: where.
  ///   - options: more of overlayfs's options.
  /// - Throws: `.invalid` for a path with a comma, colon or backslash that overlayfs would misread.
  public static func overlay(
    lower: [Path], upper: Path?, work: Path?, at target: Path, options: [String] = []
  ) throws(Errno) {
    let all = lower + [upper, work].compactMap(\.self)
    // In the classic mount call these cannot be escaped in every place.
    guard !lower.isEmpty, all.allSatisfy({ !$0.string.contains { ",:\\".contains($0) } }) else {
      throw .invalid
    }
    var data = ["lowerdir=" + lower.map(\.string).joined(separator: ":")]
    if let upper { data.append("upperdir=\(upper)") }
    if let work { data.append("workdir=\(work)") }
    try mount(
      source: "overlay", at: target, type: "overlay",
      data: (data + options).joined(separator: ","))
  }

  /// Mounts a file system in memory.
  public static func tmpfs(
    at target: Path, size: ByteCount? = nil, mode: FileMode = 0o755,
    flags: Flags = [.noSetUser, .noDevices]
  ) throws(Errno) {
    var data = "mode=\(mode)"
    if let size { data += ",size=\(size.bytes)" }
    try mount(source: "tmpfs", at: target, type: "tmpfs", flags: flags, data: data)
  }

  /// Takes a mount away.
  ///
  /// - Parameters:
  ///   - path: where it is; a symbolic link is not followed.
  ///   - lazy: out of sight now, gone when the last user is.
  /// - Throws: `.busy` if it is in use and not lazy, `.invalid` if nothing is mounted there.
  public static func unmount(_ path: Path, lazy: Bool = false) throws(Errno) {
    // UMOUNT_NOFOLLOW, MNT_DETACH.
    try retrying { umount2(path.string, CInt(8 | (lazy ? 2 : 0))) }
  }

  /// Makes a mounted folder the root, and lets the old one go.
  ///
  /// The calling process must have a mount namespace of its own, with private mounts. Its working
  /// directory is the new root then.
  public static func pivotRoot(to newRoot: Path) throws(Errno) {
    try retrying { chdir(newRoot.string) }
    // Both the same folder: the old root lies on top of the new one, and is taken away from there.
    try checked(clinux_pivot_root(".", "."))
    try retrying { umount2(".", 2) }
    try retrying { chdir("/") }
  }

  /// Every mount that the calling thread sees, in the order of mounting.
  public static func table() throws(Errno) -> [MountEntry] {
    try FileSystem.readText("/proc/thread-self/mountinfo").split(separator: "\n")
      .compactMap { MountEntry(parsing: $0) }
  }

  /// The flags that a remount has to repeat.
  private static func flagsInForce(at path: Path) throws(Errno) -> Flags {
    var status = statvfs()
    try retrying { statvfs(path.string, &status) }
    // ST_NOSUID, ST_NODEV, ST_NOEXEC have the values of MS_…; times are ST_NOATIME 1024,
    // ST_NODIRATIME 2048, ST_RELATIME 4096, of which only the last differs: MS_RELATIME is 1 << 21.
    var flags = UInt(status.f_flag) & (1 | 2 | 4 | 8 | 1024 | 2048)
    if status.f_flag & 4096 != 0 { flags |= 1 << 21 }
    return Flags(rawValue: flags)
  }
}
