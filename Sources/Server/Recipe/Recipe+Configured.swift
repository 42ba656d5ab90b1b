import Linux

extension Recipe {
  /// Where a server's own configuration lies, and which folders it names.
  package struct ConfigurationRule: Hashable, Sendable, Codable {
    /// The word before the configuration's file, such as `-f`.
    package var option: String
    /// Keys whose values are folders with data.
    package var data: [String]

    /// Describes it.
    package init(option: String, data: [String] = []) {
      self.option = option
      self.data = data
    }
  }

  /// The configuration's file, as the server's arguments name it; nil: they name none in YAML.
  package func configurationFile(in arguments: [String]) -> String? {
    guard let option = configuration?.option,
      let place = arguments.firstIndex(of: option), place + 1 < arguments.count
    else { return nil }
    let file = arguments[place + 1]
    return file.hasSuffix(".yaml") || file.hasSuffix(".yml") ? file : nil
  }

  /// The recipe for a server with this configuration.
  ///
  /// A port with another number has it everywhere: in probes, in steps, in the list. Where the configuration does not have a
  /// port's keys the server does not listen: nothing asks it there.
  /// - Throws: `RecipeError` when nothing is left that could tell whether it is ready.
  package func configured(by configuration: Configuration) throws(RecipeError) -> Recipe {
    var numbers: [UInt16: UInt16] = [:]
    var closed: Set<UInt16> = []
    var recipe = self
    for index in ports.indices.reversed() {
      guard let keys = ports[index].keys else { continue }
      if let number = keys.lazy.compactMap({ configuration.port($0) }).first {
        numbers[ports[index].number] = number
        recipe.ports[index].number = number
      } else {
        closed.insert(ports[index].number)
        recipe.ports.remove(at: index)
      }
    }
    recipe.ready.probes = ready.probes.compactMap { $0.asked(at: numbers, without: closed) }
    guard !recipe.ready.probes.isEmpty || ready.probes.isEmpty else {
      let keys = ports.compactMap(\.keys).flatMap { $0 }.joined(separator: ", ")
      throw RecipeError(
        configuration.file.string,
        "the recipe \(name) asks for none of its ports: it has no number at \(keys)")
    }
    recipe.firstAnswer =
      firstAnswer?.asked(at: numbers, without: closed) ?? recipe.ready.probes.first
    for steps in [
      \Recipe.warmUp.steps, \.training.steps, \.beforeFreeze, \.afterThaw, \.beforeHibernate,
    ] {
      recipe[keyPath: steps] = self[keyPath: steps].compactMap {
        $0.done(at: numbers, without: closed)
      }
    }
    recipe.warm?.beforeFreeze = (warm?.beforeFreeze ?? []).compactMap {
      $0.done(at: numbers, without: closed)
    }
    for key in self.configuration?.data ?? [] {
      guard let text = configuration.text(key), text.hasPrefix("/"), text != "/" else { continue }
      let folder = Path(text)
      if !recipe.data.contains(where: { folder.isInside($0) }) { recipe.data.append(folder) }
    }
    return recipe
  }
}

extension Probe {
  /// The probe with a server's own port numbers; nil if it asks where nobody listens.
  fileprivate func asked(at numbers: [UInt16: UInt16], without closed: Set<UInt16>) -> Probe? {
    guard let endpoint, endpoint.isLocal else { return self }
    if closed.contains(endpoint.port) { return nil }
    return moved(host: endpoint.host, ports: numbers)
  }
}

extension Step {
  /// The step with a server's own port numbers; nil if it asks where nobody listens.
  fileprivate func done(at numbers: [UInt16: UInt16], without closed: Set<UInt16>) -> Step? {
    var step = self
    switch action {
    case .sql(var sql):
      let endpoint = sql.target.endpoint
      guard endpoint.isLocal else { return self }
      if closed.contains(endpoint.port) { return nil }
      sql.target.endpoint = endpoint.moved(host: endpoint.host, ports: numbers)
      step.action = .sql(sql)
    case .http(var request):
      let endpoint = request.endpoint
      guard endpoint.isLocal else { return self }
      if closed.contains(endpoint.port) { return nil }
      request.endpoint = endpoint.moved(host: endpoint.host, ports: numbers)
      step.action = .http(request)
    case .command, .jcmd: break
    }
    return step
  }
}
