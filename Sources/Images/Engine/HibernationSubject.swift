import Checkpoint
import Lifecycle
import Linux
import Memory
import Server

extension Hibernating {
  /// A running container, held for a hibernation, with all that a checkpoint of it needs.
  struct Subject: ~Copyable {
    let record: ContainerRecord
    let folder: ContainerFolder
    let hibernation: Hibernation
    /// What the container was started from.
    let parent: Checkpoint
    /// What its server was thawed from: that, or what that falls back to.
    private let thawed: Checkpoint
    private let lock: FileLock

    /// Finds a container, and sees whether it may be hibernated.
    init(_ text: String, _ engine: Engine) throws(EngineFailure) {
      let found = try Images.engine { () throws(EngineError) in try Self.running(text, engine) }
      let (record, folder) = (found, engine.containers.folder(found.id))
      let lock = try Images.engine { () throws(EngineError) in
        try folder.lockForHibernation(record.name)
      }
      folder.forgetHibernation()
      let parent = try stored { () throws(CheckpointError) in
        try engine.checkpoints.find(record.checkpointID ?? record.checkpoint ?? "")
      }
      let thawed = try stored { () throws(CheckpointError) in
        guard record.tier == Manifest.Tier.warm.rawValue, parent.manifest.tier == .hot,
          let other = parent.manifest.fallback
        else { return parent }
        return try engine.checkpoints.find(other)
      }
      guard parent.manifest.processes.root != 1 else {
        throw .engine(
          EngineError(
            .failed, record.name,
            "its server is the PID 1 of a namespace of its own, which cannot be frozen again",
            fix: "it was imported so; freeze the server with `thaw freeze`"))
      }
      let plan = try Images.engine { () throws(EngineError) in try Self.plan(folder, engine) }
      self.hibernation = Hibernation(
        plan: plan, firstProcess: record.pid ?? 0,
        server: record.server ?? parent.manifest.processes.root, parent: thawed)
      self.record = record
      self.folder = folder
      self.parent = parent
      self.thawed = thawed
      self.lock = lock
    }

    /// Lets the container go.
    consuming func release() {}

    private static func running(
      _ text: String, _ engine: Engine
    ) throws(EngineError) -> ContainerRecord {
      let record = try engine.containers.find(text)
      guard record.state == .running, record.pid != nil, engine.containers.isRunning(record.id)
      else {
        throw EngineError(
          .notRunning, record.name, "it does not run: there is nothing to freeze",
          fix: "`thaw ps` shows what runs")
      }
      if let volume = record.volumes.first {
        throw EngineError(
          .volumeInUse, record.name,
          "it has \(volume.source) at \(volume.destination), and a checkpoint would not hold what is in it; "
            + "onto its volumes it cannot be hibernated, either",
          fix: "its log says why, unless it was started with --on-stop=stop; "
            + "end it with `thaw stop \(record.name)`, its data stays there")
      }
      return record
    }

    private static func plan(_ folder: ContainerFolder, _ engine: Engine) throws(EngineError)
      -> InitPlan
    {
      let file = folder.bundle / "plan.json"
      do {
        var plan = try JSONText.decode(InitPlan.self, from: try FileSystem.readFile(file))
        plan.criuPatience = engine.criuPatience
        return plan
      } catch {
        throw EngineError(
          .recordDamaged, file.string, JSONText.explain(error), fix: "stop the container")
      }
    }

