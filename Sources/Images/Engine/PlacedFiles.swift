import Linux

/// Files of this machine that are put among a server's own before it is started.
///
/// They are put by hard links: every container and checkpoint has the same file, and one layer of an image. Nobody who runs there
/// may change them.
struct PlacedFiles: Sendable {
  /// One file, or a link.
  struct Entry: Sendable {
    /// Where it lies, on the file system of the engine's folder, and root's.
    var source: Path
    /// Where the server finds it.
    var place: Path
  }

  var entries: [Entry] = []

  static func + (left: PlacedFiles, right: PlacedFiles) -> PlacedFiles {
    PlacedFiles(entries: left.entries + right.entries)
  }

  /// Puts them into a container's writable layer.
  func put(in upper: Path) throws(EngineError) {
    for entry in entries {
      let place = upper / entry.place.string
      try attempt("putting a file among the server's own", on: place) { () throws(Errno) in
        try FileSystem.makeDirectory(place.parent, mode: 0o755, parents: true)
        try FileSystem.link(entry.source, to: place)
      }
    }
  }

  /// Copies a folder of the user's, so that it can be put where the server starts.
  ///
  /// - Parameters:
  ///   - folder: what is there is taken with all below it.
  ///   - scratch: a folder that is not there yet, on the file system of the engine's folder.
  ///   - place: where the server finds the folder's content.
  /// - Returns: the files and links, to be put there.
  /// - Throws: `.failed`, `.diskFull`.
  static func copy(
    _ folder: Path, to scratch: Path, as place: Path
  ) throws(EngineError) -> PlacedFiles {
    let found = try attempt("copying the server's files", on: folder) {
      () throws(Errno) -> [(Path, FileStatus)] in
      try FileSystem.copyTree(from: folder, to: scratch)
      var found: [(Path, FileStatus)] = []
      do {
        try FileSystem.walk(scratch) { found.append(($0, $1)) }
      } catch {
        throw error as? Errno ?? .invalid
      }
      return found
    }
    var files = PlacedFiles()
    for (name, status) in found where [.file, .symbolicLink].contains(status.kind) {
      let source = scratch / name.string
      files.entries.append(Entry(source: source, place: place / name.string))
      guard status.kind == .file else { continue }
      try attempt("copying the server's files", on: source) { () throws(Errno) in
        try FileSystem.changeOwner(source, user: 0, group: 0)
        // The server's user reads them, and starts what can be started.
        let isProgram = status.mode.rawValue & 0o111 != 0
        try FileSystem.changeMode(source, isProgram ? 0o755 : 0o644)
      }
    }
    return files
  }
}
