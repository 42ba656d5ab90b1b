package import Checkpoint
package import Linux
package import Server

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
  /// All that an image may have, the best first.
  package static let checkpoints = [checkpoint, warm]
  /// What the image says of itself.
  package static let record = path / "image.json"
  /// Copies of the server's data and temporary folders, for volumes that are empty.
  package static let seed = path / "seed"
  /// What the image's entry point is called, in the server's working folder.
  package static let entryPoint = "checkpoint-entrypoint.sh"
  /// The name that leads to the checkpoint in the server's first data folder.
  package static let linkName = "checkpoint"
}

/// What PID 1 of a checkpointed image has to know even where there is no checkpoint to be read: `image.json`.
package struct ImageRecord: Sendable, Codable {
  /// The version of this format.
  package var version = 1
  package var recipe: Recipe
  /// What was frozen.
  package var program: Manifest.Program
  /// The files in the server's data folders, as they were when it was frozen.
  package var data: FileTable

  package init(recipe: Recipe, program: Manifest.Program, data: FileTable) {
    self.recipe = recipe
    self.program = program
    self.data = data
  }

  /// Reads that of the image that this process runs in.
  static func read() throws(InitFailure) -> ImageRecord {
    let fix = "make the image anew with `thaw build`"
    do {
      return try JSONText.decode(
        ImageRecord.self, from: try FileSystem.readFile(ImageHome.record))
    } catch let error as Errno {
      throw InitFailure(.badPlan, "reading \(ImageHome.record): \(error)", fix: fix)
    } catch {
      throw InitFailure(.badPlan, "\(ImageHome.record): \(JSONText.explain(error))", fix: fix)
    }
  }
}
