import CRIU
package import Checkpoint
import Lifecycle
package import Linux
import Memory
package import Server

/// Makes a checkpoint of a dump that Thaw did not make: of CRIU's own, podman's or runc's.
///
/// The images are rewritten for a container of Thaw's; what cannot be thawed in one is told before anything is tried.
package struct Importing: Sendable {
  /// The folder of images, or podman's archive.
  package var source: Path
  /// The checkpoint's name.
  package var name: String
  /// The image under the server; nil: this machine's own file system.
  package var image: String?
  /// A folder with what the server wrote above that; nil: what the archive has.
  package var files: Path?
  /// What shows that it serves; none: the first port that it listens on.
  package var ready: [Probe] = []
  /// Whether capabilities are taken away from it.
  package var confines = false
  /// How its memory comes back.
  package var memory = Recipe.MemoryRule.map
  /// Whether the checkpoint is thawed once before it is kept.
  package var tries = true

  package init(_ source: Path, name: String) {
    self.source = source
    self.name = name
  }

  /// Does it; signals that end this process must be blocked, and end the trial instead.
  package func run(
    _ engine: Engine, report: @escaping (Freezing.Report) -> Void
  ) throws(EngineFailure) -> Checkpoint {
    try engine.makeCheckpoint(named: name) { (path) throws(EngineFailure) in
      try make(engine, in: path, report)
    }
  }

  private func make(
    _ engine: Engine, in draft: Path, _ report: @escaping (Freezing.Report) -> Void
  ) throws(EngineFailure) -> Manifest {
    report(.step(.fetching))
    let told = try Images.engine { () throws(EngineError) in
      try ImportSource(path: source, draft: draft).fetch()
    }
    report(.step(.reading))
    let foreign = try damaged { try ForeignImages(path: draft / "dump") }
    let base = try base(foreign, told, engine)
    let program = try damaged { try foreign.program() }
    let layers = try layers(draft, base.folder.path)
    try refuse(
      try damaged { try foreign.obstacles(confining: confines) + changes(foreign, layers) })
    for note in try damaged({ try foreign.notes() }) { report(.note(note)) }
    var recipe = Recipe(
      name: name, command: program.words, ready: ready.isEmpty ? Self.probes(foreign.ports) : ready,
      user: Recipe.User("\(program.user):\(program.group)") ?? .root,
      ports: foreign.ports.map { Recipe.Port($0) })
    // PID 1 of a namespace of its own has other numbers outside: its trial could not be watched.
    recipe.memory = foreign.isFirst ? .copy : memory
    let manifest = try damaged {
      let facts = try foreign.facts(
        criu: try criu(engine), openFiles: try openFiles(foreign, layers))
      try foreign.mend(confining: confines, root: layers.last ?? .root)
      return try write(facts, recipe, program, base.manifest, draft)
    }
    return try Trial(
      name: name, recipe: recipe, base: base.folder, checkpoint: draft, manifest: manifest
    ).complete(engine, tries: tries, report)
  }

  /// Writes all but what the trials find out.
  private func write(
    _ facts: FrozenFacts, _ recipe: Recipe, _ program: Manifest.Program, _ base: Manifest.Base,
    _ draft: Path
  ) throws -> Manifest {
    var facts = facts
    try FileSystem.makeDirectory(draft / "images", mode: 0o700)
    facts.memory.note(try FrozenMemory(recipe: recipe, folder: draft).write())
    // PID 1 and CRIU read them as the server's user.
    try FileSystem.changeOwner(draft, user: program.user, group: program.group)
    for file in [draft / "images", draft / MemoryFile.name] where FileSystem.exists(file) {
      try FileSystem.changeOwner(file, user: program.user, group: program.group)
    }
    for name in try FileSystem.list(draft / "images") {
      try FileSystem.changeOwner(
        draft / "images" / name, user: program.user, group: program.group)
    }
    try FileSystem.writeFile(draft / "recipe.json", try JSONText.encode(recipe), mode: 0o644)
    return Manifest(
      created: Clock.wall(), server: recipe.name, tier: .hot, program: program, base: base,
      facts: facts, ports: recipe.ports.map(\.number), data: [], contents: [],
      history: Manifest.History(coldStart: 0, warmUp: 0, warmUpSteps: [], dump: 0))
  }

  /// The first port that it listens on shows that it serves.
  private static func probes(_ ports: [UInt16]) -> [Probe] {
    // A number is always a port.
    ports.prefix(1).compactMap { try? Probe(url: "tcp://127.0.0.1:\($0)") }
  }

  private func criu(_ engine: Engine) throws -> Manifest.CRIUFacts {
    let installation = Installation(bundle: engine.bundle.path)
    let version = try Client(installation).requireVersion(deadline: .after(.seconds(20)))
    return Manifest.CRIUFacts(
      version: "\(version)", build: try Manifest.CRIUFacts.build(of: engine.bundle.criu / "criu"))
  }
}

