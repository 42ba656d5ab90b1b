import Checkpoint
import Lifecycle
import Linux
import Memory

/// Lays the memory of a checkpoint out anew, in a folder where that may be done: a draft.
///
/// Images and memory file are written beside the old ones and then take their place.
struct Relayout {
  /// The draft's folder.
  let folder: Path
  /// Whom images and memory belong to.
  let user: UInt32
  let group: UInt32
  /// The memory file that the images map now; nil: none.
  var memory: Path?
  /// Where a thawed server will have the new one mapped from.
  let path: Path

  /// Lays out that of a checkpoint in the making.
  init(folder: Path, _ manifest: Manifest, memory: Path?) {
    self.folder = folder
    user = manifest.program.user
    group = manifest.program.group
    self.memory = memory
    path = manifest.tier.memoryPath
  }

  /// Writes all with what a report knew, and more findings.
  ///
  /// - Parameters:
  ///   - findings: calls that speak against mapping, besides those of the report.
  ///   - written: pages that CRIU shall copy.
  ///   - copiesAll: why nothing is to be mapped; nil: as the report says.
  ///   - readsExactly: whether faults bring in single pages, for a trial that notes which.
  /// - Returns: what was written, and the new report.
  /// - Throws: what reading or writing met; the old images are then still there.
  func run(
    findings: [Finding] = [], written: [Int32: Pages] = [:], copiesAll: String? = nil,
    readsExactly: Bool = false
  ) throws(MemoryError) -> (result: Rewriting.Result, report: MemoryReport) {
    let images = folder / "images"
    var classifier = try report().classifier
    classifier.findings += findings
    classifier.copiesAll = copiesAll ?? classifier.copiesAll
    let snapshot = try Snapshot(path: images, memory: memory)
    var rewriting = Rewriting(snapshot, classifier, copied: written)
    rewriting.readsExactly = readsExactly
    rewriting.memoryPath = path
    let (newImages, newMemory) = (folder / "images.new", folder / "memory.new")
    try files { () throws(Errno) in try FileSystem.makeDirectory(newImages, mode: 0o700) }
    let result = try rewriting.write(images: newImages, memory: newMemory)
    let report = MemoryReport(rewriting, classifier)
    let text: [UInt8]
    do {
      text = try JSONText.encode(report)
    } catch {
      throw MemoryError(.failed, folder.string, "\(error)")
    }
    try files { () throws(Errno) in
      for name in try FileSystem.list(newImages) {
        try FileSystem.changeOwner(newImages / name, user: user, group: group)
      }
      try FileSystem.changeOwner(newImages, user: user, group: group)
      try FileSystem.removeTree(images)
      try FileSystem.rename(newImages, to: images)
      let place = folder / MemoryFile.name
      if FileSystem.exists(place) { try FileSystem.remove(place) }
      if result.length > 0 {
        try FileSystem.changeOwner(newMemory, user: user, group: group)
        try FileSystem.rename(newMemory, to: place)
      }
      try FileSystem.writeFile(folder / MemoryReport.name, text, mode: 0o644)
    }
    return (result, report)
  }

  /// What was decided before.
  func report() throws(MemoryError) -> MemoryReport {
    do {
      return try JSONText.decode(
        MemoryReport.self, from: try FileSystem.readFile(folder / MemoryReport.name))
    } catch let error as Errno {
      throw MemoryError(error, trying: "reading what became of the memory", on: folder)
    } catch {
      throw MemoryError(.damaged, (folder / MemoryReport.name).string, JSONText.explain(error))
    }
  }

  /// Puts another report in the place of that.
  func write(_ report: MemoryReport) throws(MemoryError) {
    let path = folder / MemoryReport.name
    do {
      try FileSystem.writeFile(path, try JSONText.encode(report), mode: 0o644)
    } catch let error as Errno {
      throw MemoryError(error, trying: "writing what is known of the memory", on: path)
    } catch {
      throw MemoryError(.failed, path.string, "\(error)")
    }
  }

  private func files(_ body: () throws(Errno) -> Void) throws(MemoryError) {
    do throws(Errno) {
      try body()
    } catch {
      throw MemoryError(error, trying: "laying the memory out anew", on: folder)
    }
  }
}

/// Lets an error of the memory out as the engine's.
func laidOut<Value>(_ body: () throws(MemoryError) -> Value) throws(EngineFailure) -> Value {
  do throws(MemoryError) {
    return try body()
  } catch {
    let isFull = error.code == .diskFull
    throw .checkpoint(
      CheckpointError(
        isFull ? .diskFull : error.code == .damaged ? .damaged : .failed, error.subject,
        error.cause,
        fix: isFull
          ? "free space there, or choose another folder with --root"
          : "freeze the server again, with `memory: copy` in its recipe if this happens again"))
  }
}
