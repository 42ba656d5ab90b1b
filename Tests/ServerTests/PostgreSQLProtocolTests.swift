import Testing

@testable import Server

/// Messages of a server, made by hand.
enum Backend {
  static func message(_ type: Character, _ body: [UInt8] = []) -> [UInt8] {
    let length = UInt32(body.count + 4)
    return Array(String(type).utf8) + (0..<4).map { UInt8(length >> (24 - 8 * $0) & 0xFF) } + body
  }

  static func authentication(_ kind: UInt8, _ body: [UInt8] = []) -> [UInt8] {
    message("R", [0, 0, 0, kind] + body)
  }

  static func error(_ state: String, _ text: String, severity: String = "ERROR") -> [UInt8] {
    message("E", Array("S\(severity)\0V\(severity)\0C\(state)\0M\(text)\0\0".utf8))
  }

  static let ready = message("Z", [UInt8(ascii: "I")])
  /// One column, one row, its end.
  static let one =
    message("T", [0, 1] + Array("x\0".utf8) + [UInt8](repeating: 0, count: 18))
    + message("D", [0, 1, 0, 0, 0, 1, 0x31]) + message("C", Array("SELECT 1\0".utf8))
}

struct `PostgreSQL's messages` {
  private func frames(_ bytes: [UInt8], pieces: Int = .max) throws -> [PostgreSQLMessage] {
    var frames = PostgreSQLFrames()
    frames.isLoggedIn = true
    var messages: [PostgreSQLMessage] = []
    var rest = bytes[...]
    while !rest.isEmpty {
      frames.append(Array(rest.prefix(pieces)))
      rest = rest.dropFirst(pieces)
      while let message = try frames.next() { messages.append(message) }
    }
    return messages
  }

