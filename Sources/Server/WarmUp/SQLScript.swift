/// Splits SQL into statements at the semicolons that end them.
///
/// Quotes (`'…'`, `E'…'`, `"…"`), dollar quotes (`$$…$$`, `$tag$…$tag$`) and comments (`--`, nested
/// `/* */`) are skipped as PostgreSQL's lexer does with `standard_conforming_strings` on.
/// Semicolons inside `BEGIN ATOMIC … END` of a function are not known; use dollar quotes there.
package struct SQLScript {
  /// What was begun and not ended.
  package struct Failure: Error, Hashable {
    /// What is wrong.
    package var message: String
    /// Where it begins, from 1.
    package var line: Int
    /// Where in the line, in characters, from 1.
    package var column: Int
  }

  private let bytes: [UInt8]
  private var position = 0

  private init(_ text: String) {
    bytes = Array(text.utf8)
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
  }

  /// The statements of a text in order, without their semicolons and the space around them; those
  /// that hold nothing but comments are left out.
  package static func statements(in text: String) throws(Failure) -> [String] {
    var script = SQLScript(text)
    var statements: [String] = []
    while let statement = try script.next() { statements.append(statement) }
    return statements
  }

  /// The next statement that holds anything.
  private mutating func next() throws(Failure) -> String? {
    while position < bytes.count {
      var start: Int?
      var end = position
      while position < bytes.count, bytes[position] != UInt8(ascii: ";") {
        let before = position
        if try !skipBlank() {
          try skipToken()
          start = start ?? before
          end = position
        }
      }
      position += 1
      if let start { return String(decoding: bytes[start..<end], as: UTF8.self) }
    }
    return nil
  }

  /// Skips one space or comment; false when there is none.
  private mutating func skipBlank() throws(Failure) -> Bool {
    switch (bytes[position], peek(1)) {
    case (0x09...0x0D, _), (0x20, _):
      position += 1
    case (UInt8(ascii: "-"), UInt8(ascii: "-")):
      while let byte = peek(0), byte != 0x0A, byte != 0x0D { position += 1 }
    case (UInt8(ascii: "/"), UInt8(ascii: "*")):
      try skipComment()
    default: return false
    }
    return true
  }

  private mutating func skipComment() throws(Failure) {
    let start = position
    var depth = 0
    repeat {
      switch (peek(0), peek(1)) {
      case (UInt8(ascii: "/"), UInt8(ascii: "*")):
        depth += 1
        position += 2
      case (UInt8(ascii: "*"), UInt8(ascii: "/")):
        depth -= 1
        position += 2
      case (nil, _): throw failure("a comment /* that nothing ends", at: start)
      default: position += 1
      }
    } while depth > 0
  }

  /// Skips one quoted text, word or single character.
  private mutating func skipToken() throws(Failure) {
    let byte = bytes[position]
    switch byte {
    case UInt8(ascii: "'"): try skipQuoted(by: byte, escapes: false)
    case UInt8(ascii: "\""): try skipQuoted(by: byte, escapes: false)
    case UInt8(ascii: "e"), UInt8(ascii: "E"):
      if peek(1) == UInt8(ascii: "'") {
        position += 1
        try skipQuoted(by: UInt8(ascii: "'"), escapes: true)
      } else {
        skipWord()
      }
    case UInt8(ascii: "$"): try skipDollar()
    case UInt8(ascii: "\\"):
      throw failure("commands of psql such as \\c are not SQL", at: position)
    case _ where Self.isWord(byte): skipWord()
    default: position += 1
    }
  }

  private mutating func skipQuoted(by quote: UInt8, escapes: Bool) throws(Failure) {
    let start = position
    position += 1
    while let byte = peek(0) {
      position += 1
      if escapes, byte == UInt8(ascii: "\\") {
        position += 1
      } else if byte == quote {
        // A doubled quote is one of the text.
        guard peek(0) == quote else { return }
        position += 1
      }
    }
    throw failure("a quote \(Character(Unicode.Scalar(quote))) that nothing ends", at: start)
  }

  /// Skips a dollar-quoted text, a parameter such as `$1`, or the dollar.
  private mutating func skipDollar() throws(Failure) {
    let start = position
    var end = position + 1
    while end < bytes.count, Self.isWord(bytes[end]), bytes[end] != UInt8(ascii: "$") { end += 1 }
    let isParameter = peek(1).map { (0x30...0x39).contains($0) } ?? false
    guard !isParameter, end < bytes.count, bytes[end] == UInt8(ascii: "$") else {
      position += 1
      return
    }
    let tag = bytes[start...end]
    position = end + 1
    while position < bytes.count {
      if bytes[position] == UInt8(ascii: "$"), bytes[position...].starts(with: tag) {
        position += tag.count
        return
      }
      position += 1
    }
    throw failure("a quote \(String(decoding: tag, as: UTF8.self)) that nothing ends", at: start)
  }

  private mutating func skipWord() {
    while let byte = peek(0), Self.isWord(byte) { position += 1 }
  }

  /// Letters, digits, `_`, `$` and all beyond ASCII; a dollar inside a word begins no quote.
  private static func isWord(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "$"), 0x80...0xFF:
      true
    default: false
    }
  }

  private func peek(_ offset: Int) -> UInt8? {
    position + offset < bytes.count ? bytes[position + offset] : nil
  }

  private func failure(_ message: String, at start: Int) -> Failure {
    let before = String(decoding: bytes[..<start], as: UTF8.self)
    let lines = before.split(separator: "\n", omittingEmptySubsequences: false)
    return Failure(
      message: message, line: lines.count,
      column: (lines.last?.unicodeScalars.count ?? 0) + 1)
  }
}
