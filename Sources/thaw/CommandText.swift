import Images
import Linux

/// How values of a server's start are written for people.
enum CommandText {
  /// Words as a shell would take them.
  static func joined(_ words: [String]) -> String {
    words.map(quoted).joined(separator: " ")
  }

  private static func quoted(_ word: String) -> String {
    let isPlain =
      !word.isEmpty
      && word.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"):
          true
        default: "-_./:=,@%+^".utf8.contains(byte)
        }
      }
    return isPlain
      ? word
      : "'"
        + word.split(separator: "'", omittingEmptySubsequences: false)
        .joined(separator: "'\\''") + "'"
  }

  /// Variables, sorted; values whose names sound like secrets are not shown.
  static func variables(_ environment: [String: String]) -> [String] {
    environment.sorted { $0.key < $1.key }.map { name, value in
      "\(name)=" + (isSecret(name) ? "(hidden; --json shows it)" : value)
    }
  }

  static func isSecret(_ name: String) -> Bool {
    let name = name.uppercased()
    return ["PASSWORD", "PASSWD", "PASSPHRASE", "SECRET", "TOKEN", "CREDENTIAL", "_KEY", "APIKEY"]
      .contains { name.contains($0) }
  }

  /// Numbers in ranges: `1001-1004, 1010`.
  static func ranges(_ numbers: [Int32]) -> String {
    var ranges: [ClosedRange<Int32>] = []
    for number in Set(numbers).sorted() {
      if let last = ranges.last, last.upperBound == number - 1 {
        ranges[ranges.count - 1] = last.lowerBound...number
      } else {
        ranges.append(number...number)
      }
    }
    return ranges.map {
      $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)-\($0.upperBound)"
    }.joined(separator: ", ")
  }

  /// Words in lines of about 72 columns.
  static func wrapped(_ words: [String]) -> [String] {
    var lines: [String] = []
    for word in words {
      if let last = lines.last, last.utf8.count + word.utf8.count < 72 {
        lines[lines.count - 1] = last + " " + word
      } else {
        lines.append(word)
      }
    }
    return lines
  }

  /// `2026-11-23 19:00:00 UTC`.
  static func moment(_ time: Timestamp) -> String {
    let text = LogTime.text(of: time)
    return "\(text.prefix(10)) \(text.dropFirst(11).prefix(8)) UTC"
  }
}