  @Test(arguments: [1, 2, 3, 5, 100]) func `messages are cut out of any pieces`(pieces: Int) throws
  {
    let bytes =
      Backend.authentication(0) + Backend.message("S", Array("a\0b\0".utf8))
      + Backend.message("K", [0, 0, 1, 2, 9, 8, 7, 6]) + Backend.ready + Backend.one
      + Backend.message("D", [0, 2, 255, 255, 255, 255, 0, 0, 0, 0])
      + Backend.message("1") + Backend.message("I")
    #expect(
      try frames(bytes, pieces: pieces) == [
        .authentication(.ok), .parameterStatus(name: "a", value: "b"),
        .backendKey(process: 258, secret: [9, 8, 7, 6]), .readyForQuery,
        .rowDescription(["x"]), .dataRow(["1"]), .commandComplete("SELECT 1"),
        .dataRow([nil, ""]), .passing, .emptyQuery,
      ])
  }

  @Test func `an error has its fields`() throws {
    let bytes = Backend.message(
      "E", Array("SFEHLER\0VERROR\0C42P01\0Mno \"x\"\0DWhy\0HDo\0P5\0\0".utf8))
    guard case .error(let notice) = try frames(bytes).first else {
      Issue.record("no error")
      return
    }
    #expect(notice.severity == "ERROR" && notice.hint == "Do")
    #expect("\(notice.error)" == "42P01: no \"x\"; Why")
  }

  @Test(arguments: [
    (
      Array("HTTP/1.1 400 Bad Request\r\n".utf8), false,
      "the server does not speak PostgreSQL's protocol: \"HTTP/1.1 400 Bad Request\\r\\n\""
    ),
    (
      Array("SSH-2.0-OpenSSH\r\n".utf8), false,
      "the server does not speak PostgreSQL's protocol: \"SSH-2.0-OpenSSH\\r\\n\""
    ),
    (
      [0x15, 3, 3, 0], false,
      "the server does not speak PostgreSQL's protocol: \"\\u{15}\\u{3}\\u{3}\\u{0}\""
    ),
    (
      [0x5A, 0, 0, 0, 3], true,
      "the server does not speak PostgreSQL's protocol: \"Z\\u{0}\\u{0}\\u{0}\\u{3}\""
    ),
    ([0x44, 127, 255, 255, 255], true, "a message of 2147483647 bytes, at most 67108864 are read"),
    ([0x44, 0, 0, 0, 5, 0], true, "a message of the server ends too early"),
    ([0x44, 0, 0, 0, 10, 0, 1, 0, 0, 0, 9], true, "a message of the server ends too early"),
    (
      [0x44, 0, 0, 0, 10, 0, 1, 255, 255, 255, 254], true, "a message of the server ends too early"
    ),
    ([0x53, 0, 0, 0, 6, 0x61, 0x61], true, "a message of the server ends too early"),
    ([0x45, 0, 0, 0, 6, 0x4D, 0x61], true, "a message of the server ends too early"),
  ])
  func `garbage is told`(bytes: [UInt8], isLoggedIn: Bool, message: String) {
    var frames = PostgreSQLFrames()
    frames.isLoggedIn = isLoggedIn
    frames.append(bytes)
    let error = #expect(throws: PostgreSQLError.self) { try frames.next() }
    #expect(error?.kind == .malformed)
    #expect(error?.message == message)
  }

  @Test(.timeLimit(.minutes(1))) func `no bytes crash the reader, the login or a statement`() {
    let target = PostgreSQLTarget(endpoint: Endpoint(port: 1), user: "me", password: "secret")
    let whole =
      Backend.authentication(10, Array("SCRAM-SHA-256\0\0".utf8))
      + Backend.authentication(11, Array("r=abcdef,s=QSXCR+Q6sek8bf92,i=2".utf8))
      + Backend.authentication(12, Array("v=x".utf8)) + Backend.authentication(0)
      + Backend.error("42P01", "no") + Backend.one + Backend.ready
    for _ in 0..<3000 {
      var bytes = whole
      for _ in 0..<Int.random(in: 1...4) {
        bytes[Int.random(in: 0..<bytes.count)] = .random(in: .min ... .max)
      }
      var frames = PostgreSQLFrames()
      frames.isLoggedIn = true
      frames.append(bytes)
      var login = PostgreSQLLogin(target, nonce: "abc")
      var statement = PostgreSQLStatement(isExtended: true, rowLimit: 10)
      do throws(PostgreSQLError) {
        while let message = try frames.next() {
          do throws(PostgreSQLError) {
            _ = try login.receive(message)
          } catch {
            #expect(!error.message.isEmpty)
          }
          do throws(PostgreSQLError) {
            _ = try statement.receive(message)
          } catch {
            #expect(!error.message.isEmpty)
          }
        }
      } catch {
        #expect(error.kind == .malformed)
      }
    }
  }

  @Test func `requests are written by the book`() {
    let target = PostgreSQLTarget(
      endpoint: Endpoint(port: 1), user: "me", password: "secret", database: "db")
    #expect(
      PostgreSQLRequest.startup(target)
        == [0, 0, 0, 72, 0, 3, 0, 0]
        + Array("user\0me\0database\0db\0client_encoding\0UTF8\0application_name\0thaw\0\0".utf8))
    #expect(PostgreSQLRequest.query("é") == [0x51, 0, 0, 0, 7, 0xC3, 0xA9, 0])
    #expect(PostgreSQLRequest.terminate == [0x58, 0, 0, 0, 4])
    #expect(
      PostgreSQLRequest.cancel(process: 258, secret: [9, 8, 7, 6])
        == [0, 0, 0, 16, 0x04, 0xD2, 0x16, 0x2E, 0, 0, 1, 2, 9, 8, 7, 6])
    #expect(
      PostgreSQLRequest.extended("x", ["a", nil])
        == [0x50, 0, 0, 0, 9, 0, 0x78, 0, 0, 0]
        + [0x42, 0, 0, 0, 21, 0, 0, 0, 0, 0, 2, 0, 0, 0, 1, 0x61, 255, 255, 255, 255, 0, 0]
        + [0x44, 0, 0, 0, 6, 0x50, 0] + [0x45, 0, 0, 0, 9, 0, 0, 0, 0, 0] + [0x53, 0, 0, 0, 4])
  }
}
