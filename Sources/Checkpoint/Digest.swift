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

  /// The digest of a file's content; what is a hole is not read, but counts as the zeros that it
  /// stands for.
  ///
  /// `progress` is called after each 256 KiB or less with the bytes that were done since the last
  /// call; what it throws ends the work.
  package init(
    ofFile path: Path, progress: (Int64) throws(Errno) -> Void = { _ in }
  ) throws(Errno) {
    var hash = RunningDigest()
    let file = try SparseFile(path)
    try file.readAll { (piece) throws(Errno) in
      hash.update(piece)
      try progress(Int64(piece.byteCount))
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
    update(bytes.span.bytes)
  }

  mutating func update(_ bytes: RawSpan) {
    _ = bytes.withUnsafeBytes { SHA256_Update(&context, $0.baseAddress, $0.count) }
  }

  consuming func finish() -> Digest {
    var result = [UInt8](repeating: 0, count: Int(SHA256_DIGEST_LENGTH))
    SHA256_Final(&result, &context)
    return Digest(bytes: result)
  }
}
