import Linux

/// Volumes with data of a server's own, for starts that a hot checkpoint does not fit.
struct WarmVolumes {
  /// The server's data folders.
  let folders: [Path]
  private let top: Path

  /// A variable that no server looks at, and no server was frozen with.
  static let variable = "OF_THE_BENCH"

  init(folders: [Path], below folder: Path) {
    self.folders = folders
    top = folder / "volumes"
  }

  /// Where the data lies that each start gets a copy of.
  var original: Path { top / "original" }

  /// Makes a folder for each of the server's, to be filled by a start.
  func makeEmpty() throws {
    for index in folders.indices {
      try FileSystem.makeDirectory(original / "\(index)", mode: 0o755, parents: true)
    }
  }

  /// Copies the data; the copy is the only one.
  func copy() throws -> Path {
    let copy = top / "copy"
    guard !folders.isEmpty else { return copy }
    if FileSystem.exists(copy) { try FileSystem.removeTree(copy) }
    try FileSystem.copyTree(from: original, to: copy)
    return copy
  }

  /// The options of `thaw run` that show the server what lies in a folder.
  func words(_ folder: Path) -> [String] {
    folders.enumerated().flatMap { ["-v", "\(folder / "\($0)"):\($1)"] }
  }
}
