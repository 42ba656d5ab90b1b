import Linux
import Memory

extension Checkpoint {
  /// Asks the kernel to read all that a thaw will read, and does not wait for it: CRIU's images with their pages, and
  /// the working set of the memory file.
  ///
  /// Where it is cached nothing happens; what cannot be asked for is read when it is needed.
  package func readAhead() {
    for name in (try? FileSystem.list(images)) ?? [] {
      guard let file = try? Descriptor.open(images / name, .readOnly),
        let size = try? file.status().size, size > 0
      else { continue }
      try? PageCache.request([0..<size], of: file)
    }
    // One that was read before holds its own, or names whose it is.
    let holder = manifest.memory.file?.checkpoint.map { path.parent / $0 } ?? path
    guard manifest.memory.file != nil,
      let file = try? Descriptor.open(holder / MemoryFile.name, .readOnly)
    else { return }
    WorkingSet.readAhead(in: path, file)
  }
}
