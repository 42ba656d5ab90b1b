import Glibc

/// What a socket carries.
public enum SocketKind: Sendable {
  /// SOCK_STREAM: bytes.
  case stream
  /// SOCK_DGRAM: packets.
  case datagram
  /// SOCK_SEQPACKET: packets, in order, with an end; unix sockets only. What `criu swrk` talks.
  case sequencedPacket

  var rawValue: CInt {
    switch self {
    case .stream: 1
    case .datagram: 2
    case .sequencedPacket: 5
    }
  }

  static var closeOnExec: CInt { 0o2000000 }
  static var nonBlocking: CInt { 0o4000 }
}

/// Two unix sockets that are connected to each other.
public struct SocketPair: ~Copyable, Sendable {
  /// One end.
  public var first: Descriptor
  /// The other end.
  public var second: Descriptor

  /// Makes a pair, close-on-exec at both ends.
  public init(kind: SocketKind = .stream) throws(Errno) {
    var ends: [CInt] = [0, 0]
    try retrying { socketpair(AF_UNIX, kind.rawValue | SocketKind.closeOnExec, 0, &ends) }
    first = Descriptor(owning: ends[0])
    second = Descriptor(owning: ends[1])
  }

  /// Closes the second end and returns the first.
  public consuming func intoFirst() -> Descriptor { first }

  /// Closes the first end and returns the second.
  public consuming func intoSecond() -> Descriptor { second }
}
