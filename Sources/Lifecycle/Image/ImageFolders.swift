import Checkpoint
import Linux
import Server

/// The data and temporary folders of a server in a container of its image: filled where they are empty, compared with
/// what was frozen, locked.
struct ImageFolders: ~Copyable {
  /// Data folders whose content is not what it was when the server was frozen.
  private(set) var foreign: [Path] = []
  /// Data folders that are empty and would be filled.
  private(set) var unfilled: [Path] = []
  /// A data folder that another server runs on.
  private(set) var taken: Path?
  private var locks: [DataFolder.HeldLock] = []

  /// Looks at all of them, as the calling thread's user; without `fills` nothing is changed, and an empty one counts as one
  /// that would be filled.
  ///
  /// `variant` is the checkpoint whose data they are filled with and compared with: memory of no other is thawed onto them.
  /// Whatever cannot be written or read is left as it is: the server that is started then says what it lacks. Data that
  /// cannot be compared is foreign.
  init(_ record: ImageRecord, _ variant: ImageRecord.Variant, fills: Bool = true) {
    if fills {
      for folder in record.recipe.temporary {
        Self.fill(temporary: folder, from: variant.seed, replaces: !variant.isMain)
      }
    }
    for folder in record.recipe.data {
      do throws(Errno) {
        guard let lock = try DataFolder(folder).lock() else {
          taken = folder
          return
        }
        locks.append(lock)
      } catch {
        // A folder that cannot be written has no second writer, either.
      }
      // What was filled is what was frozen: it need not be read again.
      if fills {
        // What cannot be filled is empty, and no longer what was frozen: found when it is compared.
        if (try? DataFolder(folder).fill(from: [variant.seed / folder.string])) == true { continue }
      } else if (try? DataFolder(folder).names().isEmpty) == true {
        unfilled.append(folder)
        continue
      }
      // An entry that cannot be read is not what it was.
      if (try? Self.isAsFrozen(folder, variant.data)) != true { foreign.append(folder) }
    }
    if fills, let first = record.recipe.data.first { Self.show(in: first) }
  }

  /// Fills a folder in memory, such as a tmpfs on /tmp, if it is empty.
  ///
  /// With `replaces` what is there and was another's when that was frozen is replaced: the image's own layers have the files of
  /// its main checkpoint.
  static func fill(temporary folder: Path, from seed: Path, replaces: Bool) {
    let seed = seed / folder.string
    // What of it the server had open and is not there now is found when its open files are compared.
    guard let names = try? FileSystem.list(seed), let inside = try? FileSystem.list(folder),
      inside.isEmpty || replaces
    else { return }
    for name in names {
      if replaces, FileSystem.exists(folder / name) { try? FileSystem.removeTree(folder / name) }
      try? FileSystem.copyTree(from: seed / name, to: folder / name)
    }
  }

  /// Whether a folder has exactly the files that it had, with the same content.
  ///
  /// Neither times nor inode numbers count, which no copy keeps: contents are read. What is in an image is small, since it
  /// was made before anybody used the server.
  static func isAsFrozen(_ folder: Path, _ table: FileTable) throws -> Bool {
    let wanted = table.entries.filter { $0.path.isInside(folder) }
    var found: [Path: Int64] = [:]
    for name in try DataFolder(folder).names() {
      let path = folder / name
      let status = try FileSystem.linkStatus(path)
      if status.kind == .file { found[path] = status.size }
      guard status.kind == .directory else { continue }
      try FileSystem.walk(path) { inner, status in
        if status.kind == .file { found[path / inner.string] = status.size }
      }
    }
    guard found.count == wanted.count else { return false }
    for entry in wanted where found[entry.path] != entry.size { return false }
    for entry in wanted where try Digest(ofFile: entry.path) != entry.digest { return false }
    return true
  }

  /// Makes the checkpoint seen where the volume's users look for it.
  private static func show(in folder: Path) {
    let link = folder / ImageHome.linkName
    guard !FileSystem.exists(link) else { return }
    // It is there for people only.
    try? FileSystem.symbolicLink(at: link, to: ImageHome.checkpoint)
  }
}
