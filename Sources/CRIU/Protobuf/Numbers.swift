/// A number as `0x…`, negative ones as `-0x…`, which is how Python's `%x` shows them.
func hexadecimal(_ value: Int128) -> String {
  (value < 0 ? "-0x" : "0x") + String(value.magnitude, radix: 16)
}

/// A whole number from text: decimal, or with `0x`, `0o` or `0b` before it, with or without a sign.
func wholeNumber(_ text: String) -> Int128? {
  var digits = trimmed(text[...])
  var isNegative = false
  if digits.hasPrefix("-") || digits.hasPrefix("+") {
    isNegative = digits.removeFirst() == "-"
  }
  guard digits.first != "-", digits.first != "+" else { return nil }
  var radix = 10
  for (prefix, base) in [("0x", 16), ("0o", 8), ("0b", 2)] where digits.hasPrefix(prefix) {
    radix = base
    digits.removeFirst(2)
    guard digits.first != "-", digits.first != "+" else { return nil }
  }
  guard let value = Int128(digits, radix: radix) else { return nil }
  return isNegative ? -value : value
}

/// A text without the spaces around it.
func trimmed(_ text: Substring) -> String {
  var text = text.drop(while: \.isWhitespace)
  while text.last?.isWhitespace == true { text.removeLast() }
  return String(text)
}
