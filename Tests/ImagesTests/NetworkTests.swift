import Linux
import TestBed
import Testing

@testable import Images

/// A box that serves files on port 8080 until its leash is let go.
private func serve(
  _ box: borrowing Box, _ network: borrowing Network, leash: Int32
) throws -> Child {
  var spec = box.spec("httpd -p 8080 -h /www; read x <&4; exit 0")
  spec.networkNamespace = network.namespacePath
  return try box.runc.start(
    spec, in: box.bundle, streams: .init(leash: leash), deadline: .after(.seconds(20)))
}

/// What a server answers; nil while it refuses.
private func ask(_ address: String, _ port: UInt16) throws -> String? {
  let target = try #require(SocketAddress(host: address, port: port))
  do throws(Errno) {
    return try ask(target)
  } catch {
    if error == .connectionRefused || error == .connectionReset { return nil }
    throw error
  }
}

private func ask(_ target: SocketAddress) throws(Errno) -> String {
  let socket = try Descriptor.connect(to: target, deadline: .after(.seconds(5)))
  try socket.sendAll(Array("GET /hello HTTP/1.0\r\n\r\n".utf8), deadline: .after(.seconds(5)))
  var bytes: [UInt8] = []
  var more: [UInt8] = []
  repeat {
    more = try socket.receive(upTo: 4096, deadline: .after(.seconds(5)))
    bytes += more
  } while !more.isEmpty
  return String(decoding: bytes, as: UTF8.self)
}

/// An address of this machine that is not its loopback; nil if it has none.
private func ownAddress() throws -> String? {
  let text = try Spawn("ip", ["-4", "-o", "address", "show", "scope", "global"])
    .run(deadline: .after(.seconds(10))).text
  return text.split(separator: "\n").filter { !$0.contains(" thaw") }
    .compactMap { line in
      line.split(separator: " ").drop { $0 != "inet" }.dropFirst().first
        .map { String($0.prefix { $0 != "/" }) }
    }.first
}

