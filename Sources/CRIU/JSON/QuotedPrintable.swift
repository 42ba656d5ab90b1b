/// Quoted-printable text as Python's `quopri` writes it, but for carriage returns, which that
/// module loses.
///
/// `crit` shows the names of UNIX sockets so: they may hold any byte.
enum QuotedPrintable {
  private static let lineLimit = 76
  private static let digits = Array("0123456789ABCDEF".utf8)

  /// The text of bytes.
  static func encode(_ bytes: [UInt8]) -> String {
    var text: [UInt8] = []
    var length = 0
    for (index, byte) in bytes.enumerated() {
      let next = index + 1 < bytes.count ? bytes[index + 1] : nil
      if byte == 0x0a {
        if let last = text.last, last == 0x20 || last == 0x09 {
          text.removeLast()
          text += quoted(last)
        }
        text.append(byte)
        length = 0
      } else {
        let isQuoted = mustQuote(byte, next: next, startsLine: length == 0)
        let width = isQuoted ? 3 : 1
        if length + width >= lineLimit, isQuoted || (next != nil && next != 0x0a) {
          text += [UInt8(ascii: "="), 0x0a]
          length = 0
        }
        text += isQuoted ? quoted(byte) : [byte]
        length += width
      }
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// The bytes of a text.
  static func decode(_ text: String) -> [UInt8] {
    let text = Array(text.utf8)
    var bytes: [UInt8] = []
    var index = 0
    while index < text.count {
      guard text[index] == UInt8(ascii: "=") else {
        bytes.append(text[index])
        index += 1
        continue
      }
      let rest = text[(index + 1)...]
      if let digits = hexadecimal(rest.prefix(2)) {
        bytes.append(digits)
        index += 3
      } else if rest.first == 0x0a {
        index += 2
      } else if rest.starts(with: [0x0d, 0x0a]) {
        index += 3
      } else {
        bytes.append(text[index])
        index += 1
      }
    }
    return bytes
  }

  private static func mustQuote(_ byte: UInt8, next: UInt8?, startsLine: Bool) -> Bool {
    switch byte {
    case UInt8(ascii: "="), 127...: true
    case 0x09, 0x20: next == nil
    case ..<0x20: true
    case UInt8(ascii: "."):
      startsLine && (next == nil || next == 0x0a || next == 0x0d || next == 0)
    default: false
    }
  }

  private static func quoted(_ byte: UInt8) -> [UInt8] {
    [UInt8(ascii: "="), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
  }

  private static func hexadecimal(_ pair: ArraySlice<UInt8>) -> UInt8? {
    guard pair.count == 2, pair.allSatisfy({ ($0 as UInt8).isHexadecimalDigit }) else { return nil }
    return UInt8(String(decoding: pair, as: UTF8.self), radix: 16)
  }
}

extension UInt8 {
  /// Whether the byte is one of `0-9`, `a-f`, `A-F` in ASCII.
  var isHexadecimalDigit: Bool {
    switch self {
    case 0x30...0x39, 0x41...0x46, 0x61...0x66: true
    default: false
    }
  }
}
