/// How a piece of text looks on a terminal with colours (ECMA-48); elsewhere it is plain.
package enum Style: String, Hashable, Sendable {
  /// Brighter or heavier.
  case bold = "1"
  /// Fainter, for what matters less.
  case dim = "2"
  /// What failed.
  case red = "31"
  /// What is well.
  case green = "32"
  /// What needs a look.
  case yellow = "33"
  /// Names and links.
  case blue = "34"
  /// What is going on.
  case cyan = "36"
}
