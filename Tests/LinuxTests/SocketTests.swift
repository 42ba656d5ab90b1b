import Linux
import TestBed
import Testing

@Suite(.timeLimit(.minutes(1))) struct SocketTests {
  private let limit = Deadline.after(.seconds(20))

  @Test(arguments: [
    ("127.0.0.1:80", "127.0.0.1:80"), ("[::1]:5432", "[::1]:5432"), ("unix:/run/x", "unix:/run/x"),
    ("0.0.0.0:0", "0.0.0.0:0"), ("[2001:db8:0::1]:1", "[2001:db8::1]:1"),
  ])
  func `an address is read and written`(text: String, written: String) throws {
    #expect(try #require(SocketAddress(text)).description == written)
  }

  @Test(arguments: ["", "80", "localhost:80", "127.0.0.1", "127.0.0.1:65536", "1.2.3:4", "[::1:80"])
  func `what is no address is refused`(text: String) {
    #expect(SocketAddress(text) == nil)
  }

  @Test func `bytes go both ways over a connection`() throws {
    let listener = try Descriptor.listen(on: .loopback(port: 0))
    let address = try listener.localAddress()
    #expect(address.port != 0)
    let client = try Descriptor.connect(to: address, deadline: limit)
    let server = try #require(try Descriptor.Box(listener.accept(deadline: limit)))
    try client.sendAll(Array("ping".utf8), deadline: limit)
    #expect(try server.with { try $0.receive(upTo: 10, deadline: limit) } == Array("ping".utf8))
    try server.with { try $0.shutdown() }
    #expect(try client.receive(upTo: 10, deadline: limit).isEmpty)
  }

  @Test func `nobody listening is refused at once`() throws {
    let address = try Descriptor.listen(on: .loopback(port: 0)).localAddress()
    #expect(throws: Errno.connectionRefused) {
      _ = try Descriptor.connect(to: address, deadline: limit)
    }
  }

  @Test func `a taken port is told`() throws {
    let first = try Descriptor.listen(on: .loopback(port: 0))
    let address = try first.localAddress()
    #expect(throws: Errno.inUse) { _ = try Descriptor.listen(on: address) }
  }

  @Test func `a connection that nobody accepts ends at the deadline`() throws {
    try withTemporaryDirectory { folder in
      let address = SocketAddress.unix(folder / "socket")
      let listener = try Descriptor.listen(on: address, backlog: 0)
      let first = try Descriptor.connect(to: address, deadline: limit)
      #expect(throws: Errno.timedOut) {
        for _ in 0..<8 {
          _ = try Descriptor.connect(to: address, deadline: .after(.milliseconds(30))).release()
        }
      }
      #expect(try listener.localAddress() == address)
      #expect(first.rawValue >= 0)
    }
  }

  @Test func `packets keep their borders, however long`() throws {
    let pair = try SocketPair(kind: .sequencedPacket)
    let long = [UInt8](repeating: 7, count: 100_000)
    try pair.first.send([1, 2, 3])
    try pair.first.send(long)
    #expect(try pair.second.receivePacket(deadline: limit) == [1, 2, 3])
    #expect(try pair.second.receivePacket(deadline: limit) == long)
    #expect(throws: Errno.timedOut) {
      try pair.second.receivePacket(deadline: .after(.milliseconds(5)))
    }
    let rest = pair.intoSecond()
    #expect(try rest.receivePacket(deadline: limit).isEmpty)
  }

  @Test func `a send to nobody is an error and no signal`() throws {
    let end = try SocketPair(kind: .stream).intoFirst()
    #expect(throws: Errno.brokenPipe) { try end.send([1]) }
  }

  @Test func `a full socket ends at the deadline`() throws {
    let pair = try SocketPair(kind: .stream)
    #expect(throws: Errno.timedOut) {
      try pair.first.sendAll(
        [UInt8](repeating: 0, count: 8 << 20), deadline: .after(.milliseconds(20)))
    }
  }

  @Test func `descriptors go over a socket`() throws {
    let pair = try SocketPair(kind: .stream)
    let pipe = try Pipe()
    try pair.first.sendDescriptors([pipe.reader.rawValue, pipe.writer.rawValue], with: [5, 6])
    var received = try pair.second.receiveDescriptors(deadline: limit)
    #expect(received.bytes == [5, 6])
    #expect(received.count == 2)
    let reader = try #require(try Descriptor.Box(received.next()))
    let writer = try #require(try Descriptor.Box(received.next()))
    try writer.with { try $0.writeAll([9]) }
    #expect(try reader.with { try $0.read(upTo: 4) } == [9])
    #expect(try pipe.writer.status().inode == reader.with { try $0.status().inode })
  }

  @Test func `descriptors that nobody takes are closed`() async {
    await #expect(processExitsWith: .success) {
      let pair = try SocketPair(kind: .stream)
      let before = openDescriptors()
      try pair.first.sendDescriptors([0, 1, 2])
      do {
        let received = try pair.second.receiveDescriptors(deadline: .after(.seconds(10)))
        #expect(received.count == 3)
        #expect(openDescriptors() == before + 3)
      }
      #expect(openDescriptors() == before)
    }
  }
}
