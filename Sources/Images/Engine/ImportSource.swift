import Checkpoint
import FoundationEssentials
import Linux

/// A dump of another program's, brought into the folder of a checkpoint in the making.
struct ImportSource {
  /// The folder or archive that was named.
  let path: Path
  /// The checkpoint's folder.
  let draft: Path

  /// Where CRIU's images go.
  private var dump: Path { draft / "dump" }
  /// Where what the server wrote goes.
  private var files: Path { draft / "files" }
  /// Where an archive is unpacked.
  private var unpacked: Path { draft / "archive" }

  /// What podman says of the container.
  private struct Configuration: Decodable {
    var rootfsImageName: String?
  }

  /// Copies or unpacks it; the result is the image that the container was made of, if that is told.
  func fetch() throws(EngineError) -> String? {
    let kind = try attempt(
      "looking for the dump", on: path, fix: "give the folder of CRIU's images, or podman's archive"
    ) { () throws(Errno) in try FileSystem.status(path).kind }
    guard kind == .directory else {
      try unpack(try plain(path), to: unpacked, [])
      let image = try take(unpacked)
      try attempt("clearing up", on: unpacked) { () throws(Errno) in
        try FileSystem.removeTree(unpacked)
        let plain = draft / "archive.tar"
        if FileSystem.exists(plain) { try FileSystem.remove(plain) }
      }
      return image
    }
    return try take(path)
  }

  /// Takes over a folder: images of CRIU's or runc's, or what podman's archive holds.
  private func take(_ folder: Path) throws(EngineError) -> String? {
    let inner = folder / "checkpoint"
    let images = FileSystem.exists(inner / "inventory.img") ? inner : folder
    guard FileSystem.exists(images / "inventory.img") else {
      throw EngineError(
        .imageNotFound, path.string, "there is no inventory.img in it: it is no dump of CRIU's",
        fix: "give the folder that `criu dump` or `runc checkpoint` wrote, or the archive of "
          + "`podman container checkpoint --export`")
    }
    try attempt("copying images", on: images) { () throws(Errno) in
      try FileSystem.makeDirectory(dump, mode: 0o700)
      for name in try FileSystem.list(images) where name.hasSuffix(".img") {
        try FileSystem.copyTree(from: images / name, to: dump / name)
      }
    }
    guard images == inner else { return nil }
    try takeFiles(folder)
    // Without it the image must be named.
    guard let bytes = try? FileSystem.readFile(folder / "config.dump") else { return nil }
    let configuration = try? JSONDecoder().decode(Configuration.self, from: Data(bytes))
    return configuration?.rootfsImageName
  }

  /// What podman's container had other than its image.
  private func takeFiles(_ folder: Path) throws(EngineError) {
    let difference = folder / "rootfs-diff.tar"
    if FileSystem.exists(difference) {
      try unpack(difference, to: files, ["--xattrs", "--xattrs-include=*"])
    }
    let deleted = folder / "deleted.files"
    guard FileSystem.exists(deleted) else { return }
    let names: [String]
    do {
      names = try JSONDecoder().decode(
        [String].self, from: Data(try FileSystem.readFile(deleted)))
    } catch {
      throw EngineError(
        .imageDamaged, deleted.string, "not a list of files: \(error)",
        fix: "make the archive anew")
    }
    for name in names {
      let place = files / Path("/\(name)").string
      guard !name.split(separator: "/").contains(".."), !FileSystem.exists(place) else { continue }
      // So an overlay hides what is below.
      try attempt("hiding a removed file", on: place) { () throws(Errno) in
        try FileSystem.makeDirectory(place.parent, mode: 0o755, parents: true)
        try FileSystem.makeNode(place, kind: .character, mode: 0)
      }
    }
  }

  /// The archive as `tar` takes it without help: podman packs it with zstd unless told.
  private func plain(_ archive: Path) throws(EngineError) -> Path {
    let plain = draft / "archive.tar"
    do throws(CheckpointError) {
      return try PackedFile.unpack(archive, to: plain) ? plain : archive
    } catch {
      throw EngineError(
        error.code == .diskFull ? .diskFull : .unpackFailed, error.subject, error.cause,
        fix: error.code == .diskFull ? error.fix : "make the archive anew")
    }
  }

  private func unpack(
    _ archive: Path, to folder: Path, _ options: [String]
  ) throws(EngineError) {
    try attempt("making a folder", on: folder) { () throws(Errno) in
      try FileSystem.makeDirectory(folder, mode: 0o755)
    }
    let tar = Spawn(
      "tar",
      ["--extract", "--file", archive.string, "--directory", folder.string]
        + ["--numeric-owner", "--preserve-permissions"] + options)
    let done: Finished
    do {
      done = try tar.run(deadline: .after(.seconds(3600)))
    } catch {
      throw EngineError(
        .unpackFailed, archive.string, "starting tar: \(error)", fix: "install tar")
    }
    guard !done.isSuccess else { return }
    let reason = done.errorText.split(separator: "\n").first.map(String.init) ?? "\(done.status)"
    throw EngineError(
      done.errorText.contains("No space left") ? .diskFull : .unpackFailed, archive.string,
      "tar: \(reason)", fix: "it must be a tar archive, plain or packed with gzip or zstd")
  }
}
