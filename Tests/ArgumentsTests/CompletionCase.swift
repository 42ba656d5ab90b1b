import Testing

/// What a shell should offer for a line that ends at the cursor.
struct CompletionCase: CustomTestStringConvertible {
  let line: String
  let offers: [String]
  /// What the program must have been asked for, if anything.
  var asked: String?

  var testDescription: String { "\(line)|" }

  init(_ line: String, _ offers: [String], asks asked: String? = nil) {
    self.line = line
    self.offers = offers
    self.asked = asked
  }

  static let globals = ["--help", "--json", "--quiet", "--root", "--version"]
  static let verbs = ["completions", "freeze", "help", "ls", "ps", "run", "stop"]
  static let checkpoints = ["shop", "xtdb:criu-checkpoint", "xtdb:latest"]

  /// Lines for which all shells offer the same words.
  static let common = [
    CompletionCase("thaw ", verbs),
    CompletionCase("thaw r", ["run"]),
    CompletionCase("thaw --root /x ru", ["run"]),
    CompletionCase("thaw run --eng", ["--engine"]),
    CompletionCase("thaw run --engine ", ["docker", "host", "podman", "runc"]),
    CompletionCase("thaw run ", checkpoints, asks: "ls --quiet"),
    CompletionCase("thaw run -dp ", []),
    CompletionCase("thaw run -dp 80:80 ", checkpoints, asks: "ls --quiet"),
    CompletionCase("thaw run -d --engine runc s", ["shop"], asks: "ls --quiet"),
    CompletionCase("thaw run -e A=b sh", ["shop"], asks: "ls --quiet"),
    CompletionCase("thaw --root /x run sh", ["shop"], asks: "--root /x ls --quiet"),
    CompletionCase("thaw --root=/x run sh", ["shop"], asks: "--root /x ls --quiet"),
    CompletionCase("thaw run --root /x sh", ["shop"], asks: "--root /x ls --quiet"),
    CompletionCase("thaw run -- sh", ["shop"], asks: "ls --quiet"),
    CompletionCase("thaw run shop --", []),
    CompletionCase("thaw run shop thi", ["this-file"]),
    CompletionCase("thaw run --recipe thi", ["this-file"]),
    CompletionCase("thaw stop red_bird r", ["red_bird"], asks: "ps --quiet"),
    CompletionCase("thaw stop red_bird --js", ["--json"]),
    CompletionCase("thaw completions ", ["bash", "fish", "zsh"]),
    CompletionCase("thaw help fr", ["freeze"]),
    CompletionCase("thaw freeze --name x my-pro", ["my-program"]),
    CompletionCase("thaw freeze --name x my-program thi", ["this-file"]),
  ]
}
