import Linux

/// A port of a container that this machine shows, as `docker run -p` tells it.
///
/// TCP only.
package struct PublishedPort: Hashable, Sendable, Codable, CustomStringConvertible {
  /// The machine's address: 0.0.0.0 for all of them.
  package var hostAddress: String
  /// The machine's port; 0 lets the kernel choose one.
  package var hostPort: UInt16
  /// The container's port.
  package var containerPort: UInt16

  package init(hostAddress: String = "0.0.0.0", hostPort: UInt16, containerPort: UInt16) {
    self.hostAddress = hostAddress
    self.hostPort = hostPort
    self.containerPort = containerPort
  }

  /// Reads `5432:5432`, `127.0.0.1:5432:5432`, or `5432` and `127.0.0.1::5432`, where the machine's
  /// port is chosen.
  ///
  /// - Throws: `.badPort` that says what was expected.
  package init(_ text: String) throws(EngineError) {
    var rest = Substring(text)
    if let slash = rest.lastIndex(of: "/") {
      guard rest[slash...] == "/tcp" else {
        throw Self.bad(text, "only TCP is published, not `\(rest[rest.index(after: slash)...])`")
      }
      rest = rest[..<slash]
    }
    let parts = rest.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    guard parts.count <= 3 else {
      throw Self.bad(text, "too many colons; an address is a number such as 127.0.0.1")
    }
    let host = parts.count > 1 ? parts[parts.count - 2] : ""
    containerPort = try Self.port(parts[parts.count - 1], of: text)
    hostPort = host.isEmpty ? 0 : try Self.port(host, of: text, mayBeZero: true)
    hostAddress = "0.0.0.0"
    if parts.count == 3 {
      let name = parts[0] == "localhost" ? "127.0.0.1" : parts[0]
      guard let address = IPv4Address(name) else {
        throw Self.bad(text, "`\(parts[0])` is no address such as 127.0.0.1")
      }
      hostAddress = address.description
    }
  }

  /// `127.0.0.1:5432->5432/tcp`, as docker prints it.
  package var description: String { "\(hostAddress):\(hostPort)->\(containerPort)/tcp" }

  /// Where the machine listens for it.
  var hostSocket: SocketAddress {
    .ipv4(IPv4Address(hostAddress) ?? .any, port: hostPort)
  }

  private static func port(
    _ part: String, of text: String, mayBeZero: Bool = false
  ) throws(EngineError) -> UInt16 {
    guard let port = UInt16(part), port > 0 || mayBeZero else {
      let what = part.contains("-") ? "a range of ports is not supported" : "`\(part)` is no port"
      throw bad(text, what)
    }
    return port
  }

  private static func bad(_ text: String, _ cause: String) -> EngineError {
    EngineError(
      .badPort, text, cause,
      fix: "write HOST:CONTAINER, ADDRESS:HOST:CONTAINER or CONTAINER, ports from 1 to 65535")
  }
}
