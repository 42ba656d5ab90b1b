/// Where a server listens: a host and a port.
package struct Endpoint: Hashable, Sendable, CustomStringConvertible {
  /// This machine, which is where probes ask unless a recipe says otherwise.
  package static let localHost = "127.0.0.1"

  /// An IPv4 or IPv6 address without brackets, `localhost`, or a name of `/etc/hosts`.
  package var host: String
  /// The port, never 0.
  package var port: UInt16

  /// Makes an endpoint.
  package init(host: String = Endpoint.localHost, port: UInt16) {
    self.host = host
    self.port = port
  }

  /// `127.0.0.1:8080`, `[::1]:8080`.
  package var description: String {
    host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
  }

  /// Whether this machine is meant.
  package var isLocal: Bool {
    host.hasPrefix("127.") || host == "::1" || host.lowercased() == "localhost"
  }

  /// The same question asked elsewhere: another host, and ports as they were published there.
  func moved(host: String, ports: [UInt16: UInt16]) -> Endpoint {
    Endpoint(host: host, port: ports[port] ?? port)
  }

  /// Whether a text can be a host: no spaces, no characters that mean something in a URL.
  static func isHost(_ text: String) -> Bool {
    !text.isEmpty && text.utf8.count <= 253
      && text.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"):
          true
        default: ".-_:%".utf8.contains(byte)
        }
      }
  }
}

extension Endpoint: Codable {}
