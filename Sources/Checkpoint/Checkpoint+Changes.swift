import Linux

extension Checkpoint {
  /// Reads every file of the checkpoint and compares it with the manifest, and the manifest with
  /// the checkpoint's id.
  ///
  /// Unlike `open` it goes on after the first difference, and also finds files that were put
  /// among CRIU's images.
  ///
  /// - Parameter progress: called before each file is read.
  /// - Returns: all that is not as it was at the freeze; empty if the checkpoint is whole.
  /// - Throws: `.failed` if something cannot be read.
  package func changes(
    _ progress: (Manifest.Content) -> Void = { _ in }
  ) throws(CheckpointError) -> [FileTable.Change] {
    var found: [FileTable.Change] = []
    let own = path / "manifest.json"
    let digest = try attempt("reading the manifest", on: own) { () throws(Errno) in
      FileSystem.exists(own) ? try Digest(ofFile: own) : nil
    }
    if digest?.hexadecimal != id {
      found.append(
        .init(path: own, what: "is not the manifest that the checkpoint was named after"))
    }
    for content in manifest.contents {
      progress(content)
      if let what = try change(of: content) {
        found.append(.init(path: path / content.path.string, what: what))
      }
    }
    return found + (try strangers())
  }

  private func change(of content: Manifest.Content) throws(CheckpointError) -> String? {
    let file = path / content.path.string
    guard FileSystem.exists(file) else { return "is missing" }
    return try attempt("reading a file of the checkpoint", on: file) { () throws(Errno) in
      let size = try FileSystem.status(file).size
      guard size == content.size else { return "has \(size) bytes, had \(content.size)" }
      guard try Digest(ofFile: file) == content.digest else {
        return "has another content than at the freeze"
      }
      return nil
    }
  }

  /// Images that the manifest does not know: CRIU would read them all the same.
  private func strangers() throws(CheckpointError) -> [FileTable.Change] {
    guard FileSystem.exists(images) else { return [] }
    let known = Set(manifest.contents.map(\.path))
    let names = try attempt("reading the folder of images", on: images) { () throws(Errno) in
      try FileSystem.list(images)
    }
    return names.filter { !known.contains(Path("images") / $0) }.map {
      .init(path: images / $0, what: "is not of this checkpoint")
    }
  }
}
