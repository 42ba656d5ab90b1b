import Linux

/// One checkpoint of an archive on its way into a draft: each member is checked before it is made,
/// each file while it is written.
struct Unpacking {
  /// The draft's folder, which nobody else writes to.
  let folder: Path
  let id: String
  let manifest: Manifest
  /// What the archive is called in errors.
  let archive: String

  private let contents: [String: Manifest.Content]
  /// The contents that have come.
  private var done: Set<String> = []
  /// The folders that have come; only in these anything is made, so no link leads out.
  private var folders: [String: TarMember]

  /// Begins with the first two members: the checkpoint's folder and its manifest.
  init(
    into folder: Path, id: String, root: TarMember, manifest: Manifest, archive: String
  ) throws(CheckpointError) {
    self.folder = folder
    self.id = id
    self.manifest = manifest
    self.archive = archive
    contents = Dictionary(manifest.contents.map { ($0.path.string, $0) }) { first, _ in first }
    folders = ["": root]
  }

  /// Makes what a member describes; `content` gives its bytes.
  mutating func take(
    _ member: TarMember,
    content: ((UnsafeRawBufferPointer) throws(CheckpointError) -> Void) throws(CheckpointError) ->
      Void
  ) throws(CheckpointError) {
    let path = try relative(member.path)
    let parent = Path(path).parent.string
    guard folders[parent == "." ? "" : parent] != nil else {
      throw damaged("'\(path)' comes before its folder")
    }
    let target = folder / path
    let isServers = ArchiveIndex.isServers(Path(path))
    switch member.kind {
    case .directory:
      try make(target) { () throws(Errno) in try FileSystem.makeDirectory(target, mode: 0o700) }
      folders[path] = member
      return
    case .file(let size):
      let expected = try expect(path)
      guard size == expected.size else {
        throw damaged("'\(path)' has \(size) bytes, the checkpoint's has \(expected.size)")
      }
      try write(expected, to: target, content)
    case .hardLink(let link):
      let expected = try expect(path)
      let source = try relative(link)
      guard isServers, done.contains(source), contents[source]?.digest == expected.digest else {
        throw damaged("'\(path)' is not what the checkpoint has there")
      }
      let first = folder / source
      try make(target) { () throws(Errno) in try FileSystem.link(first, to: target) }
      done.insert(path)
      return
    case .symbolicLink, .whiteout, .fifo, .socket:
      guard isServers, contents[path] == nil else {
        throw damaged("'\(path)' is no part of the checkpoint")
      }
      try make(target) { () throws(Errno) in try Self.makeSpecial(member.kind, target) }
    }
    try make(target) { () throws(Errno) in try Self.dress(target, member) }
    done.insert(path)
  }

  /// Gives folders what they had, makes sure that nothing is missing, and vouches for the digests.
  mutating func finish() throws(CheckpointError) {
    if let missing = manifest.contents.first(where: { !done.contains($0.path.string) }) {
      throw damaged("'\(missing.path)' is missing in it")
    }
    // The innermost first: a folder's times change with what is made in it.
    for (path, member) in folders.sorted(by: { $0.key > $1.key }) {
      let target = folder / path
      try make(target) { () throws(Errno) in try Self.dress(target, member) }
    }
    let digests = Dictionary(manifest.contents.map { ($0.path, $0.digest) }) { first, _ in first }
    _ = try Checkpoint.contents(of: folder, known: digests)
  }

  /// A member's path within the checkpoint's folder.
  private func relative(_ path: String) throws(CheckpointError) -> String {
    let names = path.split(separator: "/", omittingEmptySubsequences: false)
    guard names.count >= 2, names[0] == id,
      names.allSatisfy({ !$0.isEmpty && $0 != "." && $0 != ".." })
    else { throw damaged("'\(path.prefix(200))' is no part of a checkpoint") }
    return names.dropFirst().joined(separator: "/")
  }

  private func expect(_ path: String) throws(CheckpointError) -> Manifest.Content {
    guard let content = contents[path], !done.contains(path) else {
      throw damaged("'\(path)' is no part of the checkpoint")
    }
    return content
  }

  /// Writes a file, zeros as holes, and compares its digest.
  private func write(
    _ expected: Manifest.Content, to target: Path,
    _ content: ((UnsafeRawBufferPointer) throws(CheckpointError) -> Void) throws(CheckpointError) ->
      Void
  ) throws(CheckpointError) {
    let file = try attempt("writing the checkpoint", on: target) { () throws(Errno) in
      try Descriptor.open(target, .writeOnly, [.create, .exclusive, .noFollow], mode: 0o600)
    }
    var hash = RunningDigest()
    var position: Int64 = 0
    try content { (piece) throws(CheckpointError) in
      hash.update(piece.bytes)
      try attempt("writing the checkpoint", on: target) { () throws(Errno) in
        for run in piece.runs(ofBlocks: 4096) {
          try file.writeAll(
            UnsafeRawBufferPointer(rebasing: piece[run]), at: position + Int64(run.lowerBound))
        }
      }
      position += Int64(piece.count)
    }
    guard hash.finish() == expected.digest else {
      throw damaged("'\(expected.path)' has another content than at the freeze")
    }
    try attempt("writing the checkpoint", on: target) { () throws(Errno) in
      try file.truncate(to: expected.size)
    }
  }

  private static func makeSpecial(_ kind: TarMember.Kind, _ path: Path) throws(Errno) {
    switch kind {
    case .symbolicLink(let text): try FileSystem.symbolicLink(at: path, to: text)
    case .whiteout: try FileSystem.makeNode(path, kind: .character)
    case .fifo: try FileSystem.makeFIFO(path)
    case .socket: try FileSystem.makeNode(path, kind: .socket)
    case .file, .hardLink, .directory: throw .invalid
    }
  }

  /// Owner first, because a change of it clears mode bits and attributes; times last.
  private static func dress(_ path: Path, _ member: TarMember) throws(Errno) {
    let status = try FileSystem.linkStatus(path)
    if status.owner != member.owner || status.group != member.group {
      try FileSystem.changeOwner(path, user: member.owner, group: member.group)
    }
    for (name, value) in member.attributes.sorted(by: { $0.key < $1.key }) {
      try FileSystem.setAttribute(path, name, value)
    }
    if status.kind != .symbolicLink { try FileSystem.changeMode(path, member.mode) }
    try FileSystem.setTimes(path, modified: member.modified)
  }

  private func make(_ target: Path, _ body: () throws(Errno) -> Void) throws(CheckpointError) {
    do throws(Errno) {
      try body()
    } catch {
      if error == .exists { throw damaged("'\(target.lastComponent)' is in it twice") }
      throw CheckpointError(error, trying: "making a file of the checkpoint", on: target)
    }
  }

  private func damaged(_ what: String) -> CheckpointError {
    CheckpointError(
      .damaged, archive, what, fix: "copy it again, or save the checkpoint again")
  }
}
