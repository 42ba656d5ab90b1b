import Checkpoint
import Linux
import Server

/// A server's files in a container's own layer and memory, kept with a hibernated checkpoint and put back before the thaw.
///
/// A new container does not have them. Kept are the temporary folders of the recipe and `/dev/shm` whole, what is the server's user's in `/run`, and of other files
/// those that the server has open and the image does not have as they are.
struct LayerFiles {
  /// The checkpoint's folder.
  let checkpoint: Path

  /// More is not kept: it would have to be written while the container is waited for.
  private static let limit: Int64 = 256 << 20

  private var kept: Path { checkpoint / "kept/layer" }
  private var list: Path { checkpoint / "kept/layer.json" }

  /// What was kept.
  private struct Table: Codable {
    /// Folders that are emptied first; the same number names the copy.
    var folders: [Path]
    /// Single files, by their path.
    var files: [Path]
  }

  /// Copies them, while the server stands still.
  func take(_ plan: InitPlan, openFiles: FileTable, parent: Manifest) throws {
    var table = Table(folders: [], files: [])
    var size: Int64 = 0
    let mounts = try Mount.table()
    for folder in plan.recipe.temporary + ["/dev/shm", "/run"] where FileSystem.exists(folder) {
      let names = try Self.names(in: folder, plan, mounts)
      let place = kept / String(table.folders.count)
      table.folders.append(folder)
      guard !names.isEmpty else { continue }
      try FileSystem.makeDirectory(place, mode: 0o700, parents: true)
      for name in names {
        size += try Self.size(of: folder / name)
        guard size <= Self.limit else { throw Self.tooMuch(folder) }
        try FileSystem.copyTree(from: folder / name, to: place / name)
      }
    }
    for entry in openFiles.entries where isOfLayer(entry, plan, table, mounts, parent) {
      size += entry.size
      guard size <= Self.limit else { throw Self.tooMuch(entry.path) }
      let place = kept / "files" / entry.path.string
      try FileSystem.makeDirectory(place.parent, mode: 0o700, parents: true)
      try FileSystem.copyTree(from: entry.path, to: place)
      table.files.append(entry.path)
    }
    try FileSystem.makeDirectory(kept.parent, mode: 0o700, parents: true)
    try FileSystem.writeFile(list, try JSONText.encode(table), mode: 0o644)
  }

  /// Makes them what they were.
  func put(_ plan: InitPlan) throws {
    guard FileSystem.exists(list) else { return }
    let table = try JSONText.decode(Table.self, from: try FileSystem.readFile(list))
    let mounts = try Mount.table()
    for (number, folder) in table.folders.enumerated() {
      let place = kept / String(number)
      let names = FileSystem.exists(place) ? try FileSystem.list(place) : []
      for name in try Self.names(in: folder, plan, mounts) {
        try FileSystem.removeTree(folder / name)
      }
      for name in names { try FileSystem.copyTree(from: place / name, to: folder / name) }
    }
    for file in table.files {
      try FileSystem.makeDirectory(file.parent, parents: true)
      if FileSystem.exists(file) { try FileSystem.remove(file) }
      try FileSystem.copyTree(from: kept / "files" / file.string, to: file)
    }
  }

  /// Whether an open file lies in the container's layer or memory, and is not the image's.
  private func isOfLayer(
    _ entry: FileTable.Entry, _ plan: InitPlan, _ table: Table, _ mounts: [MountEntry],
    _ parent: Manifest
  ) -> Bool {
    let ofHost = (plan.stop?.volumes ?? []) + (plan.stop?.besides ?? [])
    if ofHost.contains(where: { entry.path.isInside($0) }) { return false }
    let isElsewhere = table.folders.contains { entry.path.isInside($0) && $0 != "/run" }
    let isImages = parent.openFiles.entries.contains {
      $0.path == entry.path && $0.size == entry.size && $0.digest == entry.digest
    }
    guard !isElsewhere, !isImages, !entry.path.isInside(ImageHome.path) else { return false }
    return !DataVolume.holds(entry.path, in: mounts)
  }

  /// What is in a folder and is the server's.
  private static func names(
    in folder: Path, _ plan: InitPlan, _ mounts: [MountEntry]
  ) throws -> [String] {
    try FileSystem.list(folder).filter { name in
      // Logs and knowledge of CRIU's, and what the engines put there.
      if name.hasPrefix("criu") || name == "thaw" || name == "lost+found" { return false }
      if mounts.contains(where: { $0.target.isInside(folder / name) }) { return false }
      guard folder == "/run" else { return true }
      let status = try FileSystem.linkStatus(folder / name)
      return status.owner == plan.program.user && status.owner != 0
    }
  }

  private static func size(of path: Path) throws -> Int64 {
    let status = try FileSystem.linkStatus(path)
    guard status.kind == .directory else { return status.kind == .file ? status.size : 0 }
    var size: Int64 = 0
    try FileSystem.walk(path) { _, status in if status.kind == .file { size += status.size } }
    return size
  }

  private static func tooMuch(_ path: Path) -> InitFailure {
    InitFailure(
      .cannotHibernate, "\(path): the server has more than 256 MiB of files outside of its volumes",
      fix: "")
  }
}
