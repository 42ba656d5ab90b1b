import Checkpoint
import Lifecycle
import Linux
import Memory
import Server

/// A server that runs, frozen for a new checkpoint of the name that it was thawed from: it stands still for a moment and
/// goes on.
///
/// What it did since it was thawed is in that checkpoint. So nothing of it may be anybody's data: a server that has data is
/// refused, and one that has written files.
struct RunningCopy {
  let container: String
  /// What has the name now.
  let old: Checkpoint
  let name: String

  /// Sees whether it may be done at all.
  func check(_ engine: Engine) throws(EngineFailure) {
    let record = try Images.engine { () throws(EngineError) in
      try engine.containers.find(container)
    }
    if let obstacle = Self.obstacle(old.manifest, hasVolumes: !record.volumes.isEmpty) {
      throw refused(obstacle.why, fix: obstacle.fix)
    }
    guard record.tier == nil || record.tier == Manifest.Tier.hot.rawValue else {
      throw refused(
        "it was started \(record.tier ?? ""), not thawed from a frozen server",
        fix: "see `thaw explain \(name)`")
    }
    // What was made of the same server before is as good: program and files are those that it was thawed from.
    let origins = [old.id, old.manifest.history.refresh?.origin]
    guard let id = record.checkpointID, origins.contains(id) else {
      throw refused(
        "it was not thawed from \(name), or \(name) was frozen anew since",
        fix: "start it again with `thaw run \(name)`")
    }
  }

  /// Why a server is not frozen for others while it runs, and what to do instead; nil if it may be.
  static func obstacle(_ manifest: Manifest, hasVolumes: Bool) -> (why: String, fix: String)? {
    guard hasVolumes || !manifest.data.isEmpty else { return nil }
    return (
      "it has data"
        + (hasVolumes
          ? " on volumes" : " in \(manifest.data.map(\.string).joined(separator: ", "))")
        + ", and what it knows of that would get into every later start of the checkpoint",
      "`thaw refresh --warm-up-time 60s` freezes it anew after a longer warm-up, without anybody's data; "
        + "`thaw hibernate`, or its end on volumes, keeps compiled code with its own data"
    )
  }

  private func refused(_ why: String, fix: String) -> EngineFailure {
    .engine(EngineError(.failed, container, "not frozen again: \(why)", fix: fix))
  }

  /// Freezes it into a draft.
  ///
  /// - Returns: the manifest, and how many milliseconds it stood still.
  func freeze(
    into draft: Path, _ engine: Engine, cancel: Int32
  ) throws(EngineFailure) -> (Manifest, Double) {
    let subject = try Hibernating.Subject(container, engine)
    guard subject.hibernation.plan.program == old.manifest.program else {
      throw refused(
        "its arguments or variables are others than those of \(name)",
        fix: "start it without `-e` and arguments")
    }
    let (parent, running) = (subject.parent, subject.record.name)
    var (manifest, pause, began) = (parent.manifest, 0.0, Duration.zero)
    let owners = try subject.freeze(
      into: draft,
      {
        $0.leavesRunning = true
        $0.asksMemory = true
      }, cancel: cancel,
      { if $0 == .files { began = Clock.monotonic() } },
      place: { written in
        manifest = written
        pause = written.history.dump + (Clock.monotonic() - began).milliseconds
      })
    subject.release()
    manifest.history.container = nil
    manifest.history.parent = nil
    manifest.history.refresh = .init(
      container: running, origin: parent.id, before: .init(first: 0, all: 0),
      after: .init(first: 0, all: 0))
    try expectUnchanged(manifest.openFiles, since: parent.manifest.openFiles)
    try expectNothingWritten(draft, parent, engine)
    try lay(out: &manifest, owners, draft, parent, engine)
    return (manifest, pause)
  }

  /// Tries it under watch, lists its files, and thaws it as a trial.
  func complete(
    _ frozen: Manifest, in draft: Path, _ engine: Engine,
    _ report: @escaping (Freezing.Report) -> Void
  ) throws(EngineFailure) -> Manifest {
    let base = try Images.engine { () throws(EngineError) in
      try Running.base(frozen.base, engine)
    }
    return try Trial(
      name: name, recipe: try old.readRecipe(), base: base, checkpoint: draft, manifest: frozen
    ).complete(engine, tries: true, report)
  }

  /// Its memory becomes a file of its own, laid out as that of a freeze.
  private func lay(
    out manifest: inout Manifest, _ owners: [Int32: [KnownRange]], _ draft: Path,
    _ parent: Checkpoint, _ engine: Engine
  ) throws(EngineFailure) {
    let program = manifest.program
    let memory = FrozenMemory(recipe: try parent.readRecipe(), folder: draft)
    let images = draft / "images"
    try Images.engine { () throws(EngineError) in
      try attempt("laying the memory out", on: draft) { () throws(Errno) in
        try FileSystem.rename(images, to: memory.dump)
        try FileSystem.makeDirectory(images, mode: 0o700)
      }
    }
    let source = ServerContainer.memory(of: parent.path, parent.manifest).first?.source
    manifest.memory.note(
      try laidOut { () throws(MemoryError) in try memory.write(owners, memory: source) })
    try Images.engine { () throws(EngineError) in
      try attempt("laying the memory out", on: draft) { () throws(Errno) in
        let files = try FileSystem.list(images).map { images / $0 }
        let mapped = draft / MemoryFile.name
        for file in [images] + files + (FileSystem.exists(mapped) ? [mapped] : []) {
          try FileSystem.changeOwner(file, user: program.user, group: program.group)
        }
        // It is of the old one's pages.
        let set = draft / WorkingSet.name
        if FileSystem.exists(set) { try FileSystem.remove(set) }
      }
    }
  }

  /// A program that was replaced while it runs must not come back under the new one's digest.
  private func expectUnchanged(
    _ now: FileTable, since before: FileTable
  ) throws(EngineFailure) {
    for file in now.entries {
      guard let known = before.entries.first(where: { $0.path == file.path }),
        known.digest != file.digest, known.meaning == nil || known.meaning != file.meaning
      else { continue }
      throw refused(
        "\(file.path) was changed while it runs", fix: "`thaw refresh \(name)` freezes it anew")
    }
  }

  /// Where files may be that are nobody's data.
  private static let passing: [Path] = [
    "dev", "proc", "run", "sys", "tmp", "var/log", "var/run", "var/tmp",
  ]

  private func expectNothingWritten(
    _ draft: Path, _ parent: Checkpoint, _ engine: Engine
  ) throws(EngineFailure) {
    let temporary = try parent.readRecipe().temporary
    let passing =
      Self.passing + temporary.map { Path(String($0.string.drop { $0 == "/" })) }
    let root = try Running.rootfs(of: parent.manifest, engine) ?? .root
    let lower = [parent.files, root]
    var written: Path?
    do {
      guard FileSystem.exists(draft / "files") else { return }
      try FileSystem.walk(draft / "files") { path, status in
        guard written == nil, status.kind == .file, !passing.contains(where: { path.isInside($0) })
        else { return }
        let isKnown = try lower.contains { below in
          let before = try FileSystem.statusIfThere(below / path.string, followingLinks: false)
          return before.map { $0.size == status.size && $0.modified == status.modified } ?? false
        }
        if !isKnown { written = path }
      }
    } catch {
      throw .engine(EngineError(.failed, container, "looking at what it has written: \(error)"))
    }
    if let written {
      throw refused(
        "it has written /\(written) since it was thawed, and a file that it writes may be somebody's data",
        fix: "name its folder under `temporary` in the recipe if it is not")
    }
  }
}
