import Linux
import TestBed
import Testing

@testable import Checkpoint

/// Layers of images.
@Suite(.enabled(if: Machine.isRoot, "needs root"), .timeLimit(.minutes(1)))
struct LayerArchiveTests {
  /// Lists a layer as `tar` sees it, a line each: mode, owner, name.
  private func list(_ file: Path) throws -> [String] {
    let spawn = Spawn(
      "sh",
      [
        "-c", "zstd -dc \"$1\" | tar --numeric-owner -tv | awk '{print $1, $2, $6, $7, $8}'",
        "sh", file.string,
      ])
    let text = String(decoding: try spawn.run(deadline: .after(.seconds(20))).output, as: UTF8.self)
    return text.split(separator: "\n").map { line in
      line.split(separator: " ").joined(separator: " ")
    }
  }

  @Test func `tar reads what was written, with the folders above each member`() throws {
    try withTemporaryDirectory { folder in
      let below: LayerArchive.Below = { (name) throws(Errno) in
        name == "link" ? nil : .init(mode: 0o1777, modified: Timestamp(seconds: 0))
      }
      var layer = try LayerArchive(at: folder / "layer", level: 3, below: below)
      let plain = LayerArchive.Attributes(
        mode: 0o640, owner: 7, group: 8, modified: Timestamp(seconds: 0))
      try layer.add(file: "tmp/one", Array("one".utf8), plain)
      try layer.add(file: "link/two", [], plain)
      try layer.add(folder: "srv", .init(mode: 0o550, modified: Timestamp(seconds: 0)))
      try layer.add(link: "srv/three", to: "../tmp/one", plain)
      let made = try layer.finish()
      #expect(
        try list(folder / "layer") == [
          "drwxrwxrwt 0/0 tmp/", "-rw-r----- 7/8 tmp/one", "-rw-r----- 7/8 link/two",
          "dr-xr-x--- 0/0 srv/", "lrw-r----- 7/8 srv/three -> ../tmp/one",
        ])
      #expect(made.size == (try FileSystem.status(folder / "layer").size))
      #expect(made.digest == (try Digest(ofFile: folder / "layer")))
    }
  }

  @Test func `what an overlay hides is hidden in the image, sockets are left out`() throws {
    try withTemporaryDirectory { folder in
      try FileSystem.makeDirectory(folder / "files/var", parents: true)
      try FileSystem.makeNode(folder / "files/var/gone", kind: .character)
      try FileSystem.makeNode(folder / "files/var/socket", kind: .socket)
      try FileSystem.writeFile(folder / "files/var/log", Array("x".utf8))
      var layer = try LayerArchive(at: folder / "layer", level: 1)
      try FileSystem.walk(folder / "files") { path, status in
        try layer.add(path.string, asIn: folder / "files" / path.string, status)
      }
      _ = try layer.finish()
      let names = try list(folder / "layer").compactMap { $0.split(separator: " ").last }
      #expect(names == ["var/", "var/.wh.gone", "var/log"])
    }
  }

  @Test func `the same files give the same bytes`() throws {
    try withTemporaryDirectory { folder in
      let digests = try (1...2).map { turn in
        var layer = try LayerArchive(at: folder / "layer-\(turn)", level: 3)
        let bytes = [UInt8](repeating: 3, count: 3 << 20)
        try layer.add(file: "a", bytes, .init(mode: 0o644, modified: Timestamp(seconds: 5)))
        return try layer.finish().digest
      }
      #expect(digests[0] == digests[1])
    }
  }
}
