package import Linux

/// What a stream can show.
package struct Surface: Hashable, Sendable {
  /// Whether it is a terminal on which lines can be redrawn.
  package var isTerminal: Bool
  /// Whether colours are wanted.
  package var hasColours: Bool
  /// Whether more than ASCII can be shown.
  package var hasUnicode: Bool
  /// Columns of a line.
  package var columns: Int

  /// A surface from its parts; plain ASCII in 80 columns unless told.
  package init(
    isTerminal: Bool = false, hasColours: Bool = false, hasUnicode: Bool = false,
    columns: Int = 80
  ) {
    self.isTerminal = isTerminal
    self.hasColours = hasColours
    self.hasUnicode = hasUnicode
    self.columns = columns
  }

  /// What a descriptor can show, after the environment.
  ///
  /// `TERM` that is `dumb` or missing: no redrawing, no colours. `NO_COLOR` that is not empty: no
  /// colours (no-color.org). Characters beyond ASCII need a locale with UTF-8 in LC_ALL, LC_CTYPE
  /// or LANG, the first that is set. Width: that of the terminal, else `COLUMNS`, else 80.
  package init(of stream: BorrowedDescriptor, environment: [String: String]) {
    let term = environment["TERM"] ?? ""
    isTerminal = Descriptor.isTerminal(stream.rawValue) && !term.isEmpty && term != "dumb"
    hasColours = isTerminal && (environment["NO_COLOR"] ?? "").isEmpty
    hasUnicode = Self.isUnicode(environment)
    columns =
      Descriptor.windowSize(stream.rawValue)?.columns
      ?? environment["COLUMNS"].flatMap { Int($0) }.flatMap { $0 > 0 ? $0 : nil } ?? 80
  }

  /// The text with styles, if there are colours.
  package func styled(_ text: String, _ styles: Style...) -> String {
    styled(text, styles)
  }

  /// The text with styles, if there are colours.
  package func styled(_ text: String, _ styles: [Style]) -> String {
    guard hasColours, !styles.isEmpty, !text.isEmpty else { return text }
    return "\u{1B}[\(styles.map(\.rawValue).joined(separator: ";"))m\(text)\u{1B}[0m"
  }

  /// The signs that it can show.
  package var symbols: Symbols { hasUnicode ? .unicode : .ascii }

  private static func isUnicode(_ environment: [String: String]) -> Bool {
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].lazy
      .compactMap { environment[$0] }.first { !$0.isEmpty }
    let name = (locale ?? "").lowercased().filter { $0 != "-" }
    return name.hasSuffix("utf8") || name.contains("utf8@")
  }
}
