/// Addresses as CRIU's images hold them: one or four numbers whose bytes are in network order.
enum InternetAddress {
  /// The text of an address, as Python's `ipaddress` writes it; `nil` for another count of numbers.
  static func text(of words: [Int128]) -> String? {
    let words = words.map { UInt32(truncatingIfNeeded: $0) }
    switch words.count {
    case 1: return version4(words[0])
    case 4:
      if words[0] == 0, words[1] == 0, words[2] == UInt32(bigEndian: 0xffff) {
        return "::ffff:" + version4(words[3])
      }
      return version6(words.flatMap { groups($0) })
    default: return nil
    }
  }

  /// The numbers of an address, `nil` for a text that is none.
  static func words(of text: String) -> [Int128]? {
    if !text.contains(":") { return version4(text).map { [Int128($0)] } }
    guard let groups = version6(text) else { return nil }
    return stride(from: 0, to: 8, by: 2).map { index in
      Int128(UInt32(bigEndian: UInt32(groups[index]) << 16 | UInt32(groups[index + 1])))
    }
  }

  private static func version4(_ word: UInt32) -> String {
    (0..<4).map { String(word >> (8 * UInt32($0)) & 0xff) }.joined(separator: ".")
  }

  private static func groups(_ word: UInt32) -> [UInt16] {
    let value = UInt32(bigEndian: word)
    return [UInt16(value >> 16), UInt16(value & 0xffff)]
  }

  /// Eight groups, of which the longest run of two or more zeros becomes `::`.
  private static func version6(_ groups: [UInt16]) -> String {
    var best = 0..<0
    var start = 0
    for index in 0...groups.count where index == groups.count || groups[index] != 0 {
      if index - start > max(best.count, 1) { best = start..<index }
      start = index + 1
    }
    let text = { (part: ArraySlice<UInt16>) in
      part.map { String($0, radix: 16) }.joined(separator: ":")
    }
    if best.isEmpty { return text(groups[...]) }
    return text(groups[..<best.lowerBound]) + "::" + text(groups[best.upperBound...])
  }

  private static func version4(_ text: String) -> UInt32? {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    let bytes = parts.compactMap { $0.first == "+" ? nil : UInt8($0) }
    guard bytes.count == 4, parts.count == 4 else { return nil }
    return bytes.reversed().reduce(0) { $0 << 8 | UInt32($1) }
  }

  private static func version6(_ text: String) -> [UInt16]? {
    guard let gap = doubleColon(in: text) else {
      return groups(text[...]).flatMap { $0.count == 8 ? $0 : nil }
    }
    guard let head = groups(text[..<gap]), let tail = groups(text[text.index(gap, offsetBy: 2)...]),
      head.count + tail.count < 8
    else { return nil }
    return head + [UInt16](repeating: 0, count: 8 - head.count - tail.count) + tail
  }

  private static func doubleColon(in text: String) -> String.Index? {
    text.indices.first { text[$0...].hasPrefix("::") }
  }

  private static func groups(_ text: Substring) -> [UInt16]? {
    if text.isEmpty { return [] }
    var groups: [UInt16] = []
    for part in text.split(separator: ":", omittingEmptySubsequences: false) {
      if let word = part.contains(".") ? version4(String(part)) : nil {
        groups += self.groups(word)
      } else if part.count <= 4, part.utf8.allSatisfy(\.isHexadecimalDigit),
        let group = UInt16(part, radix: 16)
      {
        groups.append(group)
      } else {
        return nil
      }
    }
    return groups
  }
}
