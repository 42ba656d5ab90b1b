/// How a server is frozen before its `main`.
extension RecipeReader {
  func warm(_ node: YAMLNode, command: [String]) -> Recipe.Warm? {
    guard var fields = Fields(node, expected: "the keys of a warm start", findings) else {
      return nil
    }
    defer { fields.finish() }
    let main = fields.required("main") { findings.line($0, "a class with a main") }
    let exercise = fields.optional("exercise") { self.exercise($0) }
    let variables = fields.optional("variables") {
      findings.list($0, "a list of variables") { findings.line($0, "a variable's name") }
    }
    let steps = fields.optional("before-freeze") { self.steps($0) }
    guard let main else { return nil }
    let warm = Recipe.Warm(
      main: main, exercise: exercise, variables: variables ?? [], beforeFreeze: steps ?? [])
    if !command.isEmpty, Launcher.command(command, warm) == nil {
      findings.add(
        "expected a word of server.command that comes after a class path (-cp), found "
          + Told.quoted(main), at: fields.mark(of: "main"))
    }
    return warm
  }

  private func exercise(_ node: YAMLNode) -> Recipe.Exercise? {
    guard let name = findings.line(node, "a Clojure file beside the recipe, or a class") else {
      return nil
    }
    guard name.hasSuffix(".clj") else { return .type(name) }
    return text(of: name, at: node.mark).map { .clojure(file: name, text: $0.1) }
  }
}
