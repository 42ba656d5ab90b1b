import CLinux
import Glibc

/// Sockets.
extension Descriptor {
  /// Makes a socket for the family of an address.
  public static func socket(
    for address: SocketAddress, kind: SocketKind = .stream, nonBlocking: Bool = false
  ) throws(Errno) -> Descriptor {
    let type =
      kind.rawValue | SocketKind.closeOnExec | (nonBlocking ? SocketKind.nonBlocking : 0)
    return Descriptor(owning: try retrying { Glibc.socket(address.family, type, 0) })
  }

  /// Connects to an address; the socket that it returns blocks.
  ///
  /// - Throws: `.timedOut` at the deadline, else what `connect` gives, such as
  ///   `.connectionRefused`.
  public static func connect(
    to address: SocketAddress, kind: SocketKind = .stream, deadline: Deadline
  ) throws(Errno) -> Descriptor {
    let socket = try Descriptor.socket(for: address, kind: kind, nonBlocking: true)
    let raw = socket.rawValue
    while true {
      do {
        try address.withRaw { (pointer, length) throws(Errno) in
          try retrying { Glibc.connect(raw, pointer, length) }
        }
        break
      } catch .inProgress {
        guard try socket.poll(for: .writable, deadline: deadline) else { throw .timedOut }
        let error = try socket.option(SO_ERROR)
        guard error == 0 else { throw Errno(rawValue: error) }
        break
      } catch .again where address.family == AF_UNIX {
        // The listener's queue is full, and only a blocking connect can wait for that.
        guard !deadline.hasPassed else { throw .timedOut }
        try socket.setNonBlocking(false)
        if !deadline.isNever { try socket.setTimeout(deadline.remaining) }
      }
    }
    try socket.setNonBlocking(false)
    try socket.setTimeout(.zero)
    return socket
  }

  /// Listens on an address; a unix socket's path must not be there yet.
  ///
  /// - Parameters:
  ///   - address: where; port 0 lets the kernel choose (see ``localAddress()``).
  ///   - kind: a kind that has connections.
  ///   - backlog: how many connections may wait to be accepted.
  ///   - reuse: SO_REUSEADDR: take a port whose old connections still fade away.
  /// - Returns: the listening socket.
  /// - Throws: `.inUse` if it is taken.
  public static func listen(
    on address: SocketAddress, kind: SocketKind = .stream, backlog: Int = 128, reuse: Bool = true
  ) throws(Errno) -> Descriptor {
    // Non-blocking, so that an accept which another thread was faster at ends at its deadline.
    let socket = try Descriptor.socket(for: address, kind: kind, nonBlocking: true)
    let raw = socket.rawValue
    if reuse && address.family != AF_UNIX { try socket.setOption(SO_REUSEADDR, to: 1) }
    try address.withRaw { (pointer, length) throws(Errno) in
      try retrying { bind(raw, pointer, length) }
    }
    try retrying { Glibc.listen(raw, CInt(backlog)) }
    return socket
  }

  /// Accepts the next connection; nil when the deadline passed first.
  public borrowing func accept(deadline: Deadline) throws(Errno) -> Descriptor? {
    let raw = rawValue
    while try poll(for: .readable, deadline: deadline) {
      do {
        return Descriptor(owning: try retrying { clinux_accept(raw) })
      } catch .again {
        continue
      } catch .connectionAborted {
        continue
      }
    }
    return nil
  }

  /// The address that this socket has itself.
  public borrowing func localAddress() throws(Errno) -> SocketAddress {
    var storage = sockaddr_storage()
    var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
    let raw = rawValue
    try withUnsafeMutablePointer(to: &storage) { (pointer) throws(Errno) in
      let generic = UnsafeMutableRawPointer(pointer).assumingMemoryBound(to: sockaddr.self)
      try retrying { getsockname(raw, generic, &length) }
    }
    guard let address = SocketAddress(&storage, length: length) else { throw .notSupported }
    return address
  }

