import CCrypto

/// The digests that logins need, from libcrypto.
enum Digest {
  /// MD5; nil where libcrypto refuses it, as in FIPS mode.
  static func md5(_ bytes: [UInt8]) -> [UInt8]? {
    digest(bytes, EVP_md5(), count: 16)
  }

  /// SHA-256; nil only when libcrypto has no memory left.
  static func sha256(_ bytes: [UInt8]) -> [UInt8]? {
    digest(bytes, EVP_sha256(), count: 32)
  }

  /// HMAC with SHA-256 (RFC 2104).
  static func hmac(key: [UInt8], _ bytes: [UInt8]) -> [UInt8]? {
    guard let short = key.count > 64 ? sha256(key) : key else { return nil }
    let padded = short + [UInt8](repeating: 0, count: 64 - short.count)
    guard let inner = sha256(padded.map { $0 ^ 0x36 } + bytes) else { return nil }
    return sha256(padded.map { $0 ^ 0x5C } + inner)
  }

  /// PBKDF2 with HMAC and SHA-256, 32 bytes (RFC 8018), which SCRAM calls Hi.
  static func pbkdf2(password: String, salt: [UInt8], iterations: Int) -> [UInt8]? {
    var key = [UInt8](repeating: 0, count: 32)
    let count = password.utf8.count
    let result = password.withCString { text in
      PKCS5_PBKDF2_HMAC(
        text, CInt(count), salt, CInt(salt.count), CInt(clamping: iterations), EVP_sha256(), 32,
        &key)
    }
    return result == 1 ? key : nil
  }

  private static func digest(_ bytes: [UInt8], _ kind: OpaquePointer?, count: Int) -> [UInt8]? {
    var result = [UInt8](repeating: 0, count: count)
    return EVP_Digest(bytes, bytes.count, &result, nil, kind, nil) == 1 ? result : nil
  }
}
