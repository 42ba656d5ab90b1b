/// How help is laid out.
package struct HelpFormat: Sendable {
  /// Columns of the terminal; lines are at most so long, words that are longer excepted.
  package var width: Int
  /// Whether headings are bold (ECMA-48), for a terminal.
  package var isBold: Bool

  /// Eighty columns without escape sequences, unless told otherwise.
  ///
  /// Text gets no wider than 100 columns: it would be hard to read.
  package init(width: Int = 80, isBold: Bool = false) {
    self.width = min(max(width, 40), 100)
    self.isBold = isBold
  }

  func heading(_ text: String) -> String {
    isBold ? "\u{1B}[1m\(text)\u{1B}[0m" : text
  }
}
