/// Command lines as one text: words, quotes and backslashes as in a shell, nothing else of it.
enum ShellWords {
  /// The words; nil when a quote or a backslash is left open.
  ///
  /// `$`, `*`, `|` and the like are letters.
  static func split(_ text: String) -> [String]? {
    var words: [String] = []
    var word: String?
    var quote: Character?
    var rest = text.makeIterator()
    while let character = rest.next() {
      switch (character, quote) {
      case ("\\", nil):
        guard let next = rest.next() else { return nil }
        word = (word ?? "") + String(next)
      case ("\\", "\""):
        guard let next = rest.next() else { return nil }
        word = (word ?? "") + ("\"\\$`".contains(next) ? "" : "\\") + String(next)
      case ("'", nil), ("\"", nil):
        quote = character
        word = word ?? ""
      case (let closing, let open?) where closing == open:
        quote = nil
      case (" ", nil), ("\t", nil), ("\n", nil):
        if let done = word { words.append(done) }
        word = nil
      default:
        word = (word ?? "") + String(character)
      }
    }
    guard quote == nil else { return nil }
    if let done = word { words.append(done) }
    return words
  }

  /// The words as one text that `split` and a shell read back.
  static func joined(_ words: [String]) -> String {
    words.map(quoted).joined(separator: " ")
  }

  private static func quoted(_ word: String) -> String {
    let isPlain = word.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"):
        true
      default: "-._/:=,@%+".utf8.contains(byte)
      }
    }
    if isPlain && !word.isEmpty { return word }
    return "'"
      + word.split(separator: "'", omittingEmptySubsequences: false)
      .joined(separator: #"'\''"#) + "'"
  }
}
