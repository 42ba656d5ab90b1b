/// Cuts the bytes of a server into messages: a type, a length that counts itself, a payload.
struct PostgreSQLFrames {
  /// The longest message that is read: a row with a large value.
  static let limit = 64 << 20
  /// The longest one before the login is done, as in libpq; what is longer speaks something else.
  static let loginLimit = 30_000

  /// Whether the login is done.
  var isLoggedIn = false
  private var buffer: [UInt8] = []
  private var start = 0

  /// Takes bytes as they come.
  mutating func append(_ bytes: [UInt8]) {
    if start > 0 {
      buffer.removeSubrange(..<start)
      start = 0
    }
    buffer += bytes
  }

  /// The next whole message, nil when more bytes are needed.
  ///
  /// - Throws: `.malformed` as soon as a type or a length shows that this is another protocol.
  mutating func next() throws(PostgreSQLError) -> PostgreSQLMessage? {
    let rest = buffer[start...]
    guard let type = rest.first else { return nil }
    guard PostgreSQLMessage.isKnown(type) else { throw foreign(rest) }
    guard rest.count >= 5 else { return nil }
    let length = rest.dropFirst().prefix(4).reduce(0) { $0 << 8 | Int($1) }
    let limit = isLoggedIn ? Self.limit : Self.loginLimit
    guard length >= 4, length <= limit else {
      guard isLoggedIn, length > limit else { throw foreign(rest) }
      throw PostgreSQLError(.malformed, "a message of \(length) bytes, at most \(limit) are read")
    }
    guard rest.count > length else { return nil }
    let payload = rest.dropFirst(5).prefix(length - 4)
    start += 1 + length
    return try PostgreSQLMessage(type: type, payload: payload)
  }

  private func foreign(_ bytes: ArraySlice<UInt8>) -> PostgreSQLError {
    let text = Told.quoted(String(decoding: bytes.prefix(40), as: UTF8.self))
    return PostgreSQLError(.malformed, "the server does not speak PostgreSQL's protocol: \(text)")
  }
}
