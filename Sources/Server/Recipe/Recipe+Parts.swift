package import Linux

extension Recipe {
  /// The program to start.
  package struct Program: Hashable, Sendable, Codable {
    /// The program and its fixed words; the first is looked up in `PATH`.
    package var command: [String]
    /// Words that follow unless the user gives others.
    package var arguments: [String]
    /// Where these words come from, if not from the recipe.
    package var argumentsFrom: ArgumentSource?
    /// Additions to the environment.
    package var environment: [String: String]
    /// Where it starts, nil: where Thaw would start it.
    package var workingDirectory: Path?
    /// Whose rights it has.
    package var user: User

    /// Makes a program.
    package init(
      command: [String], arguments: [String] = [], environment: [String: String] = [:],
      workingDirectory: Path? = nil, user: User = .root
    ) {
      self.command = command
      self.arguments = arguments
      self.environment = environment
      self.workingDirectory = workingDirectory
      self.user = user
    }

    /// The whole command line: with the default arguments, or with the given ones in their place.
    package func words(replacingArguments given: [String]? = nil) -> [String] {
      command + (given ?? arguments)
    }

    /// What else than a recipe can say which words follow.
    package enum ArgumentSource: String, Hashable, Sendable, Codable {
      /// The image: those of its `CMD`.
      case image
    }

    enum CodingKeys: String, CodingKey {
      case command, arguments, environment
      case argumentsFrom = "arguments-from"
      case workingDirectory = "working-directory"
      case user
    }
  }

  /// A port that the server listens on.
  package struct Port: Hashable, Sendable, Codable {
    /// The number.
    package var number: UInt16
    /// What it is for, such as `postgresql`.
    package var name: String?
    /// The keys of the server's configuration that may give another number; the first one that is there holds.
    package var keys: [String]?

    /// Makes a port.
    package init(_ number: UInt16, name: String? = nil, keys: [String]? = nil) {
      self.number = number
      self.name = name
      self.keys = keys
    }

    enum CodingKeys: String, CodingKey {
      case number = "port"
      case name, keys
    }

    /// The ports that probes ask on this machine, each once.
    static func asked(by probes: [Probe]) -> [Port] {
      var ports: [Port] = []
      for endpoint in probes.compactMap(\.endpoint) where endpoint.isLocal {
        guard !ports.contains(where: { $0.number == endpoint.port }) else { continue }
        ports.append(Port(endpoint.port))
      }
      return ports
    }
  }

  /// When the server is ready: every probe has succeeded once.
  package struct Ready: Hashable, Sendable, Codable {
    /// How long that may take.
    package var within: TimeSpan
    /// The probes; none: ready as soon as it runs.
    package var probes: [Probe]

    /// Makes a rule.
    package init(within: TimeSpan = .seconds(120), probes: [Probe] = []) {
      self.within = within
      self.probes = probes
    }
  }

  /// How to end the server.
  package struct Stop: Hashable, Sendable {
    /// What to send.
    package var signal: Signal
    /// How long to wait before it is killed.
    package var within: TimeSpan

    /// Makes a rule.
    package init(signal: Signal = .terminate, within: TimeSpan = .seconds(10)) {
      self.signal = signal
      self.within = within
    }
  }

  /// Whether the server bears a clock that jumps ahead.
  package enum ClockRule: String, Hashable, Sendable, Codable, CaseIterable {
    /// It does.
    case forward
    /// It must be thawed in a time namespace, where the clock goes on from where it stopped.
    case continuous
  }

  /// How the server's memory comes back.
  package enum MemoryRule: String, Hashable, Sendable, Codable, CaseIterable {
    /// Mapped where that is known to be safe.
    case map
    /// Copied by CRIU.
    case copy
  }
}
