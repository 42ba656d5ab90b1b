/// The signs that a surface can show.
package struct Symbols: Hashable, Sendable {
  /// In front of what went well.
  package let success: String
  /// In front of what failed.
  package let failure: String
  /// In front of what needs a look.
  package let warning: String
  /// Between cause and effect.
  package let arrow: String
  /// Where text was cut off.
  package let ellipsis: String
  /// One after the other, they turn.
  let spinner: [String]
  let bar: Bar

  /// The parts of a progress bar.
  struct Bar: Hashable, Sendable {
    let start: String
    let full: String
    /// Half a column, or nothing where there is no such sign.
    let half: String
    let empty: String
    let end: String
  }

  /// For UTF-8.
  package static let unicode = Symbols(
    success: "✓", failure: "✗", warning: "!", arrow: "→", ellipsis: "…",
    spinner: ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"],
    bar: Bar(start: "", full: "━", half: "╸", empty: "─", end: ""))

  /// For everything else.
  package static let ascii = Symbols(
    success: "+", failure: "x", warning: "!", arrow: "->", ellipsis: "...",
    spinner: ["|", "/", "-", "\\"],
    bar: Bar(start: "[", full: "#", half: "", empty: ".", end: "]"))
}
