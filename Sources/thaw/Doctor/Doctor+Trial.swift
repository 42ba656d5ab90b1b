import Checkpoint
import Images
import Linux
import Server
import Terminal

/// The proof: a program is frozen and thawed.
extension Doctor {
  /// Freezes `sleep` in a container and thaws it, in a folder beside Thaw's that is removed at
  /// once.
  func trial() -> Check {
    let name = "freeze and thaw"
    // A signal ends the trial, not this program: the container and the folder are removed in any
    // case.
    let blocked = SignalSet([.terminate, .interrupt, .quit, .hangup]).block()
    defer { blocked.restore() }
    let folder = Self.existing(root) / ".thaw-doctor-\(Host.randomName())"
    defer { try? FileSystem.removeTree(folder) }  // what cannot be removed is not in anybody's way
    do {
      try FileSystem.makeDirectory(folder, mode: 0o755)
      let checkpoint = try Self.freezing().run(try Engine(root: folder)) { _ in }
      let history = checkpoint.manifest.history
      return .ok(
        name, "`sleep` was frozen in \(Human.text(milliseconds: history.dump)) and thawed again")
    } catch {
      return .missing(
        name, Self.firstLine("\(error)") ?? "failed",
        fix: "`thaw freeze --name try -- sleep 1000` shows more of it")
    }
  }

  private static func freezing() -> Freezing {
    let words = ["sleep", "1000"]
    return Freezing(
      name: "doctor", recipe: Recipe(name: "doctor", command: words),
      program: Manifest.Program(
        words: words, environment: ["PATH": path], workingDirectory: .root, user: 0, group: 0),
      base: .init(reference: nil, digest: nil), rootfs: nil)
  }
}
