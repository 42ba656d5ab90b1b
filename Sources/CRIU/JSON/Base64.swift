/// Base64 as Python's `base64.encodebytes` writes it: lines of 76 characters, each with its
/// newline.
enum Base64 {
  private static let alphabet = Array(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

  /// The text of bytes, empty for none.
  static func encode(_ bytes: [UInt8]) -> String {
    var text: [UInt8] = []
    text.reserveCapacity(bytes.count / 3 * 4 + bytes.count / 57 + 8)
    for line in stride(from: 0, to: bytes.count, by: 57) {
      for start in stride(from: line, to: min(line + 57, bytes.count), by: 3) {
        let group = bytes[start..<min(start + 3, bytes.count)]
        let bits = group.enumerated().reduce(UInt32(0)) { $0 | UInt32($1.1) << (16 - 8 * $1.0) }
        for index in 0..<4 {
          text.append(
            index <= group.count
              ? alphabet[Int(bits >> (18 - 6 * UInt32(index)) & 63)] : UInt8(ascii: "="))
        }
      }
      text.append(UInt8(ascii: "\n"))
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// The bytes of a text, whose line breaks do not matter; `nil` for what is not base64.
  static func decode(_ text: String) -> [UInt8]? {
    var bytes: [UInt8] = []
    var bits: UInt32 = 0
    var count = 0
    var padding = 0
    for character in text.utf8 where !isSpace(character) {
      if character == UInt8(ascii: "=") {
        padding += 1
        continue
      }
      guard padding == 0, let value = value(of: character) else { return nil }
      bits = bits << 6 | value
      count += 1
      if count % 4 != 1 {
        bytes.append(UInt8(truncatingIfNeeded: bits >> shift(after: count % 4)))
      }
    }
    guard (count + padding) % 4 == 0, padding < 3 else { return nil }
    return bytes
  }

  /// How far the newest whole byte lies above the lowest bit after so many characters of four.
  private static func shift(after count: Int) -> UInt32 {
    count == 2 ? 4 : count == 3 ? 2 : 0
  }

  private static func isSpace(_ character: UInt8) -> Bool {
    character == 0x20 || character == 0x0a || character == 0x0d || character == 0x09
  }

  private static func value(of character: UInt8) -> UInt32? {
    switch character {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(character) - 65
    case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(character) - 71
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(character) + 4
    case UInt8(ascii: "+"): 62
    case UInt8(ascii: "/"): 63
    default: nil
    }
  }
}
