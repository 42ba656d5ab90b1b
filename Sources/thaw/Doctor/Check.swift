import Terminal

/// One thing that `thaw doctor` looks at: what was found, whether that will do, and what to do if
/// not.
struct Check: Hashable, Encodable {
  /// Whether what was found will do.
  enum Verdict: String, Encodable, CaseIterable {
    /// It will.
    case ok
    /// A thaw works, but something else does not, or will soon not.
    case warning
    /// A thaw does not work without it.
    case missing
    /// Good to know; nothing depends on it.
    case note
  }

  /// What was looked at.
  let check: String
  let verdict: Verdict
  let found: String
  /// What to do; nil where nothing is to be done.
  let fix: String?

  private init(_ check: String, _ verdict: Verdict, _ found: String, _ fix: String?) {
    self.check = check
    self.verdict = verdict
    self.found = found
    self.fix = fix
  }

  static func ok(_ check: String, _ found: String) -> Check { .init(check, .ok, found, nil) }

  static func note(_ check: String, _ found: String) -> Check { .init(check, .note, found, nil) }

  static func warning(_ check: String, _ found: String, fix: String) -> Check {
    .init(check, .warning, found, fix)
  }

  static func missing(_ check: String, _ found: String, fix: String) -> Check {
    .init(check, .missing, found, fix)
  }

  /// Its line: verdict, name, what was found, and the fix behind an arrow.
  func line(on surface: Surface) -> String {
    let style: Style =
      switch verdict {
      case .ok: .green
      case .warning: .yellow
      case .missing: .red
      case .note: .dim
      }
    let end = fix.map { " \(surface.symbols.arrow) \($0)" } ?? ""
    return surface.styled(TextWidth.padded(verdict.rawValue, to: 7), style) + "  "
      + TextWidth.padded(check, to: 17) + "  " + TextWidth.safe(found + end)
  }
}
