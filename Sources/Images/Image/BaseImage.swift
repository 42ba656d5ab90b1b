/// What a server's file system comes from.
package enum BaseImage: Hashable, Sendable, Codable, CustomStringConvertible {
  /// This machine's own file system, seen through an overlay.
  case host
  /// An image: the reference that was given, and the digest of what it meant then.
  case image(reference: String, digest: String)

  /// `host`, or the reference.
  package var description: String {
    switch self {
    case .host: "host"
    case .image(let reference, _): reference
    }
  }
}
