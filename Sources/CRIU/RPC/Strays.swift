import Linux

/// Restored processes that their CRIU leaves behind when it fails or is killed in the middle of a
/// restore.
///
/// With `rst_sibling` the restored root is the caller's child, no descendant of CRIU's, and waits
/// on CRIU for ever. It is known by being a new child of this process, with the pid that the images
/// give to the root, or in CRIU's session.
struct Strays: Sendable {
  private let rootPID: Int32?
  private let before: Set<Int32>

  /// Takes note of the children that are there before CRIU is started.
  init(restoring images: Path?) {
    guard let images else {
      rootPID = nil
      before = []
      return
    }
    // Images without a tree make CRIU fail before it makes a process.
    rootPID = try? ImageDirectory(images).processes().first?.pid
    before = Set(Processes.children(of: Host.processID))
  }

  /// Kills and reaps what is left of a restore.
  func kill(of criu: Int32) {
    guard let rootPID else { return }
    for pid in Processes.children(of: Host.processID)
    where pid != criu && !before.contains(pid) && isRestored(pid, rootPID, criu) {
      Processes.kill(tree: pid)
      // Somebody else may have reaped it.
      guard let child = try? Child(adopting: pid) else { continue }
      _ = try? child.wait(deadline: .after(.seconds(5)))
    }
  }

  private func isRestored(_ pid: Int32, _ rootPID: Int32, _ criu: Int32) -> Bool {
    if ProcessEntry(pid: pid)?.session == criu { return true }
    // Gone meanwhile: nothing to kill.
    guard let status = try? FileSystem.readText(Path("/proc/\(pid)/status")) else { return false }
    let line = status.split(separator: "\n").first { $0.hasPrefix("NSpid:") }
    return line?.split(whereSeparator: \.isWhitespace).last.flatMap { Int32($0) } == rootPID
  }
}
