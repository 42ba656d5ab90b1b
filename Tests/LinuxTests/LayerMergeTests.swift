import Linux
import TestBed
import Testing

/// Two layers of an overlay become one, which shows the same above any base.
@Suite(.enabled(if: Machine.isRoot && Machine.canMount, "needs root and mounts"))
struct LayerMergeTests {
  /// What a mounted overlay of these layers shows: path, kind and text of everything.
  private func shown(_ layers: [Path], in folder: Path) throws -> [String] {
    let target = folder / "shown-\(Host.randomName())"
    try FileSystem.makeDirectory(target)
    try Mount.overlay(lower: layers, upper: nil, work: nil, at: target)
    defer { try? Mount.unmount(target) }
    var lines: [String] = []
    try FileSystem.walk(target) { path, status in
      let text = status.kind == .file ? try FileSystem.readText(target / path.string) : ""
      lines.append("\(path) \(status.kind) \(status.mode) \(text)")
    }
    return lines.sorted()
  }

  /// Makes a base, a lower layer above it and an upper one above that, each written through a mount.
  private func makeLayers(in folder: Path) throws -> (base: Path, lower: Path, upper: Path) {
    let (base, lower, upper) = (folder / "base", folder / "lower", folder / "upper")
    for path in [base / "a/b", base / "gone", base / "again", base / "kept", lower, upper] {
      try FileSystem.makeDirectory(path, parents: true)
    }
    for path in ["a/one", "a/b/two", "gone/three", "again/four", "kept/five", "six"] {
      try FileSystem.writeFile(base / path, Array("base \(path)".utf8))
    }
    try mounted([base], lower, in: folder) { root in
      try FileSystem.writeFile(root / "a/one", Array("lower".utf8))
      try FileSystem.writeFile(root / "a/new", Array("lower".utf8))
      try FileSystem.removeTree(root / "gone")
      try FileSystem.removeTree(root / "again")
      try FileSystem.makeDirectory(root / "again", mode: 0o700)
      try FileSystem.writeFile(root / "again/other", Array("lower".utf8))
      try FileSystem.remove(root / "six")
      try FileSystem.writeFile(root / "back", Array("lower".utf8))
      try FileSystem.symbolicLink(at: root / "link", to: "a/one")
    }
    try mounted([lower, base], upper, in: folder) { root in
      try FileSystem.writeFile(root / "a/b/two", Array("upper".utf8))
      try FileSystem.remove(root / "a/new")
      try FileSystem.makeDirectory(root / "gone", mode: 0o711)
      try FileSystem.writeFile(root / "gone/fresh", Array("upper".utf8))
      try FileSystem.writeFile(root / "again/more", Array("upper".utf8))
      try FileSystem.writeFile(root / "six", Array("upper".utf8))
      try FileSystem.remove(root / "back")
      try FileSystem.makeDirectory(root / "back")
      try FileSystem.removeTree(root / "kept")
      try FileSystem.makeFIFO(root / "pipe")
    }
    return (base, lower, upper)
  }

  private func mounted(
    _ layers: [Path], _ upper: Path, in folder: Path, _ body: (Path) throws -> Void
  ) throws {
    let (target, work) = (folder / "target", folder / "work-\(upper.lastComponent)")
    for path in [target, work] { try FileSystem.makeDirectory(path, parents: true) }
    try Mount.overlay(
      lower: layers, upper: upper, work: work, at: target,
      options: ["redirect_dir=off", "metacopy=off", "index=off"])
    defer { try? Mount.unmount(target) }
    try body(target)
  }

  @Test(arguments: [true, false])
  func `a merged layer shows what both showed`(linking: Bool) throws {
    try withTemporaryDirectory { folder in
      // Layers of an overlay must lie on a file system that can hold their attributes.
      try Mount.tmpfs(at: folder, mode: 0o755, flags: [])
      defer { try? Mount.unmount(folder, lazy: true) }
      let layers = try makeLayers(in: folder)
      let wanted = try shown([layers.upper, layers.lower, layers.base], in: folder)
      #expect(wanted.contains { $0.hasPrefix("gone/fresh ") })
      #expect(!wanted.contains { $0.hasPrefix("gone/three ") || $0.hasPrefix("kept") })
      let merged = folder / "merged"
      try FileSystem.mergeLayers(
        upper: layers.upper, lower: layers.lower, to: merged, linkingUpper: linking)
      #expect(try shown([merged, layers.base], in: folder) == wanted)
      // What both have is not there twice on the disk, and the layers are as they were.
      let file = try FileSystem.status(merged / "a/b/two")
      let original = try FileSystem.status(layers.upper / "a/b/two")
      #expect((file.inode == original.inode) == linking)
      #expect(
        try FileSystem.status(merged / "a/one").inode
          == FileSystem.status(layers.lower / "a/one").inode)
      #expect(
        try shown([layers.upper, layers.lower, layers.base], in: folder) == wanted)
    }
  }

  @Test func `a third generation is merged from the second`() throws {
    try withTemporaryDirectory { folder in
      try Mount.tmpfs(at: folder, mode: 0o755, flags: [])
      defer { try? Mount.unmount(folder, lazy: true) }
      let layers = try makeLayers(in: folder)
      try FileSystem.mergeLayers(
        upper: layers.upper, lower: layers.lower, to: folder / "second", linkingUpper: true)
      let top = folder / "top"
      try FileSystem.makeDirectory(top)
      try mounted([folder / "second", layers.base], top, in: folder) { root in
        try FileSystem.makeDirectory(root / "kept")
        try FileSystem.remove(root / "gone/fresh")
        try FileSystem.writeFile(root / "a/one", Array("third".utf8))
      }
      let wanted = try shown([top, folder / "second", layers.base], in: folder)
      try FileSystem.mergeLayers(
        upper: top, lower: folder / "second", to: folder / "third", linkingUpper: true)
      #expect(try shown([folder / "third", layers.base], in: folder) == wanted)
      #expect(!wanted.contains { $0.hasPrefix("kept/five") })
    }
  }

  @Test func `without a lower layer the upper one is taken over`() throws {
    try withTemporaryDirectory { folder in
      try FileSystem.makeDirectory(folder / "upper/deep", mode: 0o750, parents: true)
      try FileSystem.writeFile(folder / "upper/deep/file", Array("text".utf8))
      try FileSystem.mergeLayers(
        upper: folder / "upper", lower: nil, to: folder / "new", linkingUpper: true)
      #expect(try FileSystem.readText(folder / "new/deep/file") == "text")
      #expect(try FileSystem.status(folder / "new/deep").mode == 0o750)
    }
  }
}
