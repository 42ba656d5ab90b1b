/// Copies.
extension FileSystem {
  /// Copies a file, or a folder with everything in it.
  ///
  /// What is kept: modes, owners, times, symbolic links, hard links within the tree, extended
  /// attributes (those of overlayfs too), devices, pipes, sockets (without their server), and
  /// holes. Symbolic links are not followed, and mounts are entered.
  ///
  /// - Parameters:
  ///   - source: what to copy.
  ///   - target: a name that is not taken, or a folder, for a folder.
  /// - Throws: what stopped it; what was copied by then stays. Owners and `trusted.` attributes
  ///   need root.
  public static func copyTree(from source: Path, to target: Path) throws(Errno) {
    let from = try Descriptor.open(source.parent, .pathOnly, .directory)
    var copy = TreeCopy(root: try Descriptor.open(target.parent, .pathOnly, .directory))
    let name = Array(source.lastComponent.utf8CString)
    try copy.copy(name, in: from, to: Array(target.lastComponent.utf8CString))
  }
}
