package import Linux

/// The fence of one data volume: its mark, and the hibernated checkpoint that may lie on it.
///
/// Whoever uses it holds the lock `.thaw/lock`. A loss of power, or a kill, between any two steps leaves a volume that is
/// dirty, or clean and as the checkpoint says: a mark is written beside the old one, brought to the disk and renamed.
package struct Fence: Sendable {
  /// The data folder.
  package let volume: Path
  private let disk: any FenceDisk

  package init(_ volume: Path, disk: any FenceDisk = KernelDisk()) {
    self.volume = volume
    self.disk = disk
  }

  /// What is Thaw's on the volume.
  package var folder: Path { volume / ".thaw" }
  /// The checkpoint of the last hibernation.
  package var checkpoint: Path { folder / "hibernated" }
  /// A checkpoint in the making.
  package var draft: Path { folder / "hibernated.new" }
  private var file: Path { folder / "volume.json" }
  private var next: Path { folder / "volume.json.new" }

  /// The volume's mark; nil if there is none, or one that cannot be read.
  package func mark() -> VolumeMark? {
    // What cannot be read tells nothing, as if it were not there.
    guard let bytes = (try? disk.read(file)) ?? nil else { return nil }
    return VolumeMark.decode(bytes)
  }

  /// Marks the volume dirty, durably; to be done before any server runs on it.
  ///
  /// Where there is no room for a mark, the old one is removed: a volume without one is as good as dirty.
  ///
  /// - Returns: the new mark; nil if there was no room, and the volume cannot be hibernated.
  /// - Throws: what stopped it, such as `.readOnlyFileSystem`; then the volume's mark is as it was.
  @discardableResult
  package func begin(
    at home: VolumeMark.Home, id newID: String
  ) throws(Errno) -> VolumeMark? {
    let mark = VolumeMark.starting(after: mark(), at: home, id: newID)
    do throws(Errno) {
      try prepare(mark)
      try disk.synchronize(next)
      try place()
      return mark
    } catch {
      guard error == .noSpace || error == .quota else { throw error }
      try disk.remove(next)
      try disk.remove(file)
      try disk.synchronize(folder)
      return nil
    }
  }

  /// Removes what a hibernation left; only once the volume is dirty.
  package func discard() throws(Errno) {
    try disk.remove(draft)
    try disk.remove(checkpoint)
  }

  /// Ends a hibernation whose draft is written: brings all to the disk, gives the draft its place, and marks the volumes
  /// clean.
  ///
  /// - Parameters:
  ///   - volumes: the volumes of one server with their dirty marks; the draft lies on the first.
  ///   - checkpoint: the digest of the draft's manifest.
  ///   - kill: makes sure that the server, which stands still, never runs again. It is called when all is on the disk but
  ///     the names of the marks: no server runs on a volume that is clean.
  /// - Throws: what stopped it. Before `kill` nothing has changed but for what ``discard()`` removes; after it the volumes
  ///   are as after a crash.
  package static func commit(
    _ volumes: [(fence: Fence, mark: VolumeMark)], frozenBy checkpoint: Digest,
    kill: () throws -> Void
  ) throws {
    guard let first = volumes.first?.fence else { return }
    for (fence, mark) in volumes { try fence.prepare(mark.frozen(by: checkpoint)) }
    for (fence, _) in volumes { try fence.disk.synchronizeAll(on: fence.folder) }
    try first.disk.rename(first.draft, to: first.checkpoint)
    try kill()
    for (fence, _) in volumes { try fence.place() }
  }

  /// Takes back what ``commit(_:frozenBy:kill:)`` did before `kill`.
  package func takeBack() throws(Errno) {
    try disk.remove(next)
    try discard()
  }

  private func prepare(_ mark: VolumeMark) throws(Errno) {
    let bytes: [UInt8]
    do {
      bytes = try JSONText.encode(mark)
    } catch {
      throw .invalid
    }
    try disk.write(next, bytes)
  }

  private func place() throws(Errno) {
    try disk.rename(next, to: file)
    try disk.synchronize(folder)
  }
}
