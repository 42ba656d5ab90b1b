import CLinux
import Glibc

extension FileSystem {
  /// Brings everything of the file system that holds a path to the disk.
  ///
  /// The corresponding C function is `syncfs`.
  public static func synchronizeAll(on path: Path) throws(Errno) {
    let file = try Descriptor.open(path, .readOnly)
    try checked(clinux_syncfs(file.rawValue))
  }

  /// Makes an open folder the working folder of this process, or of this thread if that has its
  /// own.
  ///
  /// The corresponding C function is `fchdir`.
  public static func changeDirectory(to folder: borrowing Descriptor) throws(Errno) {
    let raw = folder.rawValue
    try retrying { fchdir(raw) }
  }
}