@Suite(.enabled(if: Needs.networks, "\(Needs.networksText)"), .timeLimit(.minutes(1)))
struct NetworkTests {
  @Test func `a published port answers on every address, and all is gone afterwards`() async {
    await #expect(processExitsWith: .success) {
      let box = try Box()
      let network = try Network.open(
        id: box.id, published: [PublishedPort(hostPort: 0, containerPort: 8080)])
      let (link, port) = (network.interface, network.published[0].hostPort)
      let gateway = network.gateway.description
      #expect(port != 0)
      let leash = try Pipe()
      let child = try serve(box, network, leash: leash.reader.rawValue)
      let answer = try eventually { try ask("127.0.0.1", port) }
      #expect(answer?.hasSuffix("hello from the container\n") == true)
      if let own = try ownAddress() {
        #expect(try ask(own, port)?.hasSuffix("hello from the container\n") == true)
      }
      #expect(try ask(gateway, port)?.hasPrefix("HTTP/1.1 200") == true)
      #expect(try Leftovers.tables().contains("thaw-\(box.id)"))
      #expect(Leftovers.hasInterface(link))

      _ = leash.intoReader()
      #expect(try child.wait(deadline: .after(.seconds(20))) == .exited(0))
      try box.runc.delete(box.id)
      network.close()
      #expect(try !Leftovers.tables().contains(box.id))
      #expect(eventually { !Leftovers.hasInterface(link) })
      let free = try Descriptor.listen(on: .ipv4(.any, port: port), reuse: false)
      _ = free.rawValue
    }
  }

  @Test func `a port that is published on the loopback answers there alone`() async {
    await #expect(processExitsWith: .success) {
      let box = try Box()
      let network = try Network.open(
        id: box.id,
        published: [PublishedPort(hostAddress: "127.0.0.1", hostPort: 0, containerPort: 8080)],
        outbound: false)
      let port = network.published[0].hostPort
      let leash = try Pipe()
      let child = try serve(box, network, leash: leash.reader.rawValue)
      #expect(try eventually { try ask("127.0.0.1", port) } != nil)
      if let own = try ownAddress() { #expect(try ask(own, port) == nil) }
      _ = leash.intoReader()
      #expect(try child.wait(deadline: .after(.seconds(20))) == .exited(0))
      try box.runc.delete(box.id)
      network.close()
    }
  }

  @Test func `while nothing listens in the container, a published port refuses`() throws {
    let network = try Network.open(
      id: ContainerRecord.newID(), published: [try PublishedPort("127.0.0.1::5432")])
    let port = network.published[0].hostPort
    #expect(try ask("127.0.0.1", port) == nil)
    network.close()
  }

  @Test func `a port that is taken is told with who has it`() throws {
    let taken = try Descriptor.listen(on: .loopback(port: 0))
    let port = try #require(try taken.localAddress().port)
    let before = try Leftovers.tables()
    for text in ["127.0.0.1:\(port):80", "\(port):80"] {
      let error = #expect(throws: EngineError.self) {
        _ = try Network.open(id: "taken", published: [try PublishedPort(text)])
      }
      #expect(error?.code == .portTaken)
      #expect(error?.cause.contains("(pid \(Host.processID))") == true, "\(error?.cause ?? "")")
    }
    #expect(try Leftovers.tables() == before || !Leftovers.tables().contains("thaw-taken"))
    let other = #expect(throws: EngineError.self) {
      _ = try Network.open(id: "taken", published: [try PublishedPort("192.0.2.77:1:80")])
    }
    #expect(other?.code == .badPort)
  }

  @Test func `two containers publish the same port of theirs on two of the machine's`() async {
    await #expect(processExitsWith: .success) {
      let one = try Box()
      let two = try Box()
      let port = PublishedPort(hostAddress: "127.0.0.1", hostPort: 0, containerPort: 8080)
      let first = try Network.open(id: one.id, published: [port])
      let second = try Network.open(id: two.id, published: [port])
      let ports = [first.published[0], second.published[0]]
      let places = [first.address, second.address]
      #expect(places[0] != places[1])
      let clash = #expect(throws: EngineError.self) {
        _ = try Network.open(id: "clash", published: [ports[0]])
      }
      #expect(clash?.code == .portTaken)
      let leash = try Pipe()
      let child = try serve(one, first, leash: leash.reader.rawValue)
      let other = try serve(two, second, leash: leash.reader.rawValue)
      #expect(try eventually { try ask("127.0.0.1", ports[0].hostPort) } != nil)
      #expect(try eventually { try ask("127.0.0.1", ports[1].hostPort) } != nil)
      try one.runc.delete(one.id)
      #expect(try ask("127.0.0.1", ports[1].hostPort) != nil)
      try two.runc.delete(two.id)
      #expect(try child.wait(deadline: .after(.seconds(20))) == .signalled(.kill))
      #expect(try other.wait(deadline: .after(.seconds(20))) == .signalled(.kill))
      first.close()
      second.close()
    }
  }

  @Test func `a namespace knows its loopback, its address and its way out`() async {
    await #expect(processExitsWith: .success) {
      let box = try Box()
      let network = try Network.open(id: box.id)
      let (place, address, gateway) = (network.namespacePath, network.address, network.gateway)
      let (status, text) = try box.run("ip -o -4 address; ip route; ping -c 1 -W 5 127.0.0.1") {
        $0.networkNamespace = place
        $0.capabilities = [.netRaw]
      }
      #expect(status == .exited(0))
      #expect(text.contains("inet 127.0.0.1/8"))
      #expect(text.contains("inet \(address)/30"))
      #expect(text.contains("default via \(gateway) dev eth0"))
      network.close()
    }
  }

  @Test func `without a network there is loopback alone`() async {
    await #expect(processExitsWith: .success) {
      let box = try Box()
      let (status, text) = try box.run("ip -o link; nc -w 2 192.0.2.1 80 </dev/null")
      #expect(text.split(separator: "\n").first?.contains("lo: <LOOPBACK,UP") == true)
      #expect(text.contains("Network is unreachable"))
      #expect(status == .exited(1))
    }
  }
}
