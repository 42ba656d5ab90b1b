package import Linux

/// A layer of a container image: a tar archive, compressed with zstd, with the digests that an image names it by.
///
/// The same files in the same order give the same bytes. Holes are written as zeros, as every engine would lay them out.
package struct LayerArchive: ~Copyable {
  /// Whose a member is, and when it was made.
  package struct Attributes: Sendable {
    package var mode: FileMode
    package var owner: UInt32
    package var group: UInt32
    package var modified: Timestamp
    /// Extended attributes.
    package var extended: [String: [UInt8]] = [:]

    package init(mode: FileMode, owner: UInt32 = 0, group: UInt32 = 0, modified: Timestamp) {
      self.mode = mode
      self.owner = owner
      self.group = group
      self.modified = modified
    }
  }

  /// A finished layer.
  package struct Layer: Sendable, Hashable {
    /// The digest of the compressed file, by which it is stored and pulled.
    package var digest: Digest
    /// The digest of the tar archive in it.
    package var content: Digest
    /// The bytes of the compressed file.
    package var size: Int64
  }

  /// What folders are that the layers below have: a layer that names a file and not its folder would
  /// have it made anew, with another mode and owner.
  package typealias Below = (_ folder: String) throws(Errno) -> Attributes?

  private let path: Path
  private let below: Below
  private var known: Set<String> = []
  private var output: Compressor
  private var content = RunningDigest()

  /// Begins a layer in a file, which must not be there yet; `below` is asked for the folders above each
  /// member, and nil of it leaves one out.
  package init(
    at path: Path, level: Int, below: @escaping Below = { (_) throws(Errno) in nil }
  ) throws(Errno) {
    self.below = below
    let file = try Descriptor.open(path, .writeOnly, [.create, .exclusive], mode: 0o644)
    output = try Compressor(to: file, level: level)
    self.path = path
  }

  /// Adds a folder.
  package mutating func add(folder: String, _ attributes: Attributes) throws(Errno) {
    known.insert(folder)
    try begin(Self.member(folder, .directory, attributes))
  }

  /// Adds a symbolic link.
  package mutating func add(
    link: String, to target: String, _ attributes: Attributes
  ) throws(Errno) {
    try begin(Self.member(link, .symbolicLink(target), attributes))
  }

  /// Adds a file with these bytes.
  package mutating func add(
    file: String, _ bytes: [UInt8], _ attributes: Attributes
  ) throws(Errno) {
    try begin(Self.member(file, .file(size: Int64(bytes.count)), attributes))
    try put(bytes)
    try pad(Int64(bytes.count))
  }

  /// Adds a file with the content of another, piece by piece; `progress` gets the bytes of each.
  package mutating func add(
    file: String, from source: Path, _ attributes: Attributes,
    _ progress: (Int64) throws(Errno) -> Void = { _ in }
  ) throws(Errno) {
    let sparse = try SparseFile(source)
    let size = try sparse.file.status().size
    try begin(Self.member(file, .file(size: size), attributes))
    var count: Int64 = 0
    try sparse.readAll { (piece) throws(Errno) in
      count += Int64(piece.byteCount)
      // One that grows meanwhile would break the archive.
      guard count <= size else { throw .stale }
      content.update(piece)
      try output.write(piece)
      try progress(Int64(piece.byteCount))
    }
    guard count == size else { throw .stale }
    try pad(size)
  }

  /// Adds one entry of a tree as it is, but for sockets and devices: those are made by programs that run.
  ///
  /// What hides a file or a folder of the layers below in an overlay does so in the image, too.
  package mutating func add(
    _ path: String, asIn source: Path, _ status: FileStatus,
    _ progress: (Int64) throws(Errno) -> Void = { _ in }
  ) throws(Errno) {
    var attributes = Attributes(
      mode: status.mode, owner: status.owner, group: status.group, modified: status.modified)
    switch status.kind {
    case .directory:
      attributes.extended = try Self.extended(source)
      let isOpaque =
        attributes.extended.removeValue(forKey: FileSystem.opaqueAttribute) == [UInt8(ascii: "y")]
      try add(folder: path, attributes)
      if isOpaque { try add(file: path + "/.wh..wh..opq", [], Self.mark(status.modified)) }
    case .file:
      attributes.extended = try Self.extended(source)
      try add(file: path, from: source, attributes, progress)
    case .symbolicLink: try add(link: path, to: try FileSystem.readLink(source), attributes)
    case .fifo: try begin(Self.member(path, .fifo, attributes))
    case .character where status.specialDevice == 0:
      let parts = path.split(separator: "/")
      let hidden = (parts.dropLast() + [".wh." + (parts.last ?? "")]).joined(separator: "/")
      try add(file: hidden, [], Self.mark(status.modified))
    case .socket, .block, .character, .other: break
    }
  }

  /// Ends the layer; its file is whole then.
  package consuming func finish() throws(Errno) -> Layer {
    try put(TarMember.end)
    try output.finish()
    let size = output.written
    let path = path
    return Layer(digest: try Digest(ofFile: path), content: content.finish(), size: size)
  }

  /// Writes what comes before a member's content, with the folders above it first.
  private mutating func begin(_ member: TarMember) throws(Errno) {
    var above: [String] = []
    var folder = Path(member.path).parent.string
    while folder != ".", !known.contains(folder) {
      above.insert(folder, at: 0)
      folder = Path(folder).parent.string
    }
    for folder in above {
      known.insert(folder)
      guard let attributes = try below(folder) else { continue }
      try put(Self.member(folder, .directory, attributes).header)
    }
    try put(member.header)
  }

  private mutating func put(_ bytes: [UInt8]) throws(Errno) {
    content.update(bytes)
    try output.write(bytes)
  }

  private mutating func pad(_ size: Int64) throws(Errno) {
    try put([UInt8](repeating: 0, count: TarMember.padding(after: size)))
  }

  private static func member(
    _ path: String, _ kind: TarMember.Kind, _ attributes: Attributes
  ) -> TarMember {
    var member = TarMember(path: path, kind: kind)
    (member.mode, member.owner, member.group) = (
      attributes.mode, attributes.owner, attributes.group
    )
    (member.modified, member.attributes) = (attributes.modified, attributes.extended)
    return member
  }

  private static func mark(_ modified: Timestamp) -> Attributes {
    Attributes(mode: 0o644, modified: modified)
  }

  /// The extended attributes that mean something in an image: what makes folders opaque, and not what else overlayfs keeps.
  private static func extended(_ path: Path) throws(Errno) -> [String: [UInt8]] {
    try FileSystem.attributesIfAny(path).filter {
      $0.key == FileSystem.opaqueAttribute || !$0.key.hasPrefix("trusted.")
    }
  }
}
