/// A published port, as docker writes it: `8080:80`, `127.0.0.1:8080:80`, `[::1]:8080:80`, `80`,
/// each with `/tcp` or `/udp`.
package struct PortMapping: Hashable, Sendable, CustomStringConvertible {
  /// The protocol of a published port.
  package enum Transport: String, Hashable, Sendable {
    /// The default.
    case tcp
    /// Only when asked for with `/udp`.
    case udp
  }

  /// The numeric address of the host to listen on; nil: the program's default.
  package var hostAddress: String?
  /// The port of the host; nil: any free one.
  package var hostPort: UInt16?
  /// The port inside.
  package var containerPort: UInt16
  /// TCP or UDP.
  package var transport: Transport

  /// A mapping from its parts.
  package init(
    hostAddress: String? = nil, hostPort: UInt16?, containerPort: UInt16,
    transport: Transport = .tcp
  ) {
    self.hostAddress = hostAddress
    self.hostPort = hostPort
    self.containerPort = containerPort
    self.transport = transport
  }

  /// Reads the text form; nil when it is not one.
  package init?(_ text: String) {
    var text = Substring(text)
    var transport = Transport.tcp
    if let slash = text.lastIndex(of: "/") {
      guard let named = Transport(rawValue: String(text[text.index(after: slash)...])) else {
        return nil
      }
      transport = named
      text = text[..<slash]
    }
    guard let (address, ports) = Self.splitAddress(text), (1...2).contains(ports.count),
      let container = UInt16(digits: ports[ports.count - 1]), container > 0
    else { return nil }
    var host: UInt16?
    if ports.count == 2, !ports[0].isEmpty {
      guard let port = UInt16(digits: ports[0]) else { return nil }
      // Port 0 means "any free one", as an empty place does.
      host = port == 0 ? nil : port
    }
    if ports.count == 1, address != nil { return nil }
    self.init(
      hostAddress: address, hostPort: host, containerPort: container, transport: transport)
  }

  /// The text form that reads back as the same mapping.
  package var description: String {
    var text = ""
    if let hostAddress {
      text += (hostAddress.contains(":") ? "[\(hostAddress)]" : hostAddress) + ":"
    }
    if hostPort != nil || hostAddress != nil {
      text += (hostPort.map { "\($0)" } ?? "") + ":"
    }
    return text + "\(containerPort)" + (transport == .udp ? "/udp" : "")
  }

  /// Cuts the address off the front; what is left are one or two ports.
  private static func splitAddress(
    _ text: Substring
  ) -> (address: String?, ports: [Substring])? {
    if text.first == "[" {
      guard let end = text.firstIndex(of: "]") else { return nil }
      let address = text[text.index(after: text.startIndex)..<end]
      let rest = text[text.index(after: end)...]
      let isAddress =
        address.contains(":") && address.allSatisfy { $0.isHexDigit || ":.".contains($0) }
      guard isAddress, rest.first == ":" else { return nil }
      return (
        String(address), rest.dropFirst().split(separator: ":", omittingEmptySubsequences: false)
      )
    }
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 3 else { return (nil, parts) }
    let numbers = parts[0].split(separator: ".", omittingEmptySubsequences: false)
    guard numbers.count == 4, numbers.allSatisfy({ UInt8(digits: $0) != nil }) else { return nil }
    return (String(parts[0]), Array(parts[1...]))
  }
}

extension ValueKind where Value == PortMapping {
  /// A port to publish: `8080:80`, `127.0.0.1:8080:80`, `80`.
  package static var portMapping: ValueKind {
    ValueKind(
      "[ADDRESS:][HOST:]PORT", expecting: "ports such as 8080:80 or 127.0.0.1:8080:80",
      parse: PortMapping.init)
  }
}
