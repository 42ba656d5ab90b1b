import Testing

@testable import Server

struct `PostgreSQL's login` {
  private static let target = PostgreSQLTarget(
    endpoint: Endpoint(port: 1), user: "me", password: "pencil")

  @Test func `SCRAM gives what RFC 7677 gives`() throws {
    // The example of section 3, but for the user's name, which PostgreSQL takes from the startup
    // message.
    var scram = SCRAM(password: "pencil", nonce: "rOprNGfwEbeRWgbNEkqO")
    #expect(String(decoding: scram.first, as: UTF8.self) == "n,,n=,r=rOprNGfwEbeRWgbNEkqO")
    let server =
      "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096"
    let answer = String(decoding: try scram.answer(Array(server.utf8)), as: UTF8.self)
    // With "n=user" in the signed text the RFC's own proof must come out.
    #expect(answer.hasPrefix("c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p="))
    let salted = Digest.pbkdf2(
      password: "pencil", salt: try #require(Base64.decoded("W22ZaJ0SNY7soEsUEjb6gQ==")),
      iterations: 4096)
    let signed =
      "n=user,r=rOprNGfwEbeRWgbNEkqO,\(server),"
      + "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0"
    let key = Digest.hmac(key: try #require(salted), Array("Server Key".utf8))
    let signature = Digest.hmac(key: try #require(key), Array(signed.utf8))
    #expect(
      Base64.encoded(try #require(signature)) == "6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=")
  }

  @Test(arguments: [
    ("", "d41d8cd98f00b204e9800998ecf8427e"), ("abc", "900150983cd24fb0d6963f7d28e17f72"),
  ])
  func `MD5 is MD5`(text: String, hex: String) {
    #expect(Digest.md5(Array(text.utf8))?.hex == hex)
  }

  @Test func `HMAC gives what RFC 4231 gives`() {
    #expect(
      Digest.hmac(key: Array("Jefe".utf8), Array("what do ya want for nothing?".utf8))?.hex
        == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
    #expect(
      Digest.hmac(
        key: [UInt8](repeating: 0xAA, count: 131),
        Array("Test Using Larger Than Block-Size Key - Hash Key First".utf8))?.hex
        == "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54")
  }

  @Test(arguments: [
    ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="),
    ("fooba", "Zm9vYmE="), ("foobar", "Zm9vYmFy"),
  ])
  func `base 64 gives what RFC 4648 gives`(text: String, encoded: String) {
    #expect(Base64.encoded(Array(text.utf8)) == encoded)
    #expect(Base64.decoded(encoded) == Array(text.utf8))
  }

  @Test(arguments: ["A", "AA", "AAA", "AA=A", "A===", "AB==", "A A=", "AA\n=", "Zm9vYg=", "é==="])
  func `what is no base 64 is refused`(text: String) {
    #expect(Base64.decoded(text) == nil)
  }

  @Test(arguments: [
    ("r=other,s=AAAA,i=1", "it changed the nonce"), ("r=abc,s=AAAA,i=1", "it changed the nonce"),
    ("r=abcd,s=,i=1", "its first message is not understood"),
    ("r=abcd,s=AAAA,i=0", "its first message is not understood"),
    ("r=abcd,s=AAAA,i=1000001", "its first message is not understood"),
    ("r=abcd,s=AAAA", "its first message is not understood"),
    ("m=x,r=abcd,s=AAAA,i=1", "its first message is not understood"),
  ])
  func `a server that cheats in SCRAM is refused`(message: String, reason: String) {
    var scram = SCRAM(password: "x", nonce: "abc")
    let error = #expect(throws: PostgreSQLError.self) { try scram.answer(Array(message.utf8)) }
    #expect(error?.kind == .authentication)
    #expect(error?.message == "login with SCRAM failed on the server's side: \(reason)")
  }

  @Test func `a server that does not know the password is refused`() throws {
    var scram = SCRAM(password: "x", nonce: "abc")
    _ = try scram.answer(Array("r=abcd,s=AAAA,i=1".utf8))
    for message in ["", "v=", "v=AAAA", "e=no", "x"] {
      #expect(throws: PostgreSQLError.self) { try scram.verify(Array(message.utf8)) }
    }
    #expect(!scram.isVerified)
  }

  @Test func `a server cannot skip its proof`() throws {
    var login = PostgreSQLLogin(Self.target, nonce: "abc")
    _ = try login.receive(.authentication(.sasl(mechanisms: ["SCRAM-SHA-256"])))
    let error = #expect(throws: PostgreSQLError.self) {
      try login.receive(.authentication(.ok))
    }
    #expect(
      error?.message == "the server ended the login before it proved to know the password")
  }

  @Test func `each kind of password is sent as it is asked for`() throws {
    var login = PostgreSQLLogin(Self.target, nonce: "abc")
    #expect(
      try login.receive(.authentication(.cleartext)) == .send(PostgreSQLRequest.password("pencil")))
    // md5(md5("pencilme") + salt), by md5sum.
    #expect(
      try login.receive(.authentication(.md5(salt: [1, 2, 3, 4])))
        == .send(PostgreSQLRequest.password("md58bd075d5e7d2b818ab12e416568949d3")))
    #expect(try login.receive(.authentication(.ok)) == .wait)
    #expect(try login.receive(.parameterStatus(name: "server_version", value: "15")) == .wait)
    #expect(try login.receive(.backendKey(process: 1, secret: [2])) == .wait)
    #expect(try login.receive(.readyForQuery) == .done)
    #expect(login.parameters == ["server_version": "15"])
    #expect(login.key?.process == 1)
  }

  @Test(arguments: [
    (
      PostgreSQLMessage.Authentication.sasl(mechanisms: ["SCRAM-SHA-256-PLUS", "X"]),
      "the server wants SCRAM-SHA-256-PLUS, X, Thaw knows SCRAM-SHA-256"
    ),
    (.other(7), "the server wants a login of kind 7, which Thaw does not know"),
  ])
  func `a login that Thaw does not know is told`(
    wanted: PostgreSQLMessage.Authentication, message: String
  ) {
    var login = PostgreSQLLogin(Self.target, nonce: "abc")
    let error = #expect(throws: PostgreSQLError.self) {
      try login.receive(.authentication(wanted))
    }
    #expect(error?.kind == .authentication)
    #expect(error?.message == message)
  }

  @Test(arguments: [
    PostgreSQLMessage.Authentication.cleartext, .md5(salt: [1, 2, 3, 4]),
    .sasl(mechanisms: ["SCRAM-SHA-256"]),
  ])
  func `a password that is not given is told`(wanted: PostgreSQLMessage.Authentication) {
    var login = PostgreSQLLogin(
      PostgreSQLTarget(endpoint: Endpoint(port: 1), user: "me"), nonce: "abc")
    let error = #expect(throws: PostgreSQLError.self) {
      try login.receive(.authentication(wanted))
    }
    #expect(error?.message == "the server wants a password and none is given")
  }

  @Test(arguments: [
    PostgreSQLMessage.readyForQuery, .dataRow([]), .copyIn, .backendKey(process: 1, secret: []),
    .authentication(.saslContinue([])), .authentication(.saslFinal([])),
  ])
  func `a message out of turn is told`(message: PostgreSQLMessage) {
    var login = PostgreSQLLogin(Self.target, nonce: "abc")
    let error = #expect(throws: PostgreSQLError.self) { try login.receive(message) }
    #expect(error?.kind == .malformed)
  }
}

extension [UInt8] {
  fileprivate var hex: String {
    map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }
}
