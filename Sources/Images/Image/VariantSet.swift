import Checkpoint
import Lifecycle
import Linux
import Server

/// A checkpoint of a running server that an image has besides its main one.
struct ImageVariant {
  let name: String
  let checkpoint: Checkpoint
  let recipe: Recipe
}

extension ImageVariant {
  /// Finds and verifies it.
  init(_ asked: Building.Variant, _ engine: Engine) throws(EngineFailure) {
    name = asked.name
    checkpoint = try stored { () throws(CheckpointError) in
      try Checkpoint.open(try engine.checkpoints.find(asked.checkpoint).path)
    }
    recipe = try checkpoint.readRecipe()
  }
}

/// The checkpoints that come into one image: whether they can, and what of each is kept where.
struct VariantSet {
  let main: Checkpoint
  /// What the main one is called.
  let name: String
  let recipe: Recipe
  let fallback: Checkpoint?
  let variants: [ImageVariant]
  /// The unpacked base.
  let rootfs: Path

  /// Throws where an image of them all would have one that is never thawed, or whose server meets another's files.
  func check() throws(EngineError) {
    for one in variants {
      guard variants.count(where: { $0.name == one.name }) == 1, one.name != name else {
        throw unfit(one.name, "is there twice", fix: "give each checkpoint once")
      }
      try check(one)
    }
    let record = record { _ in FileTable() }
    for one in record.variants ?? [] { try checkIsAskedFor(one, record) }
  }

  /// Makes sure that there is a container in which it is the one that is thawed.
  private func checkIsAskedFor(
    _ one: ImageRecord.Variant, _ record: ImageRecord
  ) throws(EngineError) {
    let program = one.program
    let choice = VariantChoice(
      record,
      .init(
        arguments: Array(program.words.dropFirst(recipe.server.command.count)),
        // A container can be given variables, but not be without those of its image.
        environment: record.program.environment.merging(program.environment) { $1 },
        workingDirectory: program.workingDirectory, user: program.user, group: program.group)
    ) { one.host ?? main.manifest.host }
    let first = choice.options[0].variant
    guard first.name != one.name else { return }
    if let why = choice.options.first(where: { $0.variant.name == one.name })?.misfit {
      throw unfit(one.name, "no container could ask for it: \(why)", fix: "leave it out")
    }
    throw unfit(
      one.name,
      "would never be thawed: \(first.name) is for the same arguments, variables and processors",
      fix: "leave one of them out")
  }

  private func check(_ one: ImageVariant) throws(EngineError) {
    let (mine, its) = (main.manifest, one.checkpoint.manifest)
    guard its.tier == .hot, mine.tier == .hot else {
      throw unfit(
        one.name, "one of both was frozen before its main, which is for any request anyhow",
        fix: "give checkpoints of running servers; what they fall back to comes along")
    }
    guard its.base.digest != nil, its.base.digest == mine.base.digest else {
      throw unfit(
        one.name,
        "was frozen on \(its.base.reference ?? "this machine's own files"), \(name) on "
          + "\(mine.base.reference ?? "this machine's own files"), which was another image then",
        fix: "freeze both on the same image")
    }
    guard its.program.user == mine.program.user, its.program.group == mine.program.group else {
      throw unfit(one.name, "was frozen as another user", fix: "freeze both as the same user")
    }
    guard one.recipe.data == recipe.data, one.recipe.temporary == recipe.temporary else {
      throw unfit(
        one.name, "has other folders for data or temporary files",
        fix: "freeze both by recipes with the same ones")
    }
  }

  private func unfit(_ name: String, _ what: String, fix: String) -> EngineError {
    EngineError(.failed, "variant \(name)", what, fix: fix)
  }

  /// The data and temporary folders as a server left them.
  func folders(of checkpoint: Checkpoint) throws -> MergedTree {
    try MergedTree(recipe.data + recipe.temporary, base: rootfs, layer: checkpoint.files)
  }

  /// What the image says of itself; `data` gives the files in a checkpoint's data folders.
  func record(_ data: (Checkpoint) throws -> FileTable) rethrows -> ImageRecord {
    var record = ImageRecord(
      recipe: recipe, program: main.manifest.program, data: try data(main))
    record.tier = main.manifest.tier
    guard !variants.isEmpty else { return record }
    record.host = main.manifest.host
    record.name = name
    record.variants = try variants.map { one in
      let manifest = one.checkpoint.manifest
      return ImageRecord.Variant(
        name: one.name, program: manifest.program, host: manifest.host,
        data: try data(one.checkpoint), recipe: one.recipe)
    }
    return record
  }

  /// The data folders' files with their digests.
  func table(of checkpoint: Checkpoint) throws -> FileTable {
    var entries: [FileTable.Entry] = []
    for (path, entry) in try folders(of: checkpoint).entries where entry.status.kind == .file {
      guard recipe.data.contains(where: { path.isInside($0) }) else { continue }
      entries.append(
        FileTable.Entry(
          path: path, size: entry.status.size, modified: entry.status.modified,
          changed: entry.status.changed, inode: entry.status.inode,
          digest: try Digest(ofFile: entry.source)))
    }
    return FileTable(entries)
  }

  /// What a variant's server wrote outside of its data and temporary folders, by the path from the root on: the image has it
  /// below what the main one wrote.
  ///
  /// Throws if it changed what the main one has, too: one file cannot be two.
  func newFiles(of one: ImageVariant) throws -> Set<Path> {
    let own = recipe.data + recipe.temporary
    var new: Set<Path> = []
    var found: [(Path, FileStatus)] = []
    try FileSystem.walk(one.checkpoint.files) { found.append(($0, $1)) }
    for (name, status) in found where !CheckpointLayers.isEngines(name, status) {
      let path = .root / name.string
      if own.contains(where: { path.isInside($0) }) { continue }
      let source = one.checkpoint.files / name.string
      let hides = status.kind == .character && status.specialDevice == 0
      let isOpaque = try status.kind == .directory && FileSystem.isOpaque(source)
      guard let other = try placed(name) else {
        if hides { continue }
        new.insert(name)
        continue
      }
      let isFolder = status.kind == .directory && other.status.kind == .directory
      if !isOpaque, try isFolder || isSame(source, status, other) { continue }
      throw unfit(
        one.name,
        "its server \(hides ? "removed" : "wrote") \(path), which \(self.name) has otherwise",
        fix: path.isInside(ImageHome.path)
          ? "have both frozen by one `thaw build` of a recipe with variants, or by `thaw freeze`"
          : "name its folder under `temporary` in the recipe")
    }
    return new
  }

  /// The file that the main server sees at a path.
  private func placed(_ name: Path) throws -> (path: Path, status: FileStatus)? {
    for layer in [main.files, fallback?.files, rootfs].compactMap(\.self) {
      let path = layer / name.string
      guard let status = try FileSystem.statusIfThere(path, followingLinks: false) else { continue }
      return status.kind == .character && status.specialDevice == 0 ? nil : (path, status)
    }
    return nil
  }

  private func isSame(
    _ source: Path, _ status: FileStatus, _ other: (path: Path, status: FileStatus)
  ) throws -> Bool {
    guard status.kind == other.status.kind else { return false }
    if (status.device, status.inode) == (other.status.device, other.status.inode) { return true }
    switch status.kind {
    case .symbolicLink:
      return try FileSystem.readLink(source) == FileSystem.readLink(other.path)
    case .file:
      return try status.size == other.status.size
        && Digest(ofFile: source) == Digest(ofFile: other.path)
    default: return true
    }
  }
}
