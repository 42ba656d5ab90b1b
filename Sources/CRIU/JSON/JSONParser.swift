/// Parses the JSON that `crit` writes, and what people make of it with their tools.
struct JSONParser {
  /// How deep values may lie in each other; a message may lie in a hundred others.
  private static let depthLimit = 256

  private let bytes: [UInt8]
  private var position = 0

  /// The value that a text holds.
  static func parse(_ text: String) throws(Damage) -> JSONValue {
    var parser = JSONParser(text)
    let value = try parser.value(depth: 0)
    parser.skipSpace()
    guard parser.position == parser.bytes.count else { throw parser.damage("text after the end") }
    return value
  }

  private init(_ text: String) {
    bytes = Array(text.utf8)
  }

  private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

  private func damage(_ reason: String) -> Damage {
    Damage(reason: "JSON: \(reason)", offset: position)
  }

  private mutating func skipSpace() {
    while let byte = next, byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09 {
      position += 1
    }
  }

  /// Whether the next character is this one; it is passed over then.
  private mutating func skip(_ character: Character) -> Bool {
    skipSpace()
    guard let byte = next, byte == character.asciiValue else { return false }
    position += 1
    return true
  }

  private mutating func expect(_ character: Character) throws(Damage) {
    guard skip(character) else { throw damage("\"\(character)\" expected") }
  }

  private mutating func value(depth: Int) throws(Damage) -> JSONValue {
    guard depth < JSONParser.depthLimit else { throw damage("values nested too deep") }
    if skip("{") { return try object(depth: depth) }
    if skip("[") { return try array(depth: depth) }
    if skip("\"") { return .string(try string()) }
    for (word, value) in [("true", JSONValue.bool(true)), ("false", .bool(false)), ("null", .null)]
    where bytes[position...].starts(with: word.utf8) {
      position += word.utf8.count
      return value
    }
    return .number(try number())
  }

  private mutating func object(depth: Int) throws(Damage) -> JSONValue {
    var members: [JSONValue.Member] = []
    if skip("}") { return .object([]) }
    repeat {
      try expect("\"")
      let name = try string()
      try expect(":")
      members.append(JSONValue.Member(name, try value(depth: depth + 1)))
    } while skip(",")
    try expect("}")
    return .object(members)
  }

  private mutating func array(depth: Int) throws(Damage) -> JSONValue {
    var values: [JSONValue] = []
    if skip("]") { return .array([]) }
    repeat { values.append(try value(depth: depth + 1)) } while skip(",")
    try expect("]")
    return .array(values)
  }

  private mutating func number() throws(Damage) -> Int128 {
    let start = position
    while let byte = next, byte == UInt8(ascii: "-") || (0x30...0x39).contains(byte) {
      position += 1
    }
    let digits = String(decoding: bytes[start..<position], as: UTF8.self)
    guard let number = Int128(digits) else {
      position = start
      throw damage("a value expected")
    }
    if let byte = next, byte == UInt8(ascii: ".") || byte | 0x20 == UInt8(ascii: "e") {
      throw damage("a whole number expected")
    }
    return number
  }

  private mutating func string() throws(Damage) -> String {
    var text: [UInt8] = []
    while let byte = next {
      position += 1
      switch byte {
      case UInt8(ascii: "\""): return String(decoding: text, as: UTF8.self)
      case UInt8(ascii: "\\"): try escape(into: &text)
      default: text.append(byte)
      }
    }
    throw damage("text without an end")
  }

  private mutating func escape(into text: inout [UInt8]) throws(Damage) {
    guard let byte = next else { throw damage("text without an end") }
    position += 1
    switch byte {
    case UInt8(ascii: "n"): text.append(0x0a)
    case UInt8(ascii: "r"): text.append(0x0d)
    case UInt8(ascii: "t"): text.append(0x09)
    case UInt8(ascii: "b"): text.append(0x08)
    case UInt8(ascii: "f"): text.append(0x0c)
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
    case UInt8(ascii: "u"):
      var units = [try unit()]
      if UTF16.isLeadSurrogate(units[0]), bytes[position...].starts(with: "\\u".utf8) {
        position += 2
        units.append(try unit())
      }
      text.append(contentsOf: String(decoding: units, as: UTF16.self).utf8)
    default: throw damage("a strange escape")
    }
  }

  private mutating func unit() throws(Damage) -> UInt16 {
    let digits = String(decoding: bytes[position...].prefix(4), as: UTF8.self)
    guard digits.utf8.count == 4, digits.first != "+", digits.first != "-",
      let unit = UInt16(digits, radix: 16)
    else { throw damage("four hexadecimal digits expected") }
    position += 4
    return unit
  }
}