  /// Sends bytes, without a SIGPIPE when nobody reads; returns how many were taken.
  @discardableResult
  public borrowing func send(_ bytes: [UInt8]) throws(Errno) -> Int {
    let raw = rawValue
    return try bytes.span.bytes.withUnsafeBytes { (buffer) throws(Errno) -> Int in
      try retrying { Glibc.send(raw, buffer.baseAddress, buffer.count, CInt(0x4000)) }
    }
  }

  /// Sends all bytes, without a SIGPIPE when nobody reads.
  ///
  /// - Throws: `.timedOut` at the deadline.
  public borrowing func sendAll(_ bytes: [UInt8], deadline: Deadline) throws(Errno) {
    let raw = rawValue
    try bytes.span.bytes.withUnsafeBytes { (buffer) throws(Errno) in
      var done = 0
      while done < buffer.count {
        let rest = UnsafeRawBufferPointer(rebasing: buffer[done...])
        do throws(Errno) {
          // MSG_NOSIGNAL, and MSG_DONTWAIT: a deadline holds on a blocking socket, too.
          done += try retrying { Glibc.send(raw, rest.baseAddress, rest.count, CInt(0x4040)) }
        } catch .again {
          guard try Descriptor.poll(raw, for: .writable, deadline: deadline) != [] else {
            throw .timedOut
          }
        }
      }
    }
  }

  /// Receives what is there, at most a number of bytes; empty when the other end is closed.
  public borrowing func receive(upTo limit: Int) throws(Errno) -> [UInt8] {
    try read(upTo: limit)
  }

  /// Receives what comes before the deadline, at most a number of bytes; empty when the other end
  /// is closed.
  ///
  /// - Throws: `.timedOut` at the deadline.
  public borrowing func receive(upTo limit: Int, deadline: Deadline) throws(Errno) -> [UInt8] {
    guard try poll(for: .readable, deadline: deadline) else { throw .timedOut }
    return try read(upTo: limit)
  }

  /// Receives one whole packet, however long it is; empty when the other end is closed.
  ///
  /// - Throws: `.timedOut` at the deadline.
  public borrowing func receivePacket(deadline: Deadline = .never) throws(Errno) -> [UInt8] {
    guard try poll(for: .readable, deadline: deadline) else { throw .timedOut }
    let raw = rawValue
    // MSG_PEEK | MSG_TRUNC: the true length, with nothing taken.
    let size = try retrying { recv(raw, nil, 0, CInt(0x22)) }
    return try read(upTo: max(size, 1))
  }

  /// No longer writes (the other end reads an end), no longer reads, or both.
  public borrowing func shutdown(reading: Bool = false, writing: Bool = true) throws(Errno) {
    let raw = rawValue
    let how: CInt = reading ? (writing ? 2 : 0) : 1
    try retrying { Glibc.shutdown(raw, how) }
  }

  borrowing func option(_ name: CInt) throws(Errno) -> CInt {
    var value: CInt = 0
    var length = socklen_t(MemoryLayout<CInt>.size)
    let raw = rawValue
    try retrying { getsockopt(raw, SOL_SOCKET, name, &value, &length) }
    return value
  }

  borrowing func setOption(_ name: CInt, to value: CInt) throws(Errno) {
    var value = value
    let raw = rawValue
    try retrying {
      setsockopt(raw, SOL_SOCKET, name, &value, socklen_t(MemoryLayout<CInt>.size))
    }
  }

  private borrowing func setTimeout(_ duration: Duration) throws(Errno) {
    // Zero would be no limit: at least a microsecond, unless that is meant.
    let micros = duration == .zero ? 0 : max(1, duration.nanoseconds / 1000)
    var value = timeval(tv_sec: Int(micros / 1_000_000), tv_usec: Int(micros % 1_000_000))
    let raw = rawValue
    try retrying {
      setsockopt(
        raw, SOL_SOCKET, SO_SNDTIMEO, &value, socklen_t(MemoryLayout<timeval>.size))
    }
  }
}