extension Importing {
  /// The file system under the server.
  private struct Base {
    var manifest: Manifest.Base
    var folder: ServerContainer.BaseFolder
  }

  private func base(
    _ foreign: ForeignImages, _ told: String?, _ engine: Engine
  ) throws(EngineFailure) -> Base {
    guard let image else {
      guard foreign.isContained else {
        return Base(manifest: .init(reference: nil, digest: nil), folder: .host)
      }
      let example = told.map { "--image containers-storage:\($0)" } ?? "--image rootfs:/folder"
      throw .engine(
        EngineError(
          .imageNotFound, source.string,
          "it comes from a container with a root file system of its own, which is not in the dump",
          fix: "name the image that the container was made of, such as \(example)"))
    }
    let unpacked = try Images.engine { () throws(EngineError) in try engine.images.resolve(image) }
    guard case .image(let reference, let digest) = unpacked.base else {
      return Base(manifest: .init(reference: nil, digest: nil), folder: .host)
    }
    return Base(
      manifest: .init(reference: reference, digest: digest), folder: .folder(unpacked.rootfs))
  }

  /// Where the server's files are looked for, the top first.
  private func layers(_ draft: Path, _ base: Path?) throws(EngineFailure) -> [Path] {
    let own = draft / "files"
    try Images.engine { () throws(EngineError) in
      try attempt("taking over what the server wrote", on: files ?? own) { () throws(Errno) in
        if let files {
          if FileSystem.exists(own) { try FileSystem.removeTree(own) }
          try FileSystem.copyTree(from: files, to: own)
        } else if !FileSystem.exists(own) {
          try FileSystem.makeDirectory(own, mode: 0o755)
        }
      }
    }
    return [own, base ?? .root]
  }

  private func place(of path: String, _ layers: [Path]) -> Path? {
    layers.first { FileSystem.exists($0 / path) }
  }

  /// Files that are not what they were: CRIU would refuse them one by one.
  private func changes(
    _ foreign: ForeignImages, _ layers: [Path]
  ) throws -> [ForeignImages.Obstacle] {
    let appends: UInt32 = 0o2001
    var found: [ForeignImages.Obstacle] = []
    for file in try foreign.neededFiles() {
      guard let layer = place(of: file.path, layers) else {
        found.append(
          .init(what: "\(file.path) is not there", fix: "give what it wrote with --files"))
        continue
      }
      let size = UInt64(try FileSystem.status(layer / file.path).size)
      guard let wanted = file.size, wanted != size, file.flags & 0o2003 != appends else { continue }
      found.append(
        .init(what: "\(file.path) has \(size) bytes, and had \(wanted) at the dump", fix: ""))
    }
    return found
  }

  private func openFiles(
    _ foreign: ForeignImages, _ layers: [Path]
  ) throws -> FileTable {
    var entries: [FileTable.Entry] = []
    let needed = try foreign.neededFiles().map(\.path)
    for layer in layers {
      let paths = needed.filter { place(of: $0, layers) == layer }
      entries += try FileTable.taken(of: paths.map { Path($0) }, below: layer, digesting: true)
        .entries
    }
    return FileTable(entries)
  }

  private func refuse(_ obstacles: [ForeignImages.Obstacle]) throws(EngineFailure) {
    guard !obstacles.isEmpty else { return }
    let list = obstacles.prefix(12).map { "\n  - \($0)" }.joined()
    let more = obstacles.count > 12 ? "\n  and \(obstacles.count - 12) more" : ""
    throw .checkpoint(
      CheckpointError(
        .failed, source.string, "it cannot be thawed in a container of Thaw's:\(list)\(more)",
        fix: ""))
  }

  /// Lets out whatever reading or rewriting the images met.
  private func damaged<Value>(_ body: () throws -> Value) throws(EngineFailure) -> Value {
    do {
      return try body()
    } catch let error as EngineFailure {
      throw error
    } catch let error as InitFailure {
      throw .server(error)
    } catch let error as MemoryError {
      throw .checkpoint(
        CheckpointError(
          error.code == .diskFull ? .diskFull : .failed, error.subject, error.cause, fix: ""))
    } catch let error as Errno {
      throw .checkpoint(CheckpointError(error, trying: "importing", on: source))
    } catch {
      throw .checkpoint(CheckpointError(.failed, source.string, "\(error)", fix: ""))
    }
  }
}
