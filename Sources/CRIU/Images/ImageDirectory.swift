public import Linux

/// A folder with the images of a dump.
///
/// Files are read when they are asked for. A file that is not there means what it means to CRIU
/// only in ``list()``: elsewhere it is an error.
public struct ImageDirectory: Hashable, Sendable {
  /// The folder.
  public let path: Path

  /// Looks at a folder.
  ///
  /// - Throws: ``CRIUError`` with `.missingImage` if there is no such folder.
  public init(_ path: Path) throws(CRIUError) {
    self.path = path
    do {
      guard try FileSystem.status(path).kind == .directory else { throw Errno.notDirectory }
    } catch {
      throw CRIUError(.missingImage, subject: "opening images in \(path)", cause: "\(error)")
    }
  }

  /// The names of all files in the folder, sorted.
  public func list() throws(CRIUError) -> [String] {
    do {
      return try FileSystem.list(path)
    } catch {
      throw CRIUError(.missingImage, subject: "listing images in \(path)", cause: "\(error)")
    }
  }

  /// Whether there is a file of that name.
  public func has(_ name: String) -> Bool { FileSystem.exists(path / name) }

  /// The image of a kind and id.
  ///
  /// - Throws: ``CRIUError``: `.missingImage`; `.damagedImage` also if it is of another kind.
  public func image(_ type: ImageType, id: UInt32 = 0) throws(CRIUError) -> ImageFile {
    try image(named: type.fileName(id: id), type: type)
  }

  /// The image in a file.
  ///
  /// - Parameters:
  ///   - name: the file's name.
  ///   - type: what it must be, if that matters.
  /// - Returns: all of it, decoded.
  /// - Throws: ``CRIUError``: `.missingImage`; `.damagedImage` also if it is of another kind.
  public func image(named name: String, type: ImageType? = nil) throws(CRIUError) -> ImageFile {
    let file = path / name
    let bytes: [UInt8]
    do {
      bytes = try FileSystem.readFile(file)
    } catch {
      throw CRIUError(.missingImage, subject: "reading \(file)", cause: "\(error)")
    }
    let image = try ImageFile(decoding: bytes, name: file.string)
    if let type, image.type != type {
      throw CRIUError(
        .damagedImage, subject: "reading \(file)",
        cause: "it is of the kind \(image.type.name), not \(type.name)")
    }
    return image
  }

  /// Writes an image, in place of a file of that name; the old one stays if it fails.
  public func write(_ image: ImageFile, named name: String) throws(CRIUError) {
    do {
      try FileSystem.writeFile(path / name, image.encoded(), mode: 0o600, durable: true)
    } catch {
      throw CRIUError(
        .failed, subject: "writing \(path / name)", cause: "\(error)",
        fix: "Make room and check the folder's permissions.")
    }
  }

  /// The images of the dump before this one, which CRIU finds by the link `parent`; `nil` where
  /// there is none.
  public func parent() throws(CRIUError) -> ImageDirectory? {
    guard (try? FileSystem.linkStatus(path / "parent")) != nil else {
      // No link, no parent: a dump of its own.
      return nil
    }
    return try ImageDirectory(path / "parent")
  }
}
