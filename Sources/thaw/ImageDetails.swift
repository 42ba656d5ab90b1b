import Checkpoint
import Images
import Lifecycle
import Linux
import Server

/// What `thaw inspect --image` shows of an image that `thaw build` made.
struct ImageDetails: Encodable {
  /// Its name.
  let image: String
  /// The engine that has it.
  let engine: String
  /// The recipe's name.
  let server: String
  /// The checkpoints of running servers, the image's main one first.
  let checkpoints: [ImageRecord.Variant]
  /// Whether it has one from before `main`.
  let isWarm: Bool

  /// Looks into an image of the engine that runs here; a container of it is made and removed, and never started.
  static func of(_ image: String) throws -> ImageDetails {
    guard case .engine(let program) = try ImageDestination.local() else {
      throw Failure(Failure.notFound, "\(image): neither Docker nor podman answers")
    }
    let id = Host.randomName()
    let engine = ContainerEngine(program: program, id: id)
    guard try engine.has(image) else {
      throw Failure(Failure.notFound, "\(image): \(program.rawValue) has no image of that name")
    }
    let folder = Path("/tmp/thaw-inspect-\(id)")
    try FileSystem.makeDirectory(folder, mode: 0o700)
    defer {
      // What cannot be removed is two small files.
      try? FileSystem.removeTree(folder)
    }
    let (record, isWarm) = try engine.record(of: image, below: folder)
    return ImageDetails(
      image: image, engine: program.rawValue, server: record.recipe.name,
      checkpoints: record.all, isWarm: isWarm)
  }
}
