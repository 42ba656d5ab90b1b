/// What is made ahead of time.
extension RecipeReader {
  func ahead(_ node: YAMLNode, command: [String], warm: Recipe.Warm?) -> Recipe.Ahead? {
    let what = "the keys of what is made ahead of time"
    guard var fields = Fields(node, expected: what, findings) else { return nil }
    defer { fields.finish() }
    let given = fields.optional("main") { findings.line($0, "a class with a main") }
    let clojure = fields.optional("clojure") { findings.boolean($0) }
    let archive = fields.optional("archive") { findings.boolean($0) }
    guard let main = given ?? warm?.main else {
      if !fields.has("main") { findings.add("the key `main` is missing here", at: node.mark) }
      return nil
    }
    let ahead = Recipe.Ahead(main: main, clojure: clojure ?? false, archive: archive ?? true)
    if !command.isEmpty, JavaCommand(command, main: main) == nil {
      findings.add(
        "expected a word of server.command that comes after a class path (-cp), found "
          + Told.quoted(main), at: fields.mark(of: "main"))
    }
    if ahead.clojure, main != Recipe.Ahead.clojureMain {
      findings.add(
        "only what \(Recipe.Ahead.clojureMain) runs can be compiled, and main is "
          + Told.quoted(main), at: fields.mark(of: "clojure"))
    }
    if !ahead.clojure, !ahead.archive {
      findings.add("neither `clojure` nor `archive`: nothing would be made", at: node.mark)
    }
    return ahead
  }
}
