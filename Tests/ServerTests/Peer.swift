import Linux
import Testing

/// A server made by hand: does with every connection what a test tells.
final class Peer: Sendable {
  private let listener: Descriptor
  let port: UInt16

  /// A port on which somebody listens and nobody accepts.
  final class Listening: Sendable {
    private let socket: Descriptor

    init(_ port: UInt16) throws {
      socket = try Descriptor.listen(on: .loopback(port: port))
    }
  }

  private init() throws {
    listener = try Descriptor.listen(on: .loopback(port: 0))
    port = try #require(try listener.localAddress().port)
  }

  /// Serves connections one after the other, each by `serve`, for as long as `body` runs.
  static func run<Value>(
    _ serve: @escaping @Sendable (borrowing Descriptor) throws -> Void,
    _ body: (UInt16) throws -> Value
  ) throws -> Value {
    let peer = try Peer()
    let thread = try NamedThread("peer") { peer.loop(serve) }
    let result = Result { try body(peer.port) }
    // The accept in the thread ends with an error.
    try peer.listener.shutdown(reading: true)
    thread.join()
    return try result.get()
  }

  private func loop(_ serve: (borrowing Descriptor) throws -> Void) {
    while let connection = try? listener.accept(deadline: .after(.seconds(30))) {
      // What a client does to this peer is not the test's concern.
      try? serve(connection)
    }
  }
}

extension Descriptor {
  /// Reads until the bytes end with `end`, or the other side is closed.
  borrowing func receive(until end: String) throws -> [UInt8] {
    var bytes: [UInt8] = []
    while !bytes.suffix(end.utf8.count).elementsEqual(end.utf8) {
      let more = try receive(upTo: 65536, deadline: .after(.seconds(20)))
      if more.isEmpty { break }
      bytes += more
    }
    return bytes
  }

  /// Reads until the other side is closed.
  borrowing func receiveAll() throws {
    while try !receive(upTo: 65536, deadline: .after(.seconds(20))).isEmpty {}
  }

  /// Sends a text.
  borrowing func send(text: String) throws {
    try sendAll(Array(text.utf8), deadline: .after(.seconds(20)))
  }
}

/// A port on which nobody listens.
func freePort() throws -> UInt16 {
  let listener = try Descriptor.listen(on: .loopback(port: 0))
  return try #require(try listener.localAddress().port)
}
