import Linux

/// Turns the nodes of a `recipe.yaml` into a recipe.
struct RecipeReader {
  let findings: Findings
  /// Where the files lie that the recipe names.
  let folder: Path

  /// The recipe; nil, or with gaps, when something was found wrong.
  func recipe(_ root: YAMLNode) -> Recipe? {
    guard var fields = Fields(root, expected: "the keys of a recipe", findings) else { return nil }
    defer { fields.finish() }
    let version = fields.required("recipe") { self.version($0) }
    let name = fields.required("name") { self.name($0) }
    let title = fields.optional("title") { findings.line($0) }
    let summary = fields.optional("summary") { findings.line($0) }
    let image = fields.optional("image") { findings.line($0, "an image") }
    let program = fields.required("server") { self.program($0) }
    let configuration = fields.optional("configuration") { self.configuration($0) }
    var recipe = Recipe(name: name ?? "", command: [])
    recipe.title = title
    recipe.summary = summary
    recipe.image = image
    recipe.configuration = configuration
    if let program { recipe.server = program }
    let ports = fields.optional("ports") { self.ports($0) }
    if let data = fields.optional("data", { self.folders($0) }) { recipe.data = data }
    if let temporary = fields.optional("temporary", { self.folders($0) }) {
      recipe.temporary = temporary
    }
    if let ready = fields.optional("ready", { self.ready($0) }) { recipe.ready = ready }
    recipe.firstAnswer =
      fields.optional("first-answer") { self.probe($0) } ?? recipe.ready.probes.first
    if let warmUp = fields.optional("warm-up", { self.warmUp($0) }) { recipe.warmUp = warmUp }
    if let training = fields.optional("training", { self.warmUp($0) }) {
      recipe.training = training
    }
    if let steps = fields.optional("before-freeze", { self.steps($0) }) {
      recipe.beforeFreeze = steps
    }
    if let steps = fields.optional("before-hibernate", { self.steps($0) }) {
      recipe.beforeHibernate = steps
    }
    if let steps = fields.optional("after-thaw", { self.steps($0) }) { recipe.afterThaw = steps }
    recipe.maxAge = fields.optional("max-age") { findings.timeSpan($0) }
    recipe.warm = fields.optional("warm") { self.warm($0, command: recipe.server.command) }
    if recipe.warmUp.on == .exercise, recipe.warm?.exercise == nil {
      findings.add(
        "the warm-up is to be done on the exercise, and `warm` has none",
        at: fields.mark(of: "warm-up"))
    }
    recipe.ahead = fields.optional("ahead") {
      self.ahead($0, command: recipe.server.command, warm: recipe.warm)
    }
    recipe.variants = fields.optional("variants") { self.variants($0, of: recipe) } ?? []
    if let stop = fields.optional("stop", { self.stop($0) }) { recipe.stop = stop }
    let clock = fields.optional("clock") { findings.word($0, of: Recipe.ClockRule.self) }
    let memory = fields.optional("memory") { findings.word($0, of: Recipe.MemoryRule.self) }
    recipe.clock = clock ?? .forward
    recipe.memory = memory ?? .map
    recipe.ports = ports ?? Recipe.Port.asked(by: recipe.ready.probes)
    return version == nil || name == nil || program == nil ? nil : recipe
  }

  private func version(_ node: YAMLNode) -> Int? {
    guard let version = findings.integer(node, 1...Int(Int32.max), "the format's version") else {
      return nil
    }
    guard version == Recipe.version else {
      findings.add(
        "this Thaw reads recipes of version \(Recipe.version), found \(version)", at: node.mark)
      return nil
    }
    return version
  }

  func name(_ node: YAMLNode) -> String? {
    findings.parsed(node, "a name of letters, digits, `.`, `_` and `-` such as ledger") {
      Recipe.isValidName($0) ? $0 : nil
    }
  }

