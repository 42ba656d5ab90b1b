import FoundationEssentials
package import Linux

/// What an image says about running it: `config` of the OCI image specification.
package struct ImageConfiguration: Hashable, Sendable, Codable {
  /// The program and its first arguments.
  package var entrypoint: [String]
  /// The arguments that a user may replace.
  package var command: [String]
  /// The environment.
  package var environment: [String: String]
  /// Where it starts.
  package var workingDirectory: Path
  /// `user[:group]`, names or numbers; empty for root.
  package var user: String
  /// The ports that it says it listens on, TCP only.
  package var exposedPorts: [UInt16]
  /// The folders that hold its data.
  package var volumes: [Path]
  /// Anything that its makers wanted to say.
  package var labels: [String: String]
  /// What ends it; nil: SIGTERM.
  package var stopSignal: String?

  /// Says nothing.
  package init() {
    entrypoint = []
    command = []
    environment = [:]
    workingDirectory = "/"
    user = ""
    exposedPorts = []
    volumes = []
    labels = [:]
  }

  /// Reads the image's configuration file.
  init(decoding bytes: [UInt8]) throws {
    let said = try JSONDecoder().decode(ImageFile.self, from: Data(bytes)).config
    self.init()
    guard let said else { return }
    entrypoint = said.entrypoint ?? []
    command = said.command ?? []
    for entry in said.environment ?? [] {
      let parts = entry.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      environment[String(parts[0])] = parts.count > 1 ? String(parts[1]) : ""
    }
    if let folder = said.workingDirectory, !folder.isEmpty { workingDirectory = Path(folder) }
    user = said.user ?? ""
    exposedPorts = (said.exposedPorts ?? [:]).keys.compactMap { text in
      let parts = text.split(separator: "/")
      return parts.count < 2 || parts[1] == "tcp" ? parts.first.flatMap { UInt16($0) } : nil
    }.sorted()
    volumes = (said.volumes ?? [:]).keys.map { Path($0) }.sorted()
    labels = said.labels ?? [:]
    stopSignal = said.stopSignal
  }
}

/// The configuration file of an image, as far as it is read.
private struct ImageFile: Decodable {
  var config: Config?

  struct Config: Decodable {
    var entrypoint: [String]?
    var command: [String]?
    var environment: [String]?
    var workingDirectory: String?
    var user: String?
    var exposedPorts: [String: Nothing]?
    var volumes: [String: Nothing]?
    var labels: [String: String]?
    var stopSignal: String?

    enum CodingKeys: String, CodingKey {
      case entrypoint = "Entrypoint"
      case command = "Cmd"
      case environment = "Env"
      case workingDirectory = "WorkingDir"
      case user = "User"
      case exposedPorts = "ExposedPorts"
      case volumes = "Volumes"
      case labels = "Labels"
      case stopSignal = "StopSignal"
    }
  }

  struct Nothing: Decodable {}
}
