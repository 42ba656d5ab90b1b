import Linux

/// Why a connection did not do what was asked.
enum ConnectionError: Error, Hashable {
  /// A name that is no address and not in `/etc/hosts`.
  case unknownHost(String)
  /// What the kernel said.
  case system(Errno)
  /// The deadline passed.
  case timedOut
  /// The server ended or the work was cancelled meanwhile.
  case interrupted

  init(_ error: WaitError) {
    switch error {
    case .system(let error): self = .system(error)
    case .timedOut: self = .timedOut
    case .died, .cancelled: self = .interrupted
    }
  }
}

extension ConnectionError: CustomStringConvertible {
  var description: String {
    switch self {
    case .unknownHost(let host):
      "the host \(Told.quoted(host)) is no address and not in /etc/hosts"
    case .system(let error): "\(error)"
    case .timedOut: "no answer in time"
    case .interrupted: "given up"
    }
  }
}

/// A stream to a server: every wait has a deadline and looks at a watch.
struct Connection: ~Copyable {
  private let socket: Descriptor
  private let waiting: Waiting

  /// Connects to the first address of a host that accepts.
  static func open(
    _ endpoint: Endpoint, deadline: Deadline, watch: Watch
  ) throws(ConnectionError) -> Connection {
    let addresses: [SocketAddress]
    do throws(Errno) {
      addresses = try SocketAddress.resolve(host: endpoint.host, port: endpoint.port)
    } catch {
      throw .unknownHost(endpoint.host)
    }
    var last = ConnectionError.system(.connectionRefused)
    for address in addresses {
      do throws(ConnectionError) {
        return try open(address, deadline: deadline, watch: watch)
      } catch .interrupted {
        throw .interrupted
      } catch {
        last = error
      }
    }
    throw last
  }

  private init(socket: consuming Descriptor, waiting: consuming Waiting) {
    self.socket = socket
    self.waiting = waiting
  }

  private static func open(
    _ address: SocketAddress, deadline: Deadline, watch: Watch
  ) throws(ConnectionError) -> Connection {
    // In slices: Linux waits for the handshake by itself and knows nothing of the watch.
    var slice = Duration.milliseconds(250)
    while true {
      do throws(Errno) {
        let socket = try Descriptor.connect(to: address, deadline: deadline.or(after: slice))
        try socket.setNonBlocking(true)
        socket.sendAtOnce()
        let waiting = try Waiting(watch: watch)
        try waiting.add(socket.rawValue, [])
        return Connection(socket: socket, waiting: waiting)
      } catch {
        guard error == .timedOut else { throw .system(error) }
        guard !deadline.hasPassed else { throw .timedOut }
      }
      try check(watch)
      slice *= 2
    }
  }

  private static func check(_ watch: Watch) throws(ConnectionError) {
    let event: Watch.Event?
    do throws(Errno) {
      event = try watch.event()
    } catch {
      throw .system(error)
    }
    if event != nil { throw .interrupted }
  }

  /// Sends all bytes.
  func send(_ bytes: [UInt8], deadline: Deadline) throws(ConnectionError) {
    var rest = bytes[...]
    while !rest.isEmpty {
      do throws(Errno) {
        rest = rest.dropFirst(try socket.send(Array(rest.prefix(65536))))
      } catch .again {
        try wait(for: .writable, deadline: deadline)
      } catch {
        throw .system(error)
      }
    }
  }

  /// Receives what is there or comes first, at most `limit` bytes; empty at the end of the stream.
  ///
  /// A peer that never stops sending does not get past the deadline or the watch either.
  func receive(upTo limit: Int = 65536, deadline: Deadline) throws(ConnectionError) -> [UInt8] {
    while !deadline.hasPassed {
      socket.acknowledgeAtOnce()
      try wait(for: .readable, deadline: deadline)
      do throws(Errno) {
        return try socket.receive(upTo: limit)
      } catch .again {
        continue
      } catch {
        throw .system(error)
      }
    }
    throw .timedOut
  }

  private func wait(for events: PollEvents, deadline: Deadline) throws(ConnectionError) {
    do throws(Errno) {
      try waiting.modify(socket.rawValue, events)
    } catch {
      throw .system(error)
    }
    do throws(WaitError) {
      _ = try waiting.wait(deadline: deadline)
    } catch {
      throw ConnectionError(error)
    }
  }
}
