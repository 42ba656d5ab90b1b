package import Server

/// When a running server is frozen again: `after=1h,requests=10000`, whichever comes first.
package struct RefreshRule: Sendable, Hashable, LosslessStringConvertible {
  /// How long it has run; nil: that does not matter.
  package var after: TimeSpan?
  /// How many connections it has accepted; nil: that does not matter.
  package var requests: Int?

  /// Reads the text; nil if it has no condition, one that is not known, or one twice.
  package init?(_ text: String) {
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let words = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard words.count == 2 else { return nil }
      switch words[0] {
      case "after":
        guard after == nil, let span = TimeSpan(String(words[1])), span > .seconds(0) else {
          return nil
        }
        after = span
      case "requests":
        guard requests == nil, let count = Int(words[1]), count > 0 else { return nil }
        requests = count
      default: return nil
      }
    }
  }

  /// The text that reads back as the same rule.
  package var description: String {
    [after.map { "after=\($0)" }, requests.map { "requests=\($0)" }].compactMap(\.self)
      .joined(separator: ",")
  }
}
