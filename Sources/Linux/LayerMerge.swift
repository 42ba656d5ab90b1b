import CLinux
import Glibc

extension FileSystem {
  /// Makes one layer of an overlay's upper layer and the layer below it: what the two show above a
  /// third.
  ///
  /// Whiteouts and opaque folders have the effect that they have in a mount, and stay where they
  /// hide something of the layers below both. The two layers are not changed. The target shares
  /// files with them by hard links, so nobody may write to them in place afterwards; across file
  /// systems they are copied. The overlay must have been mounted without `redirect_dir` and
  /// `metacopy`.
  ///
  /// - Parameters:
  ///   - upper: the upper layer.
  ///   - lower: the layer below; nil for none.
  ///   - target: a name that is not taken.
  ///   - linkingUpper: whether files of the upper layer are linked, too; else they are copied.
  /// - Throws: what stopped it; what was made by then stays.
  public static func mergeLayers(
    upper: Path, lower: Path?, to target: Path, linkingUpper: Bool
  ) throws(Errno) {
    let top = try Descriptor.open(upper, .readOnly, .directory)
    try makeDirectory(target, mode: 0o700)
    var merge = LayerMerge(
      copy: TreeCopy(root: try Descriptor.open(target, .readOnly, .directory)),
      linksUpper: linkingUpper)
    let new = try Descriptor.open(target, .readOnly, .directory)
    if let lower {
      try merge.both(top, Descriptor.open(lower, .readOnly, .directory), new, [])
    } else {
      try merge.content(of: top, new, [], linking: linkingUpper)
    }
    try merge.adopt(top, new)
  }
}

/// One merge, from open folder to open folder; names are bytes, which need not be UTF-8.
private struct LayerMerge: ~Copyable {
  var copy: TreeCopy
  let linksUpper: Bool

  /// Merges two folders of the same place; `relative` is that of `target`, without an end.
  mutating func both(
    _ upper: borrowing Descriptor, _ lower: borrowing Descriptor, _ target: borrowing Descriptor,
    _ relative: [CChar]
  ) throws(Errno) {
    let names = try upper.names()
    for name in names {
      let above = try kind(name, in: upper)
      let below = try kind(name, in: lower)
      guard above == S_IFDIR, let below else {
        try take(name, in: upper, target, relative, linking: linksUpper)
        continue
      }
      let top = try upper.open(raw: name, .readOnly, [.directory, .noFollow])
      let folder = try make(name, in: target)
      let inside = Self.below(relative, name)
      if below == S_IFDIR, try !Self.isOpaque(top) {
        let bottom = try lower.open(raw: name, .readOnly, [.directory, .noFollow])
        try both(top, bottom, folder, inside)
        try adopt(top, folder)
        if try Self.isOpaque(bottom) { try Self.makeOpaque(folder) }
      } else {
        try content(of: top, folder, inside, linking: linksUpper)
        try adopt(top, folder)
        // What is below hid the layers under it, and so does this folder from here on.
        try Self.makeOpaque(folder)
      }
    }
    let taken = Set(names)
    for name in try lower.names() where !taken.contains(name) {
      try take(name, in: lower, target, relative, linking: true)
    }
  }

  /// Takes over all that is in a folder.
  mutating func content(
    of folder: borrowing Descriptor, _ target: borrowing Descriptor, _ relative: [CChar],
    linking: Bool
  ) throws(Errno) {
    for name in try folder.names() {
      try take(name, in: folder, target, relative, linking: linking)
    }
  }

  /// Takes over one name.
  private mutating func take(
    _ name: [CChar], in source: borrowing Descriptor, _ target: borrowing Descriptor,
    _ relative: [CChar], linking: Bool
  ) throws(Errno) {
    if try kind(name, in: source) == S_IFDIR {
      let old = try source.open(raw: name, .readOnly, [.directory, .noFollow])
      let new = try make(name, in: target)
      try content(of: old, new, Self.below(relative, name), linking: linking)
      return try adopt(old, new)
    }
    if linking {
      let (from, to) = (source.rawValue, target.rawValue)
      do throws(Errno) {
        try retrying { linkat(from, name, to, name, 0) }
        return
      } catch {
        // Copied, then; as is what has as many names as its file system allows.
        guard error == .crossDevice || error.rawValue == EMLINK else { throw error }
      }
    }
    try copy.copy(name, in: source, to: name, in: target, relative: relative + name)
  }

  /// Gives a folder owner, attributes, mode and times of another.
  func adopt(_ from: borrowing Descriptor, _ to: borrowing Descriptor) throws(Errno) {
    var status = stat()
    let raw = from.rawValue
    try retrying { fstat(raw, &status) }
    try copy.adopt(status, from: raw, to: to.rawValue)
  }

  private func make(
    _ name: [CChar], in target: borrowing Descriptor
  ) throws(Errno) -> Descriptor {
    let raw = target.rawValue
    try retrying { mkdirat(raw, name, 0o700) }
    return try target.open(raw: name, .readOnly, [.directory, .noFollow])
  }

  /// The kind of file; nil if there is none of that name.
  private func kind(
    _ name: [CChar], in folder: borrowing Descriptor
  ) throws(Errno) -> mode_t? {
    do throws(Errno) {
      return try FileSystem.rawStatus(folder.rawValue, name, AT_SYMLINK_NOFOLLOW).st_mode & S_IFMT
    } catch .noEntry {
      return nil
    } catch {
      throw error
    }
  }

  private static func isOpaque(_ folder: borrowing Descriptor) throws(Errno) -> Bool {
    do throws(Errno) {
      return try AttributeHolder(descriptor: folder.rawValue).all()[FileSystem.opaqueAttribute] == [
        UInt8(ascii: "y")
      ]
    } catch .notSupported {
      return false
    } catch {
      throw error
    }
  }

  private static func makeOpaque(_ folder: borrowing Descriptor) throws(Errno) {
    try AttributeHolder(descriptor: folder.rawValue).set(
      FileSystem.opaqueAttribute, [UInt8(ascii: "y")])
  }

  /// `relative` and a name, with a slash at its end.
  private static func below(_ relative: [CChar], _ name: [CChar]) -> [CChar] {
    relative + name.dropLast() + [CChar(bitPattern: UInt8(ascii: "/"))]
  }
}
