import Testing

@testable import CRIU

@Suite struct JSONTests {
  static let value = JSONValue.object([
    JSONValue.Member("empty", .array([])), JSONValue.Member("none", .object([])),
    JSONValue.Member(
      "list", .array([.number(-1), .number(Int128(UInt64.max)), .bool(true), .bool(false), .null])),
    JSONValue.Member("text", .string("a\"\\/\n\r\t\u{8}\u{c}\u{1}\u{7f}é€😀")),
  ])
  /// What Python's json.dumps makes of it.
  static let text = #"""
    {"empty": [], "none": {}, "list": [-1, 18446744073709551615, true, false, null], "text": "a\"\\/\n\r\t\b\f\u0001\u007f\u00e9\u20ac\ud83d\ude00"}
    """#
  static let indented = #"""
    {
        "empty": [],
        "none": {},
        "list": [
            -1,
            18446744073709551615,
            true,
            false,
            null
        ],
        "text": "a\"\\/\n\r\t\b\f\u0001\u007f\u00e9\u20ac\ud83d\ude00"
    }
    """#

  @Test func `text is that of Python`() {
    #expect(Self.value.text() == Self.text)
    #expect(Self.value.text(indent: 4) == Self.indented)
  }

  @Test(arguments: [text, indented])
  func `text reads back`(text: String) throws {
    #expect(try JSONParser.parse(text) == Self.value)
  }

  @Test(arguments: [
    "", "{", "[1,", "{\"a\" 1}", "{\"a\":1,}", "\"abc", "\"\\x\"", "\"\\u12\"", "1.5", "1e3", "nul",
    "[1] 2", "-", "--1", "{1:2}", String(repeating: "[", count: 100_000), "\"\\u+123\"",
  ])
  func `damaged text is told`(text: String) {
    #expect(throws: Damage.self) { try JSONParser.parse(text) }
  }

  @Test(arguments: [
    ([], ""), ([0], "AA==\n"), ([0, 1], "AAE=\n"), ([0, 1, 2], "AAEC\n"),
    ([UInt8](repeating: 0xff, count: 58), String(repeating: "/", count: 76) + "\n/w==\n"),
  ])
  func `base64 is that of Python`(data: [UInt8], text: String) {
    #expect(Base64.encode(data) == text)
    #expect(Base64.decode(text) == data)
  }

  @Test func `base64 goes both ways for every length`() {
    for length in 0..<200 {
      let data = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ length) }
      #expect(Base64.decode(Base64.encode(data)) == data)
    }
  }

  @Test(arguments: ["A", "AA", "AAA", "AA=A", "A===", "AA!=", "====", "AAAA="])
  func `what is not base64 is told`(text: String) {
    #expect(Base64.decode(text) == nil)
  }

  @Test(arguments: [
    (
      "abc \n x\t\u{0}==" + String(repeating: "a", count: 80) + " ",
      "abc=20\n x\t=00=3D=3D" + String(repeating: "a", count: 63) + "=\naaaaaaaaaaaaaaaaa=20"
    ),
    ("\u{0}foo.", "=00foo."), (".\n", "=2E\n"), (".", "=2E"), ("a ", "a=20"), ("\t", "=09"),
    ("/run/x.sock\u{0}", "/run/x.sock=00"), ("", ""),
  ])
  func `quoted-printable text is that of Python`(data: String, text: String) {
    #expect(QuotedPrintable.encode(Array(data.utf8)) == text)
    #expect(QuotedPrintable.decode(text) == Array(data.utf8))
  }

  @Test func `quoted-printable text goes both ways for all bytes`() {
    for length in 0..<300 {
      let data = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ length) }
      #expect(QuotedPrintable.decode(QuotedPrintable.encode(data)) == data)
    }
  }

  @Test(arguments: [
    ("127.0.0.1", [Int128(0x0100_007f)]), ("0.0.0.0", [0]),
    ("::", [0, 0, 0, 0]), ("::1", [0, 0, 0, 0x0100_0000]),
    ("::ffff:10.0.0.1", [0, 0, 0xffff_0000, 0x0100_000a]),
    ("fe80::1:0:0:1", [0x80fe, 0, 0x0000_0100, 0x0100_0000]),
    ("2001:db8:1:2:3:4:5:6", [0xb80d_0120, 0x0200_0100, 0x0400_0300, 0x0600_0500]),
  ])
  func `addresses are those of Python`(text: String, words: [Int128]) {
    #expect(InternetAddress.text(of: words) == text)
    #expect(InternetAddress.words(of: text) == words)
  }

  @Test(arguments: [
    "", "1.2.3", "1.2.3.256", "+1.2.3.4", ":::", "1:2:3:4:5:6:7", "g::", "1::2::3", "12345::",
  ])
  func `what is no address is told`(text: String) {
    #expect(InternetAddress.words(of: text) == nil)
  }

  @Test(arguments: [
    ("PROT_READ | PROT_WRITE", Int128(3)), ("", 0), ("PROT_EXEC | 0x70", 0x74), ("0x100", 0x100),
  ])
  func `flags are shown by name and read back`(text: String, value: Int128) {
    #expect(FlagNames.mmapProt.text(of: value) == text)
    #expect(FlagNames.mmapProt.value(of: text) == value)
    #expect(FlagNames.mmapProt.value(of: text + "PROT_NOPE") == nil)
  }
}
