/// How a command ended, with the meaning that its help documents.
///
/// Two codes are equal when their numbers are.
package struct ExitCode: Hashable, Sendable {
  /// The number for `exit(3)`.
  package let code: Int32
  /// One sentence for the help and the man page.
  package let meaning: String
  /// What stands for the number in the help.
  let label: String

  /// A code with its meaning; without one for a code that is not documented, such as a server's
  /// own.
  package init(_ code: Int32, _ meaning: String = "") {
    self.init(code, label: "\(code)", meaning)
  }

  private init(_ code: Int32, label: String, _ meaning: String) {
    self.code = code
    self.label = label
    self.meaning = meaning
  }

  /// All went well.
  package static let success = ExitCode(0, "Success.")
  /// The command line was wrong: `EX_USAGE` of sysexits.h.
  package static let usage = ExitCode(64, "The command line was wrong.")
  /// The program itself is wrong: `EX_SOFTWARE` of sysexits.h.
  package static let software = ExitCode(70, "An internal error.")

  /// A row for the help that stands for all other codes, such as those of the server itself.
  package static func others(_ meaning: String) -> ExitCode {
    ExitCode(-1, label: "other", meaning)
  }

  package static func == (left: ExitCode, right: ExitCode) -> Bool { left.code == right.code }

  package func hash(into hasher: inout Hasher) { hasher.combine(code) }
}
