import Linux

extension Recipe: Codable {
  private enum Key: String, CodingKey {
    case version = "recipe"
    case name, title, summary, image, server, configuration, ports, data, temporary, ready
    case firstAnswer = "first-answer"
    case warmUp = "warm-up"
    case beforeFreeze = "before-freeze"
    case beforeHibernate = "before-hibernate"
    case afterThaw = "after-thaw"
    case maxAge = "max-age"
    case warm, ahead, variants, training, stop, clock, memory
  }

  /// Decodes what `encode(to:)` wrote, also by an older Thaw: keys that it did not know have their
  /// defaults.
  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    let version = try container.decode(Int.self, forKey: .version)
    guard version == Self.version else {
      throw DecodingError.dataCorruptedError(
        forKey: .version, in: container,
        debugDescription: "this Thaw reads recipes of version \(Self.version), found \(version)")
    }
    let name = try container.decode(String.self, forKey: .name)
    guard Self.isValidName(name) else {
      throw DecodingError.dataCorruptedError(
        forKey: .name, in: container, debugDescription: "expected a name such as ledger")
    }
    self.init(name: name, command: [])
    server = try container.decode(Program.self, forKey: .server)
    title = try container.decodeIfPresent(String.self, forKey: .title)
    summary = try container.decodeIfPresent(String.self, forKey: .summary)
    image = try container.decodeIfPresent(String.self, forKey: .image)
    configuration = try container.decodeIfPresent(
      ConfigurationRule.self, forKey: .configuration)
    ports = try container.decodeIfPresent([Port].self, forKey: .ports) ?? []
    data = try container.decodeIfPresent([Path].self, forKey: .data) ?? []
    temporary = try container.decodeIfPresent([Path].self, forKey: .temporary) ?? []
    ready = try container.decodeIfPresent(Ready.self, forKey: .ready) ?? Ready()
    firstAnswer =
      try container.decodeIfPresent(Probe.self, forKey: .firstAnswer) ?? ready.probes.first
    warmUp = try container.decodeIfPresent(WarmUp.self, forKey: .warmUp) ?? WarmUp()
    training = try container.decodeIfPresent(WarmUp.self, forKey: .training) ?? WarmUp()
    beforeFreeze = try container.decodeIfPresent([Step].self, forKey: .beforeFreeze) ?? []
    afterThaw = try container.decodeIfPresent([Step].self, forKey: .afterThaw) ?? []
    maxAge = try container.decodeIfPresent(TimeSpan.self, forKey: .maxAge)
    warm = try container.decodeIfPresent(Warm.self, forKey: .warm)
    ahead = try container.decodeIfPresent(Ahead.self, forKey: .ahead)
    variants = try container.decodeIfPresent([Variant].self, forKey: .variants) ?? []
    beforeHibernate = try container.decodeIfPresent([Step].self, forKey: .beforeHibernate) ?? []
    stop = try container.decodeIfPresent(Stop.self, forKey: .stop) ?? Stop()
    clock = try container.decodeIfPresent(ClockRule.self, forKey: .clock) ?? .forward
    memory = try container.decodeIfPresent(MemoryRule.self, forKey: .memory) ?? .map
  }

  /// Encodes every key but those that say nothing.
  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(Self.version, forKey: .version)
    try container.encode(name, forKey: .name)
    try container.encodeIfPresent(title, forKey: .title)
    try container.encodeIfPresent(summary, forKey: .summary)
    try container.encodeIfPresent(image, forKey: .image)
    try container.encodeIfPresent(configuration, forKey: .configuration)
    try container.encode(server, forKey: .server)
    try container.encode(ports, forKey: .ports)
    try container.encode(data, forKey: .data)
    try container.encode(temporary, forKey: .temporary)
    try container.encode(ready, forKey: .ready)
    try container.encodeIfPresent(firstAnswer, forKey: .firstAnswer)
    try container.encode(warmUp, forKey: .warmUp)
    try container.encode(training, forKey: .training)
    try container.encode(beforeFreeze, forKey: .beforeFreeze)
    if !afterThaw.isEmpty { try container.encode(afterThaw, forKey: .afterThaw) }
    try container.encodeIfPresent(maxAge, forKey: .maxAge)
    try container.encodeIfPresent(warm, forKey: .warm)
    try container.encodeIfPresent(ahead, forKey: .ahead)
    if !variants.isEmpty { try container.encode(variants, forKey: .variants) }
    if !beforeHibernate.isEmpty {
      try container.encode(beforeHibernate, forKey: .beforeHibernate)
    }
    try container.encode(stop, forKey: .stop)
    try container.encode(clock, forKey: .clock)
    try container.encode(memory, forKey: .memory)
  }
}

extension Recipe.Stop: Codable {
  private enum Key: String, CodingKey {
    case signal, within
  }

  /// Decodes the signal by its name.
  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    let name = try container.decode(String.self, forKey: .signal)
    guard let signal = Signal(name: name) else {
      throw DecodingError.dataCorruptedError(
        forKey: .signal, in: container, debugDescription: "expected a signal such as TERM")
    }
    self.init(signal: signal, within: try container.decode(TimeSpan.self, forKey: .within))
  }

  /// Encodes the signal by its name.
  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(signal.name, forKey: .signal)
    try container.encode(within, forKey: .within)
  }
}
