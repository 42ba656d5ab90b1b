import Checkpoint
import FoundationEssentials
package import Linux

/// Base images, unpacked once each: `images/<digest>/rootfs`.
package struct ImageStore: Sendable {
  /// Told what is done, and how much of it: 0 to 1, nil where that is not known.
  package typealias Progress = (_ what: String, _ fraction: Double?) -> Void

  private let folder: Path
  private let bundle: Bundle

  /// Takes Thaw's folder, which need not be there yet.
  package init(root: Path, bundle: Bundle) {
    folder = root / "images"
    self.bundle = bundle
  }

  /// Gets an image, and unpacks it if that was not done before.
  ///
  /// An image appears in the store at once and whole, or not at all: it is made in a folder of its
  /// own and renamed.
  ///
  /// - Parameters:
  ///   - reference: `oci:/path:tag`, `oci-archive:`, `docker://`, `docker-daemon:`,
  ///     `containers-storage:`, a bare name for a registry, or `rootfs:/path` for a plain folder,
  ///     which is used where it is.
  ///   - progress: told what is done.
  ///   - deadline: for all of it.
  ///   - cancel: a descriptor that becomes readable when it is to end.
  /// - Returns: the image.
  /// - Throws: `.imageNotFound`, `.imageDamaged`, `.unpackFailed`, `.diskFull`, `.noBundle`,
  ///   `.timedOut`, `.cancelled`.
  package func resolve(
    _ reference: String, progress: Progress = { _, _ in }, deadline: Deadline = .never,
    cancel: Int32? = nil
  ) throws(EngineError) -> UnpackedImage {
    let source = try ImageReference(reference)
    guard case .remote(let name) = source else { return try tree(reference, source) }
    let job = Job(
      store: self, source: source, name: name, reference: reference, deadline: deadline,
      cancel: cancel)
    progress("Looking at \(reference)", nil)
    let manifest = try job.manifest()
    let digest = Digest(of: manifest)
    let place = folder / digest.hexadecimal
    if let found = UnpackedImage(folder: place, reference: reference) { return found }
    try job.unpack(manifest, digest: digest.description, into: place, progress)
    guard let image = UnpackedImage(folder: place, reference: reference) else {
      throw EngineError(.unpackFailed, place.string, "the unpacked image is not whole")
    }
    return image
  }

  /// Copies an image into an OCI layout of its own, under the tag `image`.
  ///
  /// - Parameters:
  ///   - reference: as for ``resolve(_:progress:deadline:cancel:)``, but for a plain folder.
  ///   - digest: what it must mean still; nil: whatever it means now.
  ///   - layout: a folder that is not there yet.
  ///   - scratch: a folder for large temporary files.
  ///   - cancel: a descriptor that becomes readable when it is to end.
  /// - Throws: `.imageNotFound`, also if it means another image by now; `.unpackFailed`, `.diskFull`,
  ///   `.cancelled`.
  package func copy(
    _ reference: String, digest: String?, to layout: Path, scratch: Path, cancel: Int32?
  ) throws(EngineError) {
    let source = try ImageReference(reference)
    guard case .remote(let name) = source else {
      throw EngineError(
        .imageNotFound, reference, "is a plain folder, no image",
        fix: "freeze the server on an image, such as oci:/folder:tag")
    }
    let job = Job(
      store: self, source: source, name: name, reference: reference, deadline: .never,
      cancel: cancel)
    let found = Digest(of: try job.manifest()).description
    guard digest == nil || digest == found else {
      throw EngineError(
        .imageNotFound, reference, "is no longer the image that the server was frozen on",
        fix: "freeze the server again")
    }
    try job.copy(to: ImageLayout(path: layout), scratch) {}
  }

  /// A folder as it is.
  ///
  /// Its digest is that of its list of files, which tells most changes, not of their content.
  private func tree(
    _ reference: String, _ source: ImageReference
  ) throws(EngineError) -> UnpackedImage {
    guard case .tree(let given) = source else {
      throw EngineError(.imageNotFound, reference, "no folder")
    }
    let path = try attempt(
      "looking for the root file system", on: given, code: .imageNotFound,
      fix: "give the absolute path of a folder that holds a root file system"
    ) { () throws(Errno) in
      let path = try FileSystem.resolve(given)
      guard try FileSystem.status(path).kind == .directory else { throw .notDirectory }
      return path
    }
    var list: [UInt8] = []
    do {
      try FileSystem.walk(path) { name, status in
        let time = status.modified
        list += Array(
          "\(name)\0\(status.mode) \(status.size) \(time.seconds).\(time.nanoseconds)\n".utf8)
      }
    } catch {
      throw EngineError(.imageDamaged, path.string, "reading the folder: \(error)")
    }
    return UnpackedImage(
      base: .image(reference: reference, digest: Digest(of: list).description), rootfs: path,
      configuration: ImageConfiguration())
  }

  /// One image on its way into the store.
  struct Job {
    var store: ImageStore
    var source: ImageReference
    var name: String
    var reference: String
    var deadline: Deadline
    var cancel: Int32?
  }

  var images: Path { folder }
  var tools: Bundle { bundle }
}
