/// Messages to the server, as bytes.
enum PostgreSQLRequest {
  /// The first message: protocol 3.0 and who wants what.
  static func startup(_ target: PostgreSQLTarget) -> [UInt8] {
    var body = bytes(of: 196_608 as Int32)
    for (name, value) in [
      ("user", target.user), ("database", target.database), ("client_encoding", "UTF8"),
      ("application_name", "thaw"),
    ] {
      body += text(name) + text(value)
    }
    return bytes(of: Int32(body.count + 5)) + body + [0]
  }

  /// Asks, on a connection of its own, to give up what another one does.
  static func cancel(process: Int32, secret: [UInt8]) -> [UInt8] {
    bytes(of: Int32(12 + secret.count)) + bytes(of: 80_877_102 as Int32) + bytes(of: process)
      + secret
  }

  /// A password, or its MD5 form.
  static func password(_ password: String) -> [UInt8] {
    message("p", text(password))
  }

  /// The first SASL message.
  static func saslInitial(mechanism: String, _ data: [UInt8]) -> [UInt8] {
    message("p", text(mechanism) + bytes(of: Int32(data.count)) + data)
  }

  /// A later SASL message.
  static func sasl(_ data: [UInt8]) -> [UInt8] {
    message("p", data)
  }

  /// A statement of the simple protocol.
  static func query(_ sql: String) -> [UInt8] {
    message("Q", text(sql))
  }

  /// A statement of the extended protocol with parameters and results as text, and the Sync behind
  /// it.
  static func extended(_ sql: String, _ parameters: [String?]) -> [UInt8] {
    var bind = text("") + text("") + bytes(of: Int16(0)) + bytes(of: Int16(parameters.count))
    for parameter in parameters {
      guard let parameter else {
        bind += bytes(of: Int32(-1))
        continue
      }
      bind += bytes(of: Int32(parameter.utf8.count)) + Array(parameter.utf8)
    }
    bind += bytes(of: Int16(0))
    return message("P", text("") + text(sql) + bytes(of: Int16(0))) + message("B", bind)
      + message("D", [UInt8(ascii: "P")] + text(""))
      + message("E", text("") + bytes(of: Int32(0))) + sync
  }

  /// The end of an extended statement.
  static let sync = message("S", [])
  /// Refuses to send what `COPY … FROM STDIN` asks for.
  static let copyFail = message("f", text("Thaw has nothing to copy"))
  /// The last message.
  static let terminate = message("X", [])

  private static func message(_ type: Unicode.Scalar, _ body: [UInt8]) -> [UInt8] {
    [UInt8(ascii: type)] + bytes(of: Int32(body.count + 4)) + body
  }

  private static func text(_ text: String) -> [UInt8] {
    Array(text.utf8) + [0]
  }

  private static func bytes(of number: Int32) -> [UInt8] {
    withUnsafeBytes(of: number.bigEndian) { Array($0) }
  }

  private static func bytes(of number: Int16) -> [UInt8] {
    withUnsafeBytes(of: number.bigEndian) { Array($0) }
  }
}
