import Testing

@testable import Server

struct `YAML` {
  private func parse(_ text: String) throws -> YAMLNode? {
    try YAMLParser.parse(Array(text.utf8))
  }

  @Test func `a document becomes a tree with lines and columns`() throws {
    let root = try #require(
      try parse(
        """
        # a comment
        server: {host: '*', port: 5432}
        log: !Local
          path: "/var/lib/xtdb/log"
        words: [ä, -x, "8080", 8080]
        """))
    #expect(root.mapping?.map(\.key.scalar) == ["server", "log", "words"])
    #expect(root[key: "server"]?[key: "port"]?.scalar == "5432")
    #expect(root[key: "server"]?[key: "port"]?.mark == .init(line: 2, column: 27))
    #expect(root[key: "log"]?.tag == "Local")
    #expect(root[key: "log"]?[key: "path"]?.mark == .init(line: 4, column: 9))
    let words = try #require(root[key: "words"]?.sequence)
    #expect(words.map(\.scalar) == ["ä", "-x", "8080", "8080"])
    // Columns count characters, not bytes.
    #expect(words[1].mark == .init(line: 5, column: 12))
    #expect(words[2].content == .scalar("8080", plain: false))
    #expect(words[3].content == .scalar("8080", plain: true))
  }

  @Test(arguments: ["", "# nothing\n", "---\n", "\u{FEFF}"])
  func `nothing is no document or null`(text: String) throws {
    #expect(try parse(text)?.isNull ?? true)
  }

  @Test(arguments: ["~", "null", "Null", "NULL", "a:"])
  func `null is known in all its spellings`(text: String) throws {
    let root = try #require(try parse(text))
    #expect((root[key: "a"] ?? root).isNull)
  }

  @Test(arguments: ["'~'", "\"null\"", "!Env null", "|\n  null", "nullable"])
  func `what only looks like null is none`(text: String) throws {
    #expect(try parse(text)?.isNull == false)
  }

  @Test func `an alias is a copy that stands where the alias stands`() throws {
    let root = try #require(try parse("a: &x {b: 1}\nc: *x\n"))
    #expect(root[key: "c"]?[key: "b"]?.scalar == "1")
    #expect(root[key: "c"]?.mark == .init(line: 2, column: 4))
  }

  @Test(arguments: [
    (
      "a: [1", 2, 1,
      "not valid YAML: did not find expected ',' or ']' while parsing a flow sequence from line 1"
    ),
    (
      "a: 1\n\tb: 2", 2, 1,
      "not valid YAML: found a tab character that violates indentation while scanning a plain scalar from line 1"
    ),
    ("a: 1\n b: 2", 2, 3, "not valid YAML: mapping values are not allowed in this context"),
    ("a: *x", 1, 4, "alias *x without an anchor &x above it"),
    ("a: &x [*x]", 1, 8, "alias *x without an anchor &x above it"),
    ("a: 1\n---\nb: 2", 2, 1, "expected one document, found a second one"),
    ("a: 1\nä: \u{1}", 2, 4, "not valid YAML: control characters are not allowed"),
    (
      "a: \"\\q\"", 1, 5,
      "not valid YAML: found unknown escape character while parsing a quoted scalar from line 1"
    ),
  ])
  func `what is no YAML is told with its place`(
    text: String, line: Int, column: Int, message: String
  ) {
    let failure = #expect(throws: YAMLParser.Failure.self) { try parse(text) }
    #expect(failure?.message == message)
    #expect(failure?.mark == .init(line: line, column: column))
  }

  @Test func `bytes that are no UTF-8 are told`() {
    let failure = #expect(throws: YAMLParser.Failure.self) {
      try YAMLParser.parse([0x61, 0x3A, 0x20, 0xFF, 0xFE])
    }
    #expect(failure?.message == "not valid YAML: invalid leading UTF-8 octet")
  }

  @Test func `a zero byte in a text is kept`() throws {
    #expect(try parse("\"a\\0b\"")?.scalar == "a\0b")
  }

  @Test(.timeLimit(.minutes(1)))
  func `a document that is too deep, too long or too large is refused`() {
    let deep = String(repeating: "[", count: 100_000)
    #expect(throws: YAMLParser.Failure.self) { try parse(deep) }
    let long = String(repeating: "a", count: (1 << 20) + 1)
    #expect(
      throws: YAMLParser.Failure(
        message: "the file has 1048577 bytes, at most 1048576 are read",
        mark: .init(line: 1, column: 1))
    ) { try parse(long) }
    let many = "[" + String(repeating: "1,", count: 100_001) + "]"
    let failure = #expect(throws: YAMLParser.Failure.self) { try parse(many) }
    #expect(failure?.message == "more than 100000 values")
  }

  @Test(.timeLimit(.minutes(1))) func `a laughing billion is refused`() {
    var text = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n"
    for level in 1...9 {
      let aliases = Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ",")
      text += "a\(level): &a\(level) [\(aliases)]\n"
    }
    let failure = #expect(throws: YAMLParser.Failure.self) { try parse(text) }
    #expect(failure?.message == "more than 100000 values")
    #expect(failure?.mark.line == 5)
  }
}
