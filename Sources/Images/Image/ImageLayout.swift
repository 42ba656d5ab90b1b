import FoundationEssentials
import Linux

/// An OCI image layout on the disk, as far as Thaw reads it itself.
struct ImageLayout {
  /// The folder with `index.json` and `blobs`.
  let path: Path

  /// A manifest, or an index of several.
  struct Manifest: Decodable {
    var config: Entry?
    var layers: [Entry]?
    var manifests: [Entry]?

    /// What all layers weigh as they are copied; nil for an index.
    var size: UInt64? { layers.map { $0.reduce(0) { $0 + $1.size } } }
  }

  /// A reference to a file of the layout.
  struct Entry: Decodable {
    var digest: String
    var size: UInt64
  }

  /// The configuration of the only image.
  func configuration() throws(EngineError) -> (ImageConfiguration, layers: Int) {
    let index = try Self.manifest(try read(path / "index.json"), subject: path)
    guard let first = index.manifests?.first else { throw Self.damaged(path, "no image in it") }
    let manifest = try Self.manifest(try blob(first.digest), subject: path)
    guard let config = manifest.config else { throw Self.damaged(path, "no configuration in it") }
    do {
      return (
        try ImageConfiguration(decoding: try blob(config.digest)), manifest.layers?.count ?? 0
      )
    } catch let error as EngineError {
      throw error
    } catch {
      throw Self.damaged(path, "its configuration cannot be read")
    }
  }

  /// The bytes that lie in the layout, for a look at how far a copy is.
  func size() -> UInt64 {
    [path, path / "blobs/sha256"].reduce(0) { sum, folder in
      // Not there yet, or just renamed: nothing.
      let names = (try? FileSystem.list(folder)) ?? []
      return names.reduce(sum) { sum, name in
        guard let status = try? FileSystem.linkStatus(folder / name), status.kind == .file else {
          return sum
        }
        return sum + UInt64(max(0, status.size))
      }
    }
  }

  static func manifest(_ bytes: [UInt8], subject: Path) throws(EngineError) -> Manifest {
    do {
      return try JSONDecoder().decode(Manifest.self, from: Data(bytes))
    } catch {
      throw damaged(subject, "its manifest cannot be read")
    }
  }

  private func blob(_ digest: String) throws(EngineError) -> [UInt8] {
    let parts = digest.split(separator: ":")
    guard parts.count == 2, parts.allSatisfy({ $0.allSatisfy { $0.isLetter || $0.isNumber } })
    else { throw Self.damaged(path, "`\(digest)` is no digest") }
    return try read(path / "blobs" / String(parts[0]) / String(parts[1]))
  }

  private func read(_ path: Path) throws(EngineError) -> [UInt8] {
    try attempt("reading the image", on: path, code: .imageDamaged) { () throws(Errno) in
      try FileSystem.readFile(path)
    }
  }

  private static func damaged(_ path: Path, _ cause: String) -> EngineError {
    EngineError(.imageDamaged, path.string, cause, fix: "copy or build the image anew")
  }
}
