import Linux

/// A look at the files of a checkpoint: each is compared with what was recorded of it, and is read
/// where that does not tell.
struct Verification {
  let checkpoint: Checkpoint
  /// What to go by; nil: every file is read.
  var record: Verified?
  /// Files larger than this are not read; they must have their size.
  var limit = Int64.max
  /// The only file that is of interest; nil: all are.
  var only: Path?

  private typealias Seen = (content: Manifest.Content, status: FileStatus)

  /// Looks at all files and tells what is not as the manifest says; then, if all is well and files
  /// were read, records what they are now.
  func run(
    _ progress: Reading.Progress,
    found: (FileTable.Change) throws(CheckpointError) -> Void
  ) throws(CheckpointError) {
    var isWhole = true
    if let change = try manifestChange() {
      isWhole = false
      try found(change)
    }
    var (seen, unknown): ([Seen], [Manifest.Content]) = ([], [])
    for content in checkpoint.manifest.contents {
      let file = checkpoint.path / content.path.string
      let status = try attempt("looking at a file of the checkpoint", on: file) {
        () throws(Errno) in try FileSystem.statusIfThere(file, followingLinks: false)
      }
      if let only, content.path != only {
        // What was known of it stays known.
        if let status, record?.knows(content, status) == true { seen.append((content, status)) }
        continue
      }
      if let what = Self.change(of: content, status) {
        isWhole = false
        try found(.init(path: file, what: what))
      } else if let status, record?.knows(content, status) == true {
        seen.append((content, status))
      } else if content.size <= limit {
        unknown.append(content)
      }
    }
    var reading = Reading(total: unknown.reduce(0) { $0 + $1.size })
    for content in unknown {
      let file = checkpoint.path / content.path.string
      reading.path = content.path
      let witness = try attempt("reading a file of the checkpoint", on: file) {
        () throws(Errno) in
        try Witness(reading: file) { (count) throws(Errno) in
          reading.done += count
          try progress(reading)
        }
      }
      if witness.digest != content.digest {
        isWhole = false
        try found(.init(path: file, what: "has another content than at the freeze"))
      } else if let status = witness.status {
        seen.append((content, status))
      }
    }
    guard isWhole, !unknown.isEmpty else { return }
    // Where the folder cannot be written, as in a container, files are read again the next time.
    try? Self.record(seen, in: checkpoint.path)
  }

  /// What is wrong with a file, as far as its status tells.
  private static func change(of content: Manifest.Content, _ status: FileStatus?) -> String? {
    guard let status else { return "is missing" }
    guard status.kind == .file else { return "is no regular file" }
    guard status.size == content.size else {
      return "has \(status.size) bytes, had \(content.size)"
    }
    return nil
  }

  /// Whether the manifest is the one that the folder is named after, where it is named after one.
  private func manifestChange() throws(CheckpointError) -> FileTable.Change? {
    guard Digest(checkpoint.id) != nil else { return nil }
    let file = checkpoint.path / "manifest.json"
    let digest = try attempt("reading the manifest", on: file) { () throws(Errno) in
      try FileSystem.statusIfThere(file, followingLinks: false) == nil
        ? nil : try Digest(ofFile: file)
    }
    guard digest?.hexadecimal != checkpoint.id else { return nil }
    return .init(path: file, what: "is not the manifest that the checkpoint was named after")
  }

  private static func record(
    _ files: [Seen], in folder: Path, durable: Bool = true
  ) throws(Errno) {
    try FileSystem.writeFile(
      folder / Verified.name, Array(Verified.text(files).utf8), mode: 0o644,
      durable: durable)
  }

  /// Digests the files of a checkpoint in the making and records what they are.
  static func contents(
    of folder: Path, known: [Path: Digest], leavingOut: Set<String>
  ) throws -> [Manifest.Content] {
    var files: [Seen] = []
    var contents: [Manifest.Content] = []
    try FileSystem.walk(folder) { path, status in
      guard status.kind == .file, !leavingOut.contains(path.string) else { return }
      let file = folder / path.string
      let witness =
        if let digest = known[path] {
          try Witness(vouchingFor: digest, of: file)
        } else {
          try Witness(reading: file)
        }
      let content = Manifest.Content(path: path, size: status.size, digest: witness.digest)
      contents.append(content)
      if let status = witness.status { files.append((content, status)) }
    }
    try record(files, in: folder, durable: false)
    return contents.sorted { $0.path < $1.path }
  }
}

/// A file's digest, with the status that the file had before it was read.
private struct Witness {
  let digest: Digest
  /// Nil if a later change could leave it as it is.
  let status: FileStatus?

  init(reading file: Path, _ progress: (Int64) throws(Errno) -> Void = { _ in }) throws(Errno) {
    status = try Self.settledStatus(file)
    digest = try Digest(ofFile: file, progress: progress)
  }

  init(vouchingFor digest: Digest, of file: Path) throws(Errno) {
    status = try Self.settledStatus(file)
    self.digest = digest
  }

  /// The status of a file whose times lie before the kernel's current tick, so that every change
  /// from now on shows in them.
  ///
  /// Times have the tick of the kernel's clock, 1 to 10 ms: a file that was just written is waited
  /// for. One whose times lie in the future, from a clock that was set back, is not.
  private static func settledStatus(_ file: Path) throws(Errno) -> FileStatus? {
    let deadline = Deadline.after(.milliseconds(50))
    while true {
      let tick = Clock.coarseWall()
      let status = try FileSystem.status(file)
      if max(status.changed, status.modified) < tick { return status }
      if deadline.hasPassed { return nil }
      Deadline.after(.milliseconds(1)).pass()
    }
  }
}
