/// How foreign text is shown in messages.
enum Told {
  /// The text in quotes, cut after 60 characters, without anything that a terminal would obey.
  static func quoted(_ text: String) -> String {
    "\"\(plain(text, limit: 60))\""
  }

  /// The text on one line, cut after `limit` characters, control characters escaped.
  static func plain(_ text: String, limit: Int) -> String {
    var told = ""
    var count = 0
    for scalar in text.unicodeScalars {
      guard count < limit else { return told + "…" }
      count += 1
      switch scalar {
      case "\n": told += "\\n"
      case "\r": told += "\\r"
      case "\t": told += "\\t"
      case _ where isInvisible(scalar): told += "\\u{\(String(scalar.value, radix: 16))}"
      default: told.unicodeScalars.append(scalar)
      }
    }
    return told
  }

  /// Control and formatting characters, among them those that turn the direction of writing.
  private static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned: true
    default: false
    }
  }

  /// The known word that was probably meant: at most two slips away, and nearer than it is long.
  static func nearest(to word: String, among known: [String]) -> String? {
    let scored = known.map { (word: $0, distance: distance(word.lowercased(), $0)) }
    guard let best = scored.min(by: { $0.distance < $1.distance }) else { return nil }
    return best.distance <= 2 && best.distance < best.word.count ? best.word : nil
  }

  /// How many letters must be changed, added, dropped or swapped with their neighbour.
  private static func distance(_ first: String, _ second: String) -> Int {
    let a = Array(first.unicodeScalars.prefix(64))
    let b = Array(second.unicodeScalars.prefix(64))
    var older: [Int] = []
    var old = Array(0...b.count)
    for i in a.indices {
      var new = [i + 1]
      for j in b.indices {
        let same = a[i] == b[j]
        var best = min(old[j + 1] + 1, new[j] + 1, old[j] + (same ? 0 : 1))
        if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { best = min(best, older[j - 1] + 1) }
        new.append(best)
      }
      (older, old) = (old, new)
    }
    return old[b.count]
  }
}