  private func program(_ node: YAMLNode) -> Recipe.Program? {
    guard var fields = Fields(node, expected: "the keys of a server", findings) else { return nil }
    defer { fields.finish() }
    let command = fields.required("command") { findings.command($0) }
    let arguments = fields.optional("arguments") { self.arguments($0) }
    let environment = fields.optional("environment") { self.environment($0) }
    let folder = fields.optional("working-directory") { findings.path($0) }
    let user = fields.optional("user") {
      findings.parsed($0, "a user such as 20000:20000 or xtdb", Recipe.User.init)
    }
    return command.map {
      var program = Recipe.Program(
        command: $0, arguments: arguments?.words ?? [], environment: environment ?? [:],
        workingDirectory: folder, user: user ?? .root)
      program.argumentsFrom = arguments?.source
      return program
    }
  }

  func environment(_ node: YAMLNode) -> [String: String]? {
    findings.texts(node, "names and values such as {LOG: info}") {
      !$0.isEmpty && !$0.utf8.contains(UInt8(ascii: "=")) && !$0.utf8.contains(0)
    }
  }

  /// The words, or where they come from.
  private func arguments(
    _ node: YAMLNode
  ) -> (words: [String], source: Recipe.Program.ArgumentSource?)? {
    if let source = node.scalar.flatMap({ Recipe.Program.ArgumentSource(rawValue: $0) }) {
      return ([], source)
    }
    let words = findings.list(node, "a list of words, or the word image") {
      findings.text($0, "a word of a command")
    }
    return words.map { ($0, nil) }
  }

  private func configuration(_ node: YAMLNode) -> Recipe.ConfigurationRule? {
    guard var fields = Fields(node, expected: "the keys `option` and `data`", findings) else {
      return nil
    }
    defer { fields.finish() }
    let option = fields.required("option") { findings.line($0, "an option such as -f") }
    let data = fields.optional("data") { self.keys($0) }
    return option.map { Recipe.ConfigurationRule(option: $0, data: data ?? []) }
  }

  /// Keys of a server's own configuration.
  private func keys(_ node: YAMLNode) -> [String]? {
    findings.list(node, "a list of keys such as server.port") {
      findings.line($0, "a key such as server.port")
    }
  }

  private func ports(_ node: YAMLNode) -> [Recipe.Port]? {
    var ports: [Recipe.Port] = []
    _ = findings.list(node, "a list of ports") { item in
      guard let port = self.port(item) else { return }
      if ports.contains(where: { $0.number == port.number }) {
        findings.add("the port \(port.number) is there already", at: item.mark)
      } else {
        ports.append(port)
      }
    }
    return ports
  }

  private func port(_ node: YAMLNode) -> Recipe.Port? {
    guard node.mapping != nil else { return findings.port(node).map { Recipe.Port($0) } }
    guard var fields = Fields(node, expected: "a port", findings) else { return nil }
    defer { fields.finish() }
    let number = fields.required("port") { findings.port($0) }
    let name = fields.optional("name") { findings.line($0) }
    let keys = fields.optional("keys") { self.keys($0) }
    return number.map { Recipe.Port($0, name: name, keys: keys) }
  }

  private func folders(_ node: YAMLNode) -> [Path]? {
    findings.list(node, "a list of folders") {
      findings.path($0, "an absolute path of a folder below /")
    }
  }

  private func ready(_ node: YAMLNode) -> Recipe.Ready? {
    guard var fields = Fields(node, expected: "the keys `within` and `probes`", findings) else {
      return nil
    }
    defer { fields.finish() }
    let within = fields.optional("within") { findings.timeSpan($0) }
    let probes = fields.required("probes") { node in
      findings.list(node, "a list of probes") { self.probe($0) }
    }
    return Recipe.Ready(within: within ?? Recipe.Ready().within, probes: probes ?? [])
  }

  private func stop(_ node: YAMLNode) -> Recipe.Stop? {
    guard var fields = Fields(node, expected: "the keys `signal` and `within`", findings) else {
      return nil
    }
    defer { fields.finish() }
    let signal = fields.optional("signal") {
      findings.parsed($0, "a signal such as TERM", Signal.init(name:))
    }
    let within = fields.optional("within") { findings.timeSpan($0) }
    return Recipe.Stop(
      signal: signal ?? Recipe.Stop().signal, within: within ?? Recipe.Stop().within)
  }
}
