/// Takes words apart into options and arguments, after a table of options; it knows nothing of
/// verbs.
struct Parser {
  /// What an argument does to the options behind it.
  enum Style {
    /// It ends the whole pass; the words from it on are left in `rest`.
    case stopsAtArgument
    /// Options may follow it.
    case mixed
    /// All behind the first one is taken as it is.
    case passesThrough
  }

  private let table: [OptionDefinition]
  private let style: Style
  /// The words not looked at yet.
  private(set) var rest: ArraySlice<String>
  private(set) var options: [String: [String]] = [:]
  private(set) var words: [String] = []

  init(_ table: [OptionDefinition], style: Style, words: ArraySlice<String>) {
    self.table = table
    self.style = style
    rest = words
  }

  mutating func run() throws(UsageError.Problem) {
    while let word = rest.first {
      if word == "--" {
        rest.removeFirst()
        if style == .stopsAtArgument { return }
        takeAll()
      } else if word.hasPrefix("--") {
        rest.removeFirst()
        try takeLong(word)
      } else if word.hasPrefix("-"), word.count > 1 {
        rest.removeFirst()
        try takeShort(word)
      } else {
        if style == .stopsAtArgument { return }
        words.append(rest.removeFirst())
        if style == .passesThrough { takeAll() }
      }
    }
  }

  private mutating func takeAll() {
    words += rest
    rest = []
  }

  /// `--name`, `--name VALUE` or `--name=VALUE`.
  private mutating func takeLong(_ word: String) throws(UsageError.Problem) {
    let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    let spelling = String(parts[0])
    guard let option = table.first(where: { $0.long == spelling }) else {
      throw unknown(spelling)
    }
    if parts.count == 2 {
      let value = String(parts[1])
      guard option.rule != nil else {
        throw .unexpectedValue(option: option.long, value: value)
      }
      try add(value, to: option)
    } else {
      try takeValue(of: option)
    }
  }

  /// `-d`, `-dp VALUE`, `-dpVALUE` or `-dp=VALUE`.
  private mutating func takeShort(_ word: String) throws(UsageError.Problem) {
    var letters = word.dropFirst()
    while let letter = letters.popFirst() {
      guard let option = table.first(where: { $0.short == letter }) else {
        // The whole word is told, as `-detach` is mostly meant as `--detach`.
        let isLongForm = letters.count > 1 && Suggestion.best(for: word, among: spellings) != nil
        throw unknown(isLongForm ? word : "-\(letter)")
      }
      if option.rule == nil {
        options[option.name, default: []].append("")
      } else if letters.isEmpty {
        try takeValue(of: option)
      } else {
        try add(String(letters.first == "=" ? letters.dropFirst() : letters), to: option)
        return
      }
    }
  }

  /// Takes the next word for the option's value, unless it looks like an option: `--name -d` is a
  /// forgotten name.
  private mutating func takeValue(of option: OptionDefinition) throws(UsageError.Problem) {
    guard option.rule != nil else {
      options[option.name, default: []].append("")
      return
    }
    guard let word = rest.first, !looksLikeOption(word) else {
      throw .missingValue(option: option.spelled)
    }
    rest.removeFirst()
    try add(word, to: option)
  }

  private func looksLikeOption(_ word: String) -> Bool {
    guard word.hasPrefix("-"), word != "-" else { return false }
    return Double(word) == nil
  }

  private mutating func add(
    _ text: String, to option: OptionDefinition
  ) throws(UsageError.Problem) {
    try option.rule?.check(text, place: option.spelled)
    options[option.name, default: []].append(text)
  }

  private var spellings: [String] { table.filter { !$0.isHidden }.map(\.long) }

  private func unknown(_ spelling: String) -> UsageError.Problem {
    .unknownOption(spelling, suggestion: Suggestion.best(for: spelling, among: spellings))
  }
}

extension ValueRule {
  /// Throws what is wrong with a text that is not of this kind.
  func check(_ text: String, place: String) throws(UsageError.Problem) {
    guard !accepts(text) else { return }
    throw .invalidValue(
      text, place: place, expected: expectation,
      suggestion: Suggestion.best(for: text, among: choices))
  }
}
