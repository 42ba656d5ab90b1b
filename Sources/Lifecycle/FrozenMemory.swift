import Checkpoint
package import Linux
package import Memory
package import Server

/// The memory of a server that is being frozen: whose it is, and in what form it goes into the checkpoint.
package struct FrozenMemory {
  let recipe: Recipe
  /// The checkpoint's folder.
  let folder: Path
  /// Where a thawed server will have it mapped from.
  let path: Path

  /// Describes the memory of a checkpoint in the making.
  package init(recipe: Recipe, folder: Path, path: Path = MemoryFile.path) {
    self.recipe = recipe
    self.folder = folder
    self.path = path
  }

  /// Where CRIU dumps to, before the images get their final form.
  package var dump: Path { folder / "dump" }
  /// The images of the checkpoint.
  var images: Path { folder / "images" }

  /// Asks the living server whose its memory is, JVM by JVM; what cannot be asked is not known, and will be copied.
  func ask(_ tree: [Int32]) -> [Int32: [KnownRange]] {
    guard recipe.memory == .map else { return [:] }
    var known: [Int32: [KnownRange]] = [:]
    for pid in tree {
      // No JVM, or one that does not answer: its memory is copied, which is always right.
      guard let ranges = try? HotSpotMemory.ranges(of: pid, deadline: .after(.seconds(5))),
        !ranges.isEmpty
      else { continue }
      known[pid] = ranges
    }
    return known
  }

  /// Writes images and memory file from the dump, and removes the dump.
  ///
  /// `memory` is the memory file that the dumped server had mapped, if it was a thawed one.
  package func write(
    _ known: [Int32: [KnownRange]] = [:], memory: Path? = nil
  ) throws(MemoryError) -> Rewriting.Result {
    var snapshot = try Snapshot(path: dump, memory: memory)
    try snapshot.forgetLeftStacks(of: Set(known.keys))
    var classifier = Classifier(known: known)
    if recipe.memory == .copy { classifier.copiesAll = "the recipe says copy" }
    if classifier.copiesAll == nil { classifier.findArenas(in: snapshot) }
    var rewriting = Rewriting(snapshot, classifier)
    rewriting.memoryPath = path
    let result = try rewriting.write(images: images, memory: folder / MemoryFile.name)
    let report = MemoryReport(rewriting, classifier)
    do {
      try FileSystem.writeFile(
        folder / MemoryReport.name, try JSONText.encode(report), mode: 0o644)
      try FileSystem.removeTree(dump)
    } catch let error as Errno {
      throw MemoryError(error, trying: "writing what became of the memory", on: folder)
    } catch {
      throw MemoryError(.failed, folder.string, "\(error)")
    }
    return result
  }
}
