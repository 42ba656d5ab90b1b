import Glibc

/// An address of the internet protocol, version 4.
public struct IPv4Address: Hashable, Sendable, CustomStringConvertible {
  /// The four numbers as one, the first in the highest byte.
  public let rawValue: UInt32

  /// Makes an address of one number.
  public init(rawValue: UInt32) {
    self.rawValue = rawValue
  }

  /// Makes an address of text such as `127.0.0.1`; all four numbers are needed.
  public init?(_ text: String) {
    var address = in_addr()
    guard inet_pton(AF_INET, text, &address) == 1 else { return nil }
    rawValue = UInt32(bigEndian: address.s_addr)
  }

  /// 127.0.0.1.
  public static let loopback = IPv4Address(rawValue: 0x7F00_0001)
  /// 0.0.0.0: every address of this machine.
  public static let any = IPv4Address(rawValue: 0)

  /// Four numbers with dots.
  public var description: String {
    [24, 16, 8, 0].map { String(rawValue >> UInt32($0) & 0xFF) }.joined(separator: ".")
  }
}

/// An address of the internet protocol, version 6, without a zone.
public struct IPv6Address: Hashable, Sendable, CustomStringConvertible {
  /// The first eight bytes, highest first.
  public let high: UInt64
  /// The last eight bytes, highest first.
  public let low: UInt64

  /// Makes an address of its two halves.
  public init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  /// Makes an address of text such as `::1`, without brackets.
  public init?(_ text: String) {
    var address = in6_addr()
    guard inet_pton(AF_INET6, text, &address) == 1 else { return nil }
    let halves = withUnsafeBytes(of: &address) { bytes in
      (
        bytes.loadUnaligned(as: UInt64.self),
        bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)
      )
    }
    self.init(high: UInt64(bigEndian: halves.0), low: UInt64(bigEndian: halves.1))
  }

  /// `::1`.
  public static let loopback = IPv6Address(high: 0, low: 1)
  /// `::`: every address of this machine.
  public static let any = IPv6Address(high: 0, low: 0)

  /// The usual short form.
  public var description: String {
    var address = raw
    var buffer = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
    inet_ntop(AF_INET6, &address, &buffer, socklen_t(buffer.count))
    return String(
      decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  var raw: in6_addr {
    var address = in6_addr()
    withUnsafeMutableBytes(of: &address) { bytes in
      bytes.storeBytes(of: high.bigEndian, as: UInt64.self)
      bytes.storeBytes(of: low.bigEndian, toByteOffset: 8, as: UInt64.self)
    }
    return address
  }
}

/// Where a socket listens or connects to.
public enum SocketAddress: Hashable, Sendable, CustomStringConvertible {
  /// An address of version 4 and a port.
  case ipv4(IPv4Address, port: UInt16)
  /// An address of version 6 and a port.
  case ipv6(IPv6Address, port: UInt16)
  /// A unix socket, at most 107 bytes; a name that starts with `@` is abstract.
  case unix(Path)

  /// 127.0.0.1 with a port; 0 lets the kernel choose one.
  public static func loopback(port: UInt16) -> SocketAddress { .ipv4(.loopback, port: port) }

  /// Makes an address of text: `127.0.0.1:80`, `[::1]:80` or `unix:/path`; names are not looked up.
  public init?(_ text: String) {
    if text.hasPrefix("unix:") {
      self = .unix(Path(String(text.dropFirst(5))))
      return
    }
    guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...])
    else { return nil }
    self.init(host: String(text[..<colon]), port: port)
  }

  /// Makes an address of a numeric host, with or without brackets, and a port.
  public init?(host: String, port: UInt16) {
    if let address = IPv4Address(host) {
      self = .ipv4(address, port: port)
    } else if host.hasPrefix("["), host.hasSuffix("]"),
      let address = IPv6Address(String(host.dropFirst().dropLast()))
    {
      self = .ipv6(address, port: port)
    } else if let address = IPv6Address(host) {
      self = .ipv6(address, port: port)
    } else {
      return nil
    }
  }

  /// The port; nil for a unix socket.
  public var port: UInt16? {
    switch self {
    case .ipv4(_, let port), .ipv6(_, let port): port
    case .unix: nil
    }
  }

  /// The same host with another port; a unix socket stays as it is.
  public func withPort(_ port: UInt16) -> SocketAddress {
    switch self {
    case .ipv4(let address, _): .ipv4(address, port: port)
    case .ipv6(let address, _): .ipv6(address, port: port)
    case .unix: self
    }
  }

  /// `127.0.0.1:80`, `[::1]:80` or `unix:/path`.
  public var description: String {
    switch self {
    case .ipv4(let address, let port): "\(address):\(port)"
    case .ipv6(let address, let port): "[\(address)]:\(port)"
    case .unix(let path): "unix:\(path)"
    }
  }
}
