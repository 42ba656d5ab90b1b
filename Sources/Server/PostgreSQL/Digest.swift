import CCrypto

/// The digests that logins need, from libcrypto.
enum Digest {
  /// MD5.
  static func md5(_ bytes: [UInt8]) -> [UInt8]? {
    var context = MD5_CTX()
    var result = [UInt8](repeating: 0, count: Int(MD5_DIGEST_LENGTH))
    guard MD5_Init(&context) == 1, MD5_Update(&context, bytes, bytes.count) == 1,
      MD5_Final(&result, &context) == 1
    else { return nil }
    return result
  }

  /// SHA-256.
  static func sha256(_ bytes: [UInt8]) -> [UInt8]? {
    var context = SHA256_CTX()
    var result = [UInt8](repeating: 0, count: Int(SHA256_DIGEST_LENGTH))
    guard SHA256_Init(&context) == 1, SHA256_Update(&context, bytes, bytes.count) == 1,
      SHA256_Final(&result, &context) == 1
    else { return nil }
    return result
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
    let key = Array(password.utf8)
    // The 32 bytes are one block: the number 1 follows the salt.
    guard var round = hmac(key: key, salt + [0, 0, 0, 1]) else { return nil }
    var sum = round
    for _ in 1..<max(iterations, 1) {
      guard let next = hmac(key: key, round) else { return nil }
      round = next
      for index in sum.indices { sum[index] ^= round[index] }
    }
    return sum
  }
}
