import CCrypto
package import Linux

/// A SHA-256 digest, as OCI writes it: `sha256:` and 64 hexadecimal digits.
package struct Digest: Hashable, Sendable, Codable, CustomStringConvertible {
  /// The 64 hexadecimal digits.
  package let hexadecimal: String

  /// Takes a digest of text, with or without `sha256:` before it; nil if it is none.
  package init?(_ text: String) {
    let digits = text.hasPrefix("sha256:") ? String(text.dropFirst(7)) : text
    guard digits.utf8.count == 64, digits.utf8.allSatisfy(Self.isDigit) else { return nil }
    hexadecimal = digits
  }

  init(bytes: [UInt8]) {
    hexadecimal = String(
      decoding: bytes.flatMap { [Self.digit($0 >> 4), Self.digit($0 & 15)] }, as: UTF8.self)
  }

  /// `sha256:` and the digits.
  package var description: String { "sha256:" + hexadecimal }

  /// The first twelve digits, as people read and type them.
  package var short: String { String(hexadecimal.prefix(12)) }

  /// The digest of bytes in memory.
  package init(of bytes: [UInt8]) {
    var hash = RunningDigest()
    hash.update(bytes)
    self = hash.finish()
  }

  /// The digest of a file's content, read in pieces of 1 MiB.
  package init(ofFile path: Path) throws(Errno) {
    let file = try Descriptor.open(path, .readOnly)
    var hash = RunningDigest()
    while true {
      let piece = try file.read(upTo: 1 << 20)
      guard !piece.isEmpty else { break }
      hash.update(piece)
    }
    self = hash.finish()
  }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    guard let digest = Digest(try container.decode(String.self)) else {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "not a SHA-256 digest")
    }
    self = digest
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
      || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
  }

  private static func digit(_ value: UInt8) -> UInt8 {
    value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
  }
}

/// A SHA-256 computation under way; libcrypto does the work.
struct RunningDigest: ~Copyable {
  private var context = SHA256_CTX()

  init() {
    SHA256_Init(&context)
  }

  mutating func update(_ bytes: [UInt8]) {
    _ = bytes.withUnsafeBytes { SHA256_Update(&context, $0.baseAddress, $0.count) }
  }

  consuming func finish() -> Digest {
    var result = [UInt8](repeating: 0, count: Int(SHA256_DIGEST_LENGTH))
    SHA256_Final(&result, &context)
    return Digest(bytes: result)
  }
}
