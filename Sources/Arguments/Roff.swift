/// Text for man(7) pages.
enum Roff {
  /// Escapes a text for a line of its own or the middle of one.
  ///
  /// A hyphen becomes `\-`, so that it can be copied from the page as the ASCII one; quotes and
  /// accents too would be set as typographic characters.
  static func text(_ text: some StringProtocol) -> String {
    var result = ""
    for character in text {
      switch character {
      case "\\": result += "\\(rs"
      case "-": result += "\\-"
      case "'": result += "\\(aq"
      case "\"": result += "\\(dq"
      case "`": result += "\\(ga"
      case "^": result += "\\(ha"
      case "~": result += "\\(ti"
      case "\n": result += " "
      default: result += character.isASCII ? String(character) : unicode(character)
      }
    }
    // A dot at the start of a line would be taken for a request.
    return result.hasPrefix(".") ? "\\&" + result : result
  }

  /// An argument of a macro.
  static func quoted(_ text: some StringProtocol) -> String { "\"\(self.text(text))\"" }

  /// Bold text inside of a line.
  static func bold(_ text: some StringProtocol) -> String { "\\fB\(self.text(text))\\fR" }

  /// Italic text inside of a line, for what the user replaces.
  static func italic(_ text: some StringProtocol) -> String { "\\fI\(self.text(text))\\fR" }

  private static func unicode(_ character: Character) -> String {
    character.unicodeScalars.map { scalar in
      let digits = String(scalar.value, radix: 16, uppercase: true)
      return "\\[u" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits + "]"
    }.joined()
  }
}
