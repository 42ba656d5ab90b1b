/// How many columns of a terminal a text takes.
package enum TextWidth {
  /// The columns of a text without escape sequences; wide characters count as two.
  package static func columns(of text: some StringProtocol) -> Int {
    text.reduce(0) { $0 + columns(of: $1) }
  }

  /// The text as it may be shown: control characters, which could move the cursor, are replaced by
  /// `?`, line ends and tabulators by a space.
  package static func safe(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: isControl) else { return text }
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      result.append(
        "\n\r\t".unicodeScalars.contains(scalar) ? " " : isControl(scalar) ? "?" : scalar)
    }
    return String(result)
  }

  /// The same for a text of several lines, whose line ends and tabulators stay.
  package static func safeLines(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      line.split(separator: "\t", omittingEmptySubsequences: false)
        .map { safe(String($0)) }.joined(separator: "\t")
    }.joined(separator: "\n")
  }

  /// The text, cut to so many columns, with `mark` at the end when something is missing.
  package static func fitted(_ text: String, to limit: Int, mark: String = "…") -> String {
    guard columns(of: text) > limit else { return text }
    let room = limit - columns(of: mark)
    guard room > 0 else { return String(mark.prefix(max(0, limit))) }
    var result = ""
    var used = 0
    for character in text {
      used += columns(of: character)
      if used > room { break }
      result.append(character)
    }
    return result + mark
  }

  /// The text with spaces behind it, or in front of it, up to so many columns.
  package static func padded(_ text: String, to width: Int, atFront: Bool = false) -> String {
    let space = String(repeating: " ", count: max(0, width - columns(of: text)))
    return atFront ? space + text : text + space
  }

  private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    scalar.value < 0x20 || (0x7F..<0xA0).contains(scalar.value)
      || (0x202A...0x202E).contains(scalar.value) || (0x2066...0x2069).contains(scalar.value)
  }

  private static func columns(of character: Character) -> Int {
    guard let first = character.unicodeScalars.first else { return 0 }
    if first.isASCII { return 1 }
    return wide.contains { $0.contains(first.value) } ? 2 : 1
  }

  /// Wide and full-width ranges of Unicode's EastAsianWidth.txt, and the emoji.
  private static let wide: [ClosedRange<UInt32>] = [
    0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xA960...0xA97C, 0xAC00...0xD7A3,
    0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F,
    0x1F680...0x1F6FF, 0x1F900...0x1FAFF, 0x20000...0x3FFFD,
  ]
}
