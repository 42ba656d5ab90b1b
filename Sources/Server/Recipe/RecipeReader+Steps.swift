import Linux

/// Steps of the warm-up and of what comes before the freeze.
extension RecipeReader {
  func warmUp(_ node: YAMLNode) -> WarmUp? {
    guard var fields = Fields(node, expected: "the keys of a warm-up", findings) else {
      return nil
    }
    defer { fields.finish() }
    let within = fields.optional("within") { findings.timeSpan($0) }
    let lasting = fields.optional("lasting") { findings.timeSpan($0) }
    let place = fields.optional("on") { findings.word($0, of: WarmUp.Place.self) }
    let steps = fields.required("steps") { self.steps($0) }
    var warmUp = WarmUp(within: within, lasting: lasting, steps: steps ?? [])
    warmUp.on = place
    return warmUp
  }

  func steps(_ node: YAMLNode) -> [Step]? {
    findings.list(node, "a list of steps") { self.step($0) }
  }

  private func step(_ node: YAMLNode) -> Step? {
    let what = "a step such as jcmd: GC.run"
    guard var fields = Fields(node, expected: what, findings) else { return nil }
    defer { fields.finish() }
    let found: [Step.Action?] = [
      fields.optional("sql") { self.sql($0) }.map { .sql($0) },
      fields.optional("http") { self.http($0) }.map { .http($0) },
      fields.optional("command") { findings.command($0) }.map { .command($0) },
      fields.optional("jcmd") { findings.line($0, "a command of jcmd") }.map { .jcmd($0) },
    ]
    let repetitions = fields.optional("repeat") {
      findings.integer($0, 1...1_000_000, "a count")
    }
    let within = fields.optional("within") { findings.timeSpan($0) }
    let kinds = ["sql", "http", "command", "jcmd"]
    guard onlyOne(of: kinds, in: fields, "step") else { return nil }
    return found.lazy.compactMap { $0 }.first.map {
      Step($0, repetitions: repetitions ?? 1, within: within)
    }
  }

  private func sql(_ node: YAMLNode) -> Step.SQL? {
    guard var fields = Fields(node, expected: "a database and its statements", findings) else {
      return nil
    }
    defer { fields.finish() }
    let target = self.target(&fields)
    var name: String?
    let read = fields.optional("file") { node -> [String]? in
      name = findings.line(node, "a file beside the recipe")
      return name.flatMap { script($0, at: node.mark) }
    }
    let given = fields.optional("statements") { node in
      findings.list(node, "a list of statements") { self.statements($0) }?.flatMap { $0 }
    }
    let form = fields.optional("protocol") { findings.word($0, of: Step.SQL.Form.self) }
    switch (fields.has("file"), fields.has("statements")) {
    case (false, false):
      findings.add("the key `file` or `statements` is missing here", at: node.mark)
    case (true, true):
      findings.add("expected either `file` or `statements`", at: fields.mark(of: "statements"))
    case (false, true) where given?.isEmpty == true && findings.isEmpty:
      findings.add("expected at least one statement", at: fields.mark(of: "statements"))
    default: break
    }
    guard let target, let statements = read ?? given else { return nil }
    return Step.SQL(target: target, statements: statements, file: name, form: form)
  }

  /// The statements in one item of a list.
  private func statements(_ node: YAMLNode) -> [String]? {
    guard let text = findings.text(node, "a statement") else { return nil }
    do throws(SQLScript.Failure) {
      let statements = try SQLScript.statements(in: text)
      if statements.isEmpty { findings.expected("a statement", at: node) }
      return statements
    } catch {
      findings.add("not a whole statement: \(error.message)", at: node.mark)
      return nil
    }
  }

  /// The text of a file beside the recipe, and where it is.
  func text(of name: String, at mark: YAMLNode.Mark) -> (Path, String)? {
    let path = name.hasPrefix("/") ? Path(name) : folder / name
    let bytes: [UInt8]
    do throws(RecipeError) {
      bytes = try Recipe.contents(of: path, limit: 8 << 20)
    } catch {
      let reason = error.problems.first?.message ?? ""
      findings.add("the file \(Told.quoted(name)) \(reason)", at: mark)
      return nil
    }
    guard let text = String(validating: bytes, as: UTF8.self), !bytes.contains(0) else {
      findings.add("the file \(Told.quoted(name)) is not a text in UTF-8", at: mark)
      return nil
    }
    return (path, text)
  }

  /// The statements of a file beside the recipe.
  private func script(_ name: String, at mark: YAMLNode.Mark) -> [String]? {
    guard let (path, text) = self.text(of: name, at: mark) else { return nil }
    do throws(SQLScript.Failure) {
      let statements = try SQLScript.statements(in: text)
      if statements.isEmpty {
        findings.add("the file \(Told.quoted(name)) has no statements", at: mark)
      }
      return statements
    } catch {
      let place = YAMLNode.Mark(line: error.line, column: error.column)
      findings.add(error.message, at: place, in: path.string)
      return nil
    }
  }
}
