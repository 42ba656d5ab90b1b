import Linux

/// Where an image is to be taken from.
enum ImageReference: Hashable, Sendable {
  /// A plain folder with a root file system, used where it is.
  case tree(Path)
  /// Anything that skopeo reads, with its transport.
  case remote(String)

  static let transports = [
    "docker://", "docker-daemon:", "docker-archive:", "containers-storage:", "oci:", "oci-archive:",
    "dir:",
  ]

  /// Reads a reference as people write it.
  ///
  /// A bare name such as `registry.example/xtdb:2.2` is taken from its registry, a folder with an OCI
  /// layout as that.
  init(_ text: String) throws(EngineError) {
    if text.hasPrefix("rootfs:") {
      self = .tree(Path(String(text.dropFirst(7))))
    } else if Self.transports.contains(where: text.hasPrefix) {
      self = .remote(text)
    } else if text.hasPrefix("/") || text.hasPrefix(".") {
      guard FileSystem.exists(Path(text) / "oci-layout") else {
        throw EngineError(
          .imageNotFound, text, "no OCI layout there",
          fix: "write rootfs:\(text) for a plain folder, oci-archive:\(text) for an archive")
      }
      self = .remote("oci:\(text)")
    } else if !text.isEmpty {
      self = .remote("docker://\(text)")
    } else {
      throw EngineError(.imageNotFound, "image", "the reference is empty", fix: "name an image")
    }
  }

  /// Whether it is in a registry of this very machine, which seldom has TLS: Docker takes it
  /// without, too.
  var isInLocalRegistry: Bool {
    guard case .remote(let text) = self, text.hasPrefix("docker://") else { return false }
    let host = text.dropFirst(9).prefix { $0 != "/" }
    return host.hasPrefix("localhost:") || host.hasPrefix("127.") || host == "localhost"
  }
}
