/// The verbs and options that every program has. ``Program/parse(_:environment:format:)`` answers
/// them itself.
extension Program {
  static let help = Option(flag: "help", short: "h", "Show help for the program or a verb.")
  static let versionFlag = Option(flag: "version", "Show the version.")

  static let builtIn = ["help", "completions"]

  static let shell = Positional(
    "SHELL", .choice("SHELL", of: Shell.self), "The shell.")
  static let page = Positional(
    optional: "PAGE", .text("PAGE"), "A page, such as a verb. Default: the program's own page.")
  static let list = Option(flag: "list", "Print the names of all pages, one a line.")

  static let completions = Command(
    "completions", summary: "Print the completion script for a shell.",
    discussion: """
      The script is written to standard output. Put it where the shell looks for completions, or
      read it in at the start of a session.
      """,
    arguments: [shell], run: answered)

  static let manual = Command(
    "manual", summary: "Print a man page.", arguments: [page], options: [list], hidden: true,
    run: answered)

  static func helpVerb(_ verbs: [String]) -> Command {
    Command(
      "help", summary: "Show help for the program or a verb.", arguments: [topic(verbs)],
      run: answered)
  }

  /// Every name is accepted here, so that an unknown one is told as an unknown verb, not as a bad
  /// value.
  static func topic(_ verbs: [String]) -> Positional<String?> {
    let kind = ValueKind<String>("VERB", expecting: "a verb", hint: .choices(verbs)) { $0 }
    return Positional(optional: "VERB", kind, "The verb.")
  }

  /// Never called through ``Program/parse(_:environment:format:)``, which answers before.
  private static func answered(_ parsed: Parsed) throws -> ExitCode { .success }
}
