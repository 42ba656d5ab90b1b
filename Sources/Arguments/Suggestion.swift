/// Finds the word that was probably meant.
enum Suggestion {
  /// The nearest word, if it is near enough: about one typing error in three letters, or a word
  /// that begins like this.
  static func best(for word: String, among words: [String]) -> String? {
    let plain = bare(word)
    guard !plain.isEmpty else { return nil }
    let near =
      words
      .map { (word: $0, distance: distance(plain, bare($0))) }
      .filter { $0.distance <= max(1, min(plain.count, bare($0.word).count) / 3) }
      .min { $0.distance < $1.distance }
    if let near { return near.word }
    let longer = words.filter { bare($0).hasPrefix(plain) && plain.count >= 2 }
    return longer.count == 1 ? longer[0] : nil
  }

  /// The word without its dashes, in small letters.
  private static func bare(_ word: String) -> String {
    word.drop { $0 == "-" }.lowercased()
  }

  /// Letters to add, drop, change, or swap with the next one (optimal string alignment).
  static func distance(_ one: String, _ other: String) -> Int {
    let a = Array(one)
    let b = Array(other)
    var rows = [Array(0...b.count)]
    for i in 0..<a.count {
      var row = [i + 1]
      for j in 0..<b.count {
        let change = rows[i][j] + (a[i] == b[j] ? 0 : 1)
        var least = min(change, rows[i][j + 1] + 1, row[j] + 1)
        if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
          least = min(least, rows[i - 1][j - 1] + 1)
        }
        row.append(least)
      }
      rows.append(row)
    }
    return rows[a.count][b.count]
  }
}
