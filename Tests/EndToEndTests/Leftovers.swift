import Linux
import TestBed
import Testing

/// What Thaw could leave behind in files and control groups.
enum Leftovers {
  /// Locks that are held and work that was not finished below Thaw's folder.
  static func files(below root: Path) throws -> [String] {
    guard FileSystem.exists(root) else { return [] }
    var found: [String] = []
    try FileSystem.walk(root) { path, status in
      let name = path.lastComponent
      if ["lock"].contains(name), status.kind == .file,
        path.string.split(separator: "/").count <= 4,
        try FileLock.tryLock(root / path.string, exclusive: true) == nil
      {
        found.append("a held lock: \(path)")
      }
      let isUnfinished = [".draft-", ".removed-", ".unpacking", ".tmp"].contains {
        name.hasPrefix($0)
      }
      if isUnfinished || name.hasSuffix(".new") { found.append("unfinished: \(path)") }
    }
    return found
  }

  static func removeGroup(_ name: String) {
    for tree in trees where FileSystem.exists(tree / name) {
      try? FileSystem.removeDirectory(tree / name)
    }
  }

  /// Version 1 has a folder for each controller.
  private static let trees: [Path] = {
    let root: Path = "/sys/fs/cgroup"
    return [root] + ((try? FileSystem.list(root)) ?? []).map { root / $0 }
  }()

  /// Control groups of Thaw's containers without a process in them.
  static func emptyGroups() -> Set<String> {
    var found: Set<String> = []
    for tree in trees {
      for name in (try? FileSystem.list(tree)) ?? [] where name.hasPrefix("thaw-") {
        // Gone meanwhile: not left.
        if let text = try? FileSystem.readText(tree / name / "cgroup.procs"), text.isEmpty {
          found.insert(name)
        }
      }
    }
    return found
  }
}

extension Bed {
  /// Expects that nothing is left, once the next command has cleaned up; containers that have ended may be kept.
  func expectNothingIsLeft(
    kept: Int = 0, checkpoints: Int? = nil, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    // What ends by itself has ended before the next command comes.
    _ = eventually(within: .seconds(15)) { Processes.descendants(of: first).isEmpty }
    let listed = try thaw("ps", "--quiet")
    #expect(listed.isSuccess, "\(listed.errorText)", sourceLocation: sourceLocation)
    var found: [String] = []
    _ = try eventually(within: .seconds(10)) {
      found = try leftovers()
      return found.isEmpty
    }
    #expect(found == [], sourceLocation: sourceLocation)
    // Groups of other tests are empty for a moment only.
    var groups = Leftovers.emptyGroups()
    _ = eventually {
      groups.formIntersection(Leftovers.emptyGroups())
      return groups.isEmpty
    }
    #expect(groups == [], "control groups without processes", sourceLocation: sourceLocation)
    // So that only one test fails for each.
    for group in groups { Leftovers.removeGroup(group) }
    let containers = try names(in: "containers").filter { $0 != "lock" }
    #expect(containers.count == kept, "\(containers)", sourceLocation: sourceLocation)
    if let checkpoints {
      let found = try names(in: "checkpoints")
      #expect(found.count == checkpoints, "\(found)", sourceLocation: sourceLocation)
    }
  }

  func names(in name: String) throws -> [String] {
    FileSystem.exists(seenRoot / name) ? try FileSystem.list(seenRoot / name) : []
  }
}
