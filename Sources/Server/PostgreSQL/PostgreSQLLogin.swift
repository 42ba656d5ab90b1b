/// The login as a state machine: messages of the server in, bytes to send out.
struct PostgreSQLLogin {
  /// What to do after a message.
  enum Action: Hashable {
    /// Read on.
    case wait
    /// Send these bytes, then read on.
    case send([UInt8])
    /// The server is ready for statements.
    case done
  }

  private let target: PostgreSQLTarget
  private let nonce: String
  private var scram: SCRAM?
  private var isAuthenticated = false

  /// What the server told about itself.
  private(set) var parameters: [String: String] = [:]
  /// What a request to cancel must carry.
  private(set) var key: (process: Int32, secret: [UInt8])?

  init(_ target: PostgreSQLTarget, nonce: String) {
    self.target = target
    self.nonce = nonce
  }

  /// The first bytes to send.
  var start: [UInt8] { PostgreSQLRequest.startup(target) }

  /// Takes a message.
  mutating func receive(_ message: PostgreSQLMessage) throws(PostgreSQLError) -> Action {
    switch message {
    case .error(let notice): throw notice.error
    case .notice: return .wait
    case .authentication(let wanted) where !isAuthenticated: return try authenticate(wanted)
    case .parameterStatus(let name, let value) where isAuthenticated:
      // A server has about a dozen; one that sends thousands is broken.
      guard parameters.count < 1000 else { break }
      parameters[name] = value
      return .wait
    case .backendKey(let process, let secret) where isAuthenticated && secret.count <= 256:
      key = (process, secret)
      return .wait
    case .passing where isAuthenticated: return .wait
    case .readyForQuery where isAuthenticated: return .done
    default: break
    }
    throw PostgreSQLError(.malformed, "an unexpected message during the login")
  }

  private mutating func authenticate(
    _ wanted: PostgreSQLMessage.Authentication
  ) throws(PostgreSQLError) -> Action {
    switch wanted {
    case .ok:
      if let scram, !scram.isVerified {
        throw PostgreSQLError(
          .authentication, "the server ended the login before it proved to know the password")
      }
      isAuthenticated = true
      return .wait
    case .cleartext: return .send(PostgreSQLRequest.password(try password()))
    case .md5(let salt): return .send(PostgreSQLRequest.password(try md5(salt)))
    case .sasl(let mechanisms):
      guard mechanisms.contains(SCRAM.mechanism), scram == nil else {
        let told = mechanisms.map { Told.plain($0, limit: 40) }.prefix(10).joined(separator: ", ")
        throw PostgreSQLError(
          .authentication, "the server wants \(told), Thaw knows \(SCRAM.mechanism)")
      }
      let scram = SCRAM(password: try password(), nonce: nonce)
      self.scram = scram
      return .send(PostgreSQLRequest.saslInitial(mechanism: SCRAM.mechanism, scram.first))
    case .saslContinue(let data):
      guard let answer = try scram?.answer(data) else { break }
      return .send(PostgreSQLRequest.sasl(answer))
    case .saslFinal(let data):
      guard scram != nil else { break }
      try scram?.verify(data)
      return .wait
    case .other(let number):
      throw PostgreSQLError(
        .authentication, "the server wants a login of kind \(number), which Thaw does not know")
    }
    throw PostgreSQLError(.malformed, "an unexpected message during the login")
  }

  private func password() throws(PostgreSQLError) -> String {
    guard let password = target.password else {
      throw PostgreSQLError(.authentication, "the server wants a password and none is given")
    }
    return password
  }

  /// `md5` and the digest of the salted digest of password and user.
  private func md5(_ salt: [UInt8]) throws(PostgreSQLError) -> String {
    let password = try password()
    guard let inner = Digest.md5(Array((password + target.user).utf8)),
      let outer = Digest.md5(Array(Self.hex(inner).utf8) + salt)
    else { throw PostgreSQLError(.authentication, "libcrypto refuses MD5") }
    return "md5" + Self.hex(outer)
  }

  private static func hex(_ bytes: [UInt8]) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }
}
