import Checkpoint
import Lifecycle
import Linux

/// What was made ahead of time for a server, in a folder of this machine, on its way to where the server finds it.
struct AheadFiles: Sendable {
  /// The folder with the files.
  let folder: Path
  /// Whether there are classes of namespaces.
  var hasClasses = false
  /// Whether there is a class-data archive.
  var hasArchive = false

  /// The jar of compiled namespaces, which the server has first in its class path.
  static let classes = ImageHome.path / "ahead.jar"
  /// The class-data archive.
  static let archive = ImageHome.path / "ahead.jsa"

  /// What there is.
  var paths: [Path] {
    (hasClasses ? [Self.classes] : []) + (hasArchive ? [Self.archive] : [])
  }

  /// Takes over a file that a container's program wrote.
  func take(_ file: Path, as path: Path) throws(EngineError) {
    let place = folder / path.lastComponent
    try attempt("keeping what was made ahead", on: file) { () throws(Errno) in
      try FileSystem.rename(file, to: place)
      try FileSystem.changeOwner(place, user: 0, group: 0)
      try FileSystem.changeMode(place, 0o644)
      // The archive has the jar's time in it, in seconds; the same input is to give the same layer.
      let epoch = Timestamp(seconds: 0)
      try FileSystem.setTimes(place, accessed: epoch, modified: epoch)
    }
  }

  /// The same, on its way among the server's own files.
  var placed: PlacedFiles {
    PlacedFiles(
      entries: paths.map { .init(source: folder / $0.lastComponent, place: $0) })
  }
}
