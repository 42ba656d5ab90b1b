/// The client's side of SCRAM-SHA-256 (RFC 5802, RFC 7677), without channel binding.
///
/// Passwords are taken as they are: for other than ASCII letters, SASLprep would have to be
/// applied.
struct SCRAM {
  /// The mechanism's name.
  static let mechanism = "SCRAM-SHA-256"
  /// More rounds would only keep this machine busy.
  static let iterationLimit = 1_000_000

  private let password: String
  private let nonce: String
  private var serverSignature: [UInt8]?

  /// Whether the server has proved that it knows the password.
  private(set) var isVerified = false

  /// Starts a login; `nonce` are visible letters without a comma, never used twice.
  init(password: String, nonce: String) {
    self.password = password
    self.nonce = nonce
  }

  /// Eighteen random bytes as text.
  static func freshNonce() -> String {
    var random = SystemRandomNumberGenerator()
    return Base64.encoded((0..<18).map { _ in UInt8.random(in: .min ... .max, using: &random) })
  }

  private var firstBare: String { "n=,r=\(nonce)" }

  /// The first message.
  var first: [UInt8] { Array("n,,\(firstBare)".utf8) }

  /// The answer to the server's first message.
  mutating func answer(_ message: [UInt8]) throws(PostgreSQLError) -> [UInt8] {
    let text = String(decoding: message, as: UTF8.self)
    let fields = text.split(separator: ",", omittingEmptySubsequences: false)
    guard fields.count >= 3, fields[0].hasPrefix("r="), fields[1].hasPrefix("s="),
      fields[2].hasPrefix("i="), let salt = Base64.decoded(fields[1].dropFirst(2)), !salt.isEmpty,
      let iterations = Int(fields[2].dropFirst(2)), (1...Self.iterationLimit).contains(iterations)
    else { throw Self.failure("its first message is not understood") }
    let joined = fields[0].dropFirst(2)
    guard joined.hasPrefix(nonce), joined.utf8.count > nonce.utf8.count else {
      throw Self.failure("it changed the nonce")
    }
    let withoutProof = "c=biws,r=\(joined)"
    let signed = Array("\(firstBare),\(text),\(withoutProof)".utf8)
    guard
      let salted = Digest.pbkdf2(password: password, salt: salt, iterations: iterations),
      let clientKey = Digest.hmac(key: salted, Array("Client Key".utf8)),
      let storedKey = Digest.sha256(clientKey),
      let clientSignature = Digest.hmac(key: storedKey, signed),
      let serverKey = Digest.hmac(key: salted, Array("Server Key".utf8)),
      let serverSignature = Digest.hmac(key: serverKey, signed)
    else { throw PostgreSQLError(.authentication, "libcrypto has no SHA-256") }
    self.serverSignature = serverSignature
    let proof = zip(clientKey, clientSignature).map { $0 ^ $1 }
    return Array("\(withoutProof),p=\(Base64.encoded(proof))".utf8)
  }

  /// Looks at the server's last message.
  mutating func verify(_ message: [UInt8]) throws(PostgreSQLError) {
    let text = String(decoding: message, as: UTF8.self)
    if text.hasPrefix("e=") { throw Self.failure("it says \(Told.quoted(text))") }
    guard text.hasPrefix("v="), let expected = serverSignature,
      let found = Base64.decoded(text.dropFirst(2).prefix { $0 != "," }), found == expected
    else { throw Self.failure("it does not know the password itself") }
    isVerified = true
  }

  private static func failure(_ what: String) -> PostgreSQLError {
    PostgreSQLError(.authentication, "login with SCRAM failed on the server's side: \(what)")
  }
}
