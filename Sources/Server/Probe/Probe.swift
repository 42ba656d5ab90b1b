/// A question to a server whose answer shows that it serves.
package enum Probe: Hashable, Sendable {
  /// Ready when a connection is accepted.
  case tcp(Endpoint)
  /// Ready when the answer has the wanted status.
  case http(HTTPRequest)
  /// Ready when the query succeeds on a new connection.
  case postgresql(PostgreSQLTarget, query: String)
  /// Ready when the command, run beside the server, exits with 0.
  case command([String])
}

/// What a probe found out.
package enum ProbeResult: Hashable, Sendable {
  /// The server answered as it should.
  case ready
  /// The server may still become ready.
  case notYet(reason: String)
  /// The server will never answer as it should, such as for a wrong password.
  case failed(reason: String)
}

extension Probe {
  /// The query of a PostgreSQL probe that names none.
  package static let defaultQuery = "SELECT 1"

  /// Where the probe asks, nil for commands.
  package var endpoint: Endpoint? {
    switch self {
    case .tcp(let endpoint): endpoint
    case .http(let request): request.endpoint
    case .postgresql(let target, _): target.endpoint
    case .command: nil
    }
  }

  /// The port that the probe asks, nil for commands.
  package var port: UInt16? { endpoint?.port }

  /// The same question asked elsewhere, such as through published ports; commands stay as they are.
  package func moved(host: String, ports: [UInt16: UInt16] = [:]) -> Probe {
    switch self {
    case .tcp(let endpoint):
      return .tcp(endpoint.moved(host: host, ports: ports))
    case .http(var request):
      request.endpoint = request.endpoint.moved(host: host, ports: ports)
      return .http(request)
    case .postgresql(var target, let query):
      target.endpoint = target.endpoint.moved(host: host, ports: ports)
      return .postgresql(target, query: query)
    case .command:
      return self
    }
  }
}

extension Probe: Codable {
  private enum Key: String, CodingKey {
    case tcp, http, postgresql, command, query
  }

  /// Decodes `{"tcp": …}`, `{"http": …}`, `{"postgresql": …, "query": …}` or `{"command": […]}`.
  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    if let endpoint = try container.decodeIfPresent(Endpoint.self, forKey: .tcp) {
      self = .tcp(endpoint)
    } else if let request = try container.decodeIfPresent(HTTPRequest.self, forKey: .http) {
      self = .http(request)
    } else if let target = try container.decodeIfPresent(
      PostgreSQLTarget.self, forKey: .postgresql)
    {
      let query = try container.decodeIfPresent(String.self, forKey: .query)
      self = .postgresql(target, query: query ?? Probe.defaultQuery)
    } else {
      self = .command(try container.decode([String].self, forKey: .command))
    }
  }

  /// Encodes the form that `init(from:)` reads.
  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    switch self {
    case .tcp(let endpoint): try container.encode(endpoint, forKey: .tcp)
    case .http(let request): try container.encode(request, forKey: .http)
    case .postgresql(let target, let query):
      try container.encode(target, forKey: .postgresql)
      try container.encode(query, forKey: .query)
    case .command(let words): try container.encode(words, forKey: .command)
    }
  }
}
