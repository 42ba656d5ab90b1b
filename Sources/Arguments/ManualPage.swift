/// Puts a man page together from requests of man(7).
struct ManualPage {
  private var lines: [String]

  init(_ name: String, section: String, source: String) {
    let title = Roff.quoted(name.uppercased())
    // The date is left empty, so that a build of the same sources gives the same pages.
    lines = [
      ".TH \(title) \(section) \"\" \(Roff.quoted(source)) \"User Commands\"",
      // No hyphenation: names and options must be found as they are.
      ".nh",
    ]
  }

  var content: String { lines.joined(separator: "\n") + "\n" }

  mutating func section(_ name: String) { lines.append(".SH \(Roff.quoted(name))") }

  mutating func subsection(_ name: String) { lines.append(".SS \(Roff.quoted(name))") }

  mutating func name(_ name: String, _ summary: String) {
    section("NAME")
    lines.append("\(Roff.text(name)) \\- \(Roff.text(summary))")
  }

  /// The usage: words as they are typed bold, what the user replaces in italics.
  mutating func synopsis(_ usage: String) {
    section("SYNOPSIS")
    let words = usage.split(separator: " ").map { word in
      let isReplaced = word.contains(where: \.isUppercase) && !word.hasPrefix("-")
      return isReplaced ? Roff.italic(word) : Roff.bold(word)
    }
    lines.append(words.joined(separator: " "))
  }

  mutating func blocks(_ text: String) {
    for block in TextLayout.blocks(of: text) {
      switch block {
      case .paragraph(let text): lines += [".PP", Roff.text(text)]
      case .verbatim(let lines): verbatim(lines)
      }
    }
  }

  mutating func line(_ text: String) { lines += [".PP", text] }

  /// A tagged paragraph; `term` is roff already.
  mutating func definition(_ term: String, _ text: String) {
    lines += [".TP", term]
    // An empty body would leave the tag without a paragraph, which groff warns of.
    lines.append(text.isEmpty ? "\\&" : Roff.text(text))
  }

  mutating func option(_ option: OptionDefinition) {
    var term = option.spellings.map { Roff.bold($0) }.joined(separator: ", ")
    if let rule = option.rule { term += " " + Roff.italic(rule.placeholder) }
    definition(term, option.helpText)
  }

  mutating func example(_ example: Command.Example) {
    verbatim([example.line])
    lines += [".RS 4", Roff.text(example.meaning), ".RE"]
  }

  private mutating func verbatim(_ texts: [String]) {
    lines += [".PP", ".nf", ".RS 4"] + texts.map { $0.isEmpty ? "\\&" : Roff.text($0) }
    lines += [".RE", ".fi"]
  }
}
