/// A text in EDN, Clojure's notation, as far as its comments and its layout can be told from what it says.
///
/// Source: the EDN format, github.com/edn-format/edn.
package enum EDNText {
  private static let opening = Array("([{".utf8)
  private static let closing = Array(")]}".utf8)

  /// The text without comments, with one space for all that only separates; a value behind `#_` counts.
  ///
  /// - Returns: the bytes; nil if a string has no end.
  package static func meaning(_ text: [UInt8]) -> [UInt8]? {
    var bytes: [UInt8] = []
    var rest = text[...]
    /// Whether there is something before the next byte that ends what came before.
    var separates = false
    /// Whether there is something to be separated.
    var follows = false
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: ";") {
        rest = rest.drop { $0 != UInt8(ascii: "\n") }
        separates = true
      } else if byte <= UInt8(ascii: " ") || byte == UInt8(ascii: ",") {
        separates = true
      } else {
        if separates, follows, !closing.contains(byte) { bytes.append(UInt8(ascii: " ")) }
        separates = false
        follows = !opening.contains(byte)
        bytes.append(byte)
        // A character such as \; or \" stands for itself.
        if byte == UInt8(ascii: "\\"), let character = rest.popFirst() { bytes.append(character) }
        if byte == UInt8(ascii: "\""), !takeString(&rest, into: &bytes) { return nil }
      }
    }
    return bytes
  }

  /// Takes the rest of a string with its closing quote; false if it has none.
  private static func takeString(
    _ rest: inout ArraySlice<UInt8>, into bytes: inout [UInt8]
  ) -> Bool {
    while let byte = rest.popFirst() {
      bytes.append(byte)
      if byte == UInt8(ascii: "\"") { return true }
      if byte == UInt8(ascii: "\\"), let escaped = rest.popFirst() { bytes.append(escaped) }
    }
    return false
  }
}
