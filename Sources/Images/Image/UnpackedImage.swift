import FoundationEssentials
package import Linux

/// An image whose files lie ready to be an overlay's lowest layer.
package struct UnpackedImage: Sendable, Hashable {
  /// What it is.
  package var base: BaseImage
  /// The root file system; never to be written.
  package var rootfs: Path
  /// What the image says about running it.
  package var configuration: ImageConfiguration

  /// What lies beside the root file system: `image.json`.
  struct Record: Codable {
    var reference: String
    var digest: String
    var configuration: ImageConfiguration
  }

  /// Reads an unpacked image; nil if it is not there or not whole.
  init?(folder: Path, reference: String) {
    // Not there, or damaged: it is unpacked anew.
    guard let bytes = try? FileSystem.readFile(folder / "image.json"),
      let record = try? JSONDecoder().decode(Record.self, from: Data(bytes)),
      FileSystem.exists(folder / "rootfs")
    else { return nil }
    base = .image(reference: reference, digest: record.digest)
    rootfs = folder / "rootfs"
    configuration = record.configuration
  }

  init(base: BaseImage, rootfs: Path, configuration: ImageConfiguration) {
    self.base = base
    self.rootfs = rootfs
    self.configuration = configuration
  }
}