    /// Freezes the server into a draft.
    ///
    /// - Parameters:
    ///   - draft: the draft's folder.
    ///   - change: what is set of the hibernation besides.
    ///   - cancel: a descriptor that becomes readable when the caller gives up.
    ///   - report: called when a part of the work begins.
    ///   - place: gets the manifest, while the server stands still; if it throws, the server goes on.
    /// - Returns: whose its memory is, if that was asked for.
    /// - Throws: why it could not be frozen; it then goes on.
    @discardableResult
    borrowing func freeze(
      into draft: Path, _ change: (inout Hibernation) -> Void, cancel: Int32,
      _ report: (Step) -> Void, place: (Manifest) throws -> Void
    ) throws(EngineFailure) -> [Int32: [KnownRange]] {
      var hibernation = hibernation
      change(&hibernation)
      let linkingFiles = !hibernation.leavesRunning
      do {
        try makeFolders(draft / "images", folder.hibernation)
        report(.dump)
        var isPlaced = false
        let owners = try hibernation.run(
          folder: draft, work: folder.hibernation, cancel: cancel
        ) { facts, milliseconds in
          report(.files)
          try place(
            try write(
              facts, dump: milliseconds, in: draft, linkingFiles: linkingFiles,
              listsContents: !hibernation.asksMemory))
          isPlaced = true
        }
        guard isPlaced else {
          throw EngineError(
            .failed, record.name, "CRIU did not say that the server stood still")
        }
        return owners
      } catch {
        switch error {
        case let error as EngineFailure: throw error
        case let error as EngineError: throw .engine(error)
        case let error as CheckpointError: throw .checkpoint(error)
        case let error as InitFailure: throw .server(error)
        case let error as Errno:
          throw .checkpoint(CheckpointError(error, trying: "writing the checkpoint", on: draft))
        default: throw .engine(EngineError(.failed, record.name, "\(error)"))
        }
      }
    }

    /// Makes folders that CRIU writes to as the server's user.
    borrowing func makeFolders(_ folders: Path...) throws(EngineError) {
      let program = hibernation.plan.program
      for path in folders {
        try attempt("making folders for the checkpoint", on: path) { () throws(Errno) in
          if FileSystem.exists(path) { try FileSystem.removeTree(path) }
          try FileSystem.makeDirectory(path, mode: 0o700)
          for one in [path.parent, path] where one != folder.path {
            try FileSystem.changeOwner(one, user: program.user, group: program.group)
          }
        }
      }
    }

    /// Writes all of the checkpoint but CRIU's images, while the server stands still.
    private borrowing func write(
      _ facts: FrozenFacts, dump: Double, in draft: Path, linkingFiles: Bool, listsContents: Bool
    ) throws -> Manifest {
      let plan = hibernation.plan
      try FileSystem.writeFile(draft / "recipe.json", try JSONText.encode(plan.recipe), mode: 0o644)
      for name in try FileSystem.list(draft / "images") {
        // What was rewritten is root's, and a thaw reads it as the server's user.
        try FileSystem.changeOwner(
          draft / "images" / name, user: plan.program.user, group: plan.program.group)
      }
      // On this machine's own file system the upper layer began as a copy of the files.
      let isOverlaid = parent.manifest.base.reference != nil && FileSystem.exists(parent.files)
      try FileSystem.mergeLayers(
        upper: folder.upper, lower: isOverlaid ? parent.files : nil, to: draft / "files",
        linkingUpper: linkingFiles)
      try inherit(in: draft)
      let before = parent.manifest
      var history = before.history
      history.dump = dump
      history.trialThaw = nil
      history.container = record.name
      history.parent = parent.id
      var manifest = Manifest(
        created: Clock.wall(), server: before.server, tier: .hot, program: plan.program,
        base: before.base, facts: facts, ports: before.ports, data: before.data,
        // What is laid out anew is listed when that is done: the server need not stand still for it.
        contents: listsContents
          ? try Checkpoint.contents(of: draft, known: known(in: draft)) : [],
        history: history)
      manifest.maxAge = before.maxAge
      manifest.fallback = before.tier == .warm ? parent.id : before.fallback
      return manifest
    }

    /// Takes over what the parent knows: of the kernel, of its memory file.
    private borrowing func inherit(in draft: Path) throws(Errno) {
      for name in ["criu.kdat", MemoryReport.name, WorkingSet.name] {
        let file = thawed.path / name
        if FileSystem.exists(file) { try FileSystem.copyTree(from: file, to: draft / name) }
      }
    }

    /// The digests of files that are the parent's, by another name of the same inode.
    private borrowing func known(in draft: Path) -> [Path: Digest] {
      var known: [Path: Digest] = [:]
      for content in parent.manifest.contents where content.path.isInside("files") {
        // One that the server removed or changed is not the same.
        guard let ours = try? FileSystem.linkStatus(draft / content.path.string), ours.links > 1,
          let theirs = try? FileSystem.linkStatus(parent.path / content.path.string),
          theirs.inode == ours.inode, theirs.device == ours.device
        else { continue }
        known[content.path] = content.digest
      }
      return known
    }
  }
}
