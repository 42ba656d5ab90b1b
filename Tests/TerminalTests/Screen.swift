/// A terminal of the few sequences that our output uses; an unknown one is an issue of the test.
struct Screen {
  private var lines: [[Character]] = [[]]
  private var row = 0
  private var column = 0
  /// Sequences that it does not know.
  private(set) var unknown: [String] = []
  /// The widest line that it ever had.
  private(set) var widest = 0

  /// What can be seen, without spaces at the ends and empty lines below.
  var text: String {
    var shown = lines.map { line in
      var line = line
      while line.last == " " { line.removeLast() }
      return String(line)
    }
    while shown.last == "" { shown.removeLast() }
    return shown.joined(separator: "\n")
  }

  /// Where the cursor stands.
  var cursor: (row: Int, column: Int) { (row, column) }

  init(_ bytes: [UInt8]) {
    var rest = Array(String(decoding: bytes, as: UTF8.self).unicodeScalars)[...]
    while let scalar = rest.popFirst() {
      switch scalar {
      case "\n": moveDown()
      case "\r": column = 0
      case "\u{1B}": escape(&rest)
      default: put(Character(scalar))
      }
    }
  }

  private mutating func moveDown() {
    row += 1
    if row == lines.count { lines.append([]) }
  }

  private mutating func put(_ character: Character) {
    while lines[row].count <= column { lines[row].append(" ") }
    lines[row][column] = character
    column += 1
    widest = max(widest, column)
  }

  private mutating func escape(_ rest: inout ArraySlice<Unicode.Scalar>) {
    var sequence = ""
    while let scalar = rest.popFirst() {
      sequence.unicodeScalars.append(scalar)
      if scalar.properties.isAlphabetic { break }
    }
    let number = Int(sequence.dropFirst().dropLast()) ?? 1
    switch (sequence.first, sequence.last) {
    case ("[", "m"): break
    case ("[", "A") where row >= number: row -= number
    case ("[", "K"): lines[row] = Array(lines[row].prefix(column))
    case ("[", "J"):
      lines[row] = Array(lines[row].prefix(column))
      lines = Array(lines.prefix(row + 1))
    default: unknown.append(sequence)
    }
  }
}
