import Checkpoint
import Images
import Linux
import Terminal

/// Thaw's folder and what is in it.
extension Doctor {
  func store() -> [Check] {
    [space(), checkpoints(), leftovers()]
  }

  private func space() -> Check {
    let place = Self.existing(root)
    do {
      let space = try FileSystem.space(of: place)
      return Self.space(space.available, root: root)
    } catch {
      return .warning("space", "\(place): \(error)", fix: "choose another folder with --root")
    }
  }

  static func space(_ available: ByteCount, root: Path) -> Check {
    let text = "\(available) free in \(root)"
    let fix = "free space there, or choose another folder with --root"
    return if available < .mebibytes(64) {
      .missing("space", text, fix: fix)
    } else if available < .mebibytes(2048) {
      .warning("space", "\(text): a checkpoint of a JVM takes 100 MB to 2 GB", fix: fix)
    } else {
      .ok("space", text)
    }
  }

  private func checkpoints() -> Check {
    do {
      let all = try Stock(root: root).checkpoints.list()
      return Self.checkpoints(all, host: .current())
    } catch let failure as Failure {
      return .note("checkpoints", failure.message)
    } catch {
      return .warning("checkpoints", "\(error)", fix: "run it as root")
    }
  }

  static func checkpoints(_ all: [CheckpointStore.Stored], host: HostFacts) -> Check {
    let name = "checkpoints"
    let damaged = all.filter { $0.manifest == nil }
    let foreign = all.filter { $0.manifest?.hindrance(on: host) != nil }
    let list = { (some: [CheckpointStore.Stored]) in
      some.flatMap(\.allNames).joined(separator: " ")
    }
    let count = all.isEmpty ? "none yet" : "\(all.count)"
    if !damaged.isEmpty {
      return .warning(
        name, "\(count), of which damaged: \(list(damaged))",
        fix: "freeze anew, and remove them: thaw rm \(list(damaged))")
    }
    if !foreign.isEmpty {
      return .warning(
        name, "\(count), of which this machine does not suit: \(list(foreign))",
        fix: "`thaw inspect NAME` says why; freeze anew here")
    }
    return .ok(name, all.isEmpty ? count : "\(count), all suit this machine")
  }

  /// Cleans up what processes left that were killed.
  private func leftovers() -> Check {
    let name = "leftovers"
    guard isRoot, case .success(let bundle) = bundle else {
      return .note(name, "not looked for: it takes root and runc")
    }
    do {
      try Draft.sweep(CheckpointStore(root: root))
      let swept = try Containers(root: root).sweep(runc: Runc(bundle: bundle))
      return .ok(
        name,
        swept.isEmpty
          ? "none" : "cleaned up: " + swept.map(\.name).joined(separator: ", "))
    } catch {
      return .warning(name, "\(error)", fix: "look at \(root)")
    }
  }
}
