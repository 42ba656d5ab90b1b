package import Linux

/// Where Thaw's own things lie in an image that `thaw build` made.
package enum ImageHome {
  /// The folder of all of them.
  package static let path: Path = "/usr/local/lib/thaw"
  /// This program.
  package static let program = path / "thaw"
  /// The folder with CRIU.
  package static let bundle = path / "bundle"
  /// The checkpoint, outside of every volume.
  package static let checkpoint = path / "checkpoint"
  /// The checkpoint of the same server before its `main`, if there is one.
  package static let warm = path / "warm"
  /// The folder of checkpoints for other requests and processors, each in a folder of its name.
  package static let variants = path / "variants"
  /// What the image says of itself.
  package static let record = path / "image.json"
  /// Copies of the server's data and temporary folders, for volumes that are empty.
  package static let seed = path / "seed"
  /// What the image's entry point is called, in the server's working folder.
  package static let entryPoint = "checkpoint-entrypoint.sh"
  /// The name that leads to the checkpoint in the server's first data folder.
  package static let linkName = "checkpoint"
}
