import Linux

/// A member of a tar archive, without its content.
struct TarMember: Equatable, Sendable {
  /// What it is.
  enum Kind: Equatable, Sendable {
    case file(size: Int64)
    /// One more name of a file that came before; its path in the archive.
    case hardLink(String)
    case symbolicLink(String)
    case directory
    /// The character device 0, 0, behind which overlayfs hides a file.
    case whiteout
    case fifo
    /// A Unix socket's file, which tar does not know: an empty file for those who unpack it.
    case socket
  }

  /// Where it is: relative, without a slash at its end.
  var path: String
  var kind: Kind
  var mode: FileMode = 0o644
  var owner: UInt32 = 0
  var group: UInt32 = 0
  var modified = Timestamp(seconds: 0)
  /// Extended attributes.
  var attributes: [String: [UInt8]] = [:]

  /// Bytes of content that follow.
  var size: Int64 {
    if case .file(let size) = kind { size } else { 0 }
  }

  /// Bytes of a block: headers and contents begin at multiples of it.
  static let block = 512

  /// The zeros that follow content of a size.
  static func padding(after size: Int64) -> Int {
    Int((Int64(block) - size % Int64(block)) % Int64(block))
  }

  /// The pax record that makes an empty file a socket: a comment, which no program warns of.
  static let commentKey = "comment"
  static let socketComment = "thaw: socket"
  /// Before the name of an extended attribute, as GNU tar, bsdtar and star have it.
  static let attributeKey = "SCHILY.xattr."
}
