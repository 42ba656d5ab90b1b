/// Names for the bits of a number.
final class FlagNames: Sendable {
  private let names: [(name: String, bits: Int128)]

  /// Declares names of bits.
  init(_ names: [(String, UInt32)]) {
    self.names = names.map { (name: $0.0, bits: Int128($0.1)) }
  }

  /// The names of the bits that are set, and what is left of the number: `PROT_READ | 0x10`.
  func text(of value: Int128) -> String {
    var words = names.filter { value & $0.bits != 0 }.map(\.name)
    let rest = names.reduce(value) { $0 & ~$1.bits }
    if rest != 0 { words.append(hexadecimal(rest)) }
    return words.joined(separator: " | ")
  }

  /// The number that a text of ``text(of:)`` tells, `nil` for a strange name.
  func value(of text: String) -> Int128? {
    if text.isEmpty { return 0 }
    var value: Int128 = 0
    for word in text.split(separator: "|") {
      let word = trimmed(word)
      if let bits = names.first(where: { $0.name == word })?.bits ?? wholeNumber(word) {
        value += bits
      } else {
        return nil
      }
    }
    return value
  }
}
