import CRIU
import Checkpoint
import Images
import Linux
import Memory

/// Another form of a checkpoint, to compare with: plain images, with all of its memory or with none.
struct CheckpointForm {
  /// What CRIU is to know about the kernel; nil: what the checkpoint has.
  var kernelData: [UInt8]?
  /// Whether the pages are kept.
  var hasMemory = true

  /// Makes it as the checkpoint of the same name in the store below `root`.
  func make(
    of checkpoint: Checkpoint, _ engine: Engine, in root: Path
  ) throws -> Checkpoint {
    let draft = try Draft(in: CheckpointStore(root: root))
    let path = draft.path
    do {
      let manifest = try fill(path, from: checkpoint, engine)
      return try draft.commit(manifest, name: Self.name)
    } catch {
      // A draft that is left is swept with its store.
      try? FileSystem.removeTree(path)
      throw error
    }
  }

  /// What it is called in its store.
  static let name = "compared"

  private func fill(
    _ path: Path, from checkpoint: Checkpoint, _ engine: Engine
  ) throws -> Manifest {
    var manifest = checkpoint.manifest
    let made: Set<String> = [
      "images", "lock", "manifest.json", MemoryFile.name, MemoryReport.name, WorkingSet.name,
      "verified",
    ]
    for name in try FileSystem.list(checkpoint.path) where !made.contains(name) {
      try FileSystem.copyTree(from: checkpoint.path / name, to: path / name)
    }
    let images = path / "images"
    manifest.memory.copied = try Exporting.run(checkpoint.id, to: images, engine).pages
    manifest.memory.file = nil
    if !hasMemory { try dropPages(try ImageDirectory(images)) }
    if let kernelData {
      try FileSystem.writeFile(path / "criu.kdat", kernelData, mode: 0o644)
    }
    for name in try FileSystem.list(images) {
      try own(images / name, as: manifest.program)
    }
    for folder in [images, path] { try own(folder, as: manifest.program) }
    manifest.contents = try Checkpoint.contents(of: path)
    return manifest
  }

  private func own(_ path: Path, as program: Manifest.Program) throws {
    try FileSystem.changeOwner(path, user: program.user, group: program.group)
  }

  /// Leaves nothing of the memory but the pages of the kernel's own library, which CRIU reads.
  private func dropPages(_ images: ImageDirectory) throws {
    for process in try images.processes() {
      let id = UInt32(bitPattern: process.pid)
      guard images.has(ImageType.mm.fileName(id: id)) else { continue }
      let kernels = try images.memory(of: process.pid).mappings.filter {
        $0.status.contains(.vdso)
      }
      var pagemap = try images.pagemap(of: process.pid)
      let file = try Descriptor.open(images.path / "pages-\(pagemap.pagesID).img", .readWrite)
      var kept: [UInt8] = []
      var runs: [Pagemap.Run] = []
      for (run, offset) in pagemap.placed() {
        for mapping in kernels {
          let start = max(run.address, mapping.start)
          let end = min(run.end, mapping.end)
          guard let offset, start < end else { continue }
          let part = start..<end
          kept += try file.read(
            upTo: part.count, at: Int64(offset + (part.lowerBound - run.address)))
          runs.append(
            .init(
              address: part.lowerBound, pageCount: UInt64(part.count) / Pagemap.pageSize,
              flags: .present))
        }
      }
      pagemap.runs = runs
      try FileSystem.writeFile(images.path / "pages-\(pagemap.pagesID).img", kept, mode: 0o600)
      try images.write(pagemap.image, named: ImageType.pagemap.fileName(id: id))
    }
  }
}
