import CRIU
package import Linux

/// The memory file: the pages of all mapped memory, one after the other, never changed after it was written.
package enum MemoryFile {
  /// What it is called in a checkpoint's folder.
  package static let name = "memory"
  /// Where a server that was frozen running has it mapped from: the path that stands in the images.
  package static let path: Path = "/run/thaw/memory"
  /// The same of a server that was frozen before its `main`: both may be at hand in one container.
  package static let warmPath: Path = "/run/thaw/warm/memory"

  /// Mappings keep their place within this many bytes, so that the kernel can map a whole run of pages at a fault.
  static let alignment: UInt64 = 64 << 10

  /// O_RDONLY and O_LARGEFILE: private mappings that are written need no more.
  static let openFlags: UInt32 = 0o100000

  /// Whether a file of the images is a memory file.
  package static func isPath(_ path: String?) -> Bool {
    path == Self.path.string || path == warmPath.string
  }

  /// The id that a set of images has for it; nil where no mapping is one of it.
  static func id(in files: [FileEntry]) -> UInt64? {
    files.first { isPath($0.regular?.path) }.map { UInt64($0.id) }
  }
}
