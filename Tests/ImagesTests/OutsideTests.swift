import Linux
import TestBed
import Testing

@testable import Images

/// A machine outside, as far as this one can tell: a namespace at the other end of a link.
private struct Outside: ~Copyable {
  let namespace: Descriptor
  /// This machine's address on the link.
  let near: IPv4Address
  /// The other one's.
  let far: IPv4Address

  init() throws {
    // A range for documentation: nothing else on this machine has it.
    let index = Int.random(in: 0..<64)
    let subnet = Subnet(index: index, pool: IPv4Address(rawValue: 0xC633_6400))
    let made = try Link.make(subnet, deadline: .after(.seconds(20)))
    guard let made else { throw Errno.exists }
    // It knows no way to the containers: only what comes from this machine's address is answered.
    try Self.within(made) {
      let finished = try Spawn("ip", ["route", "del", "default"]).run(
        deadline: .after(.seconds(10)))
      guard finished.isSuccess else { throw Errno.noEntry }
    }
    near = subnet.host
    far = subnet.container
    namespace = made
  }

  /// Calls a function on a thread that is outside meanwhile.
  static func within<Value>(_ namespace: borrowing Descriptor, _ body: () throws -> Value) throws
    -> Value
  {
    let home = try Descriptor.open("/proc/thread-self/ns/net", .readOnly)
    try Namespaces.enter(namespace, .network)
    let result = Result(catching: body)
    try Namespaces.enter(home, .network)
    return try result.get()
  }

  func within<Value>(_ body: () throws -> Value) throws -> Value {
    try Self.within(namespace, body)
  }
}

/// Takes a connection outside, in the test's own process, and tells who it came from.
private func listen(_ outside: borrowing Outside, port: UInt16) throws -> Int32 {
  let address = SocketAddress.ipv4(outside.far, port: port)
  return try outside.within { try Descriptor.listen(on: address).release() }
}

@Suite(.enabled(if: Needs.networks, "\(Needs.networksText)"), .timeLimit(.minutes(1)))
struct OutsideTests {
  @Test func `other machines reach a published port`() async {
    await #expect(processExitsWith: .success) {
      let outside = try Outside()
      let box = try Box()
      let network = try Network.open(
        id: box.id, published: [PublishedPort(hostPort: 0, containerPort: 7000)], outbound: false)
      let leash = try Pipe()
      var spec = box.spec("nc -ll -p 7000 -e cat & read x <&4; exit 0")
      spec.networkNamespace = network.namespacePath
      let child = try box.runc.start(
        spec, in: box.bundle, streams: .init(leash: leash.reader.rawValue),
        deadline: .after(.seconds(20)))
      let target = SocketAddress.ipv4(outside.near, port: network.published[0].hostPort)
      let answer = try outside.within {
        try eventually { () -> String? in
          guard let socket = try? Descriptor.connect(to: target, deadline: .after(.seconds(2)))
          else {
            return nil
          }
          try socket.sendAll(Array("echo".utf8), deadline: .after(.seconds(5)))
          let bytes = try socket.receive(upTo: 100, deadline: .after(.seconds(5)))
          return String(decoding: bytes, as: UTF8.self)
        }
      }
      #expect(answer == "echo")
      // What is not published is not reached, although this machine routes.
      let (address, far) = (network.address, outside.far)
      let direct = try outside.within { () -> Errno? in
        _ = try Spawn("ip", ["route", "add", "10.0.0.0/8", "via", outside.near.description])
          .run(deadline: .after(.seconds(10)))
        do throws(Errno) {
          _ = try Descriptor.connect(
            to: .ipv4(address, port: 7000), deadline: .after(.milliseconds(500)))
          return nil
        } catch {
          return error
        }
      }
      #expect(direct == .timedOut, "from \(far) to \(address)")
      _ = leash.intoReader()
      #expect(try child.wait(deadline: .after(.seconds(20))) != nil)
      try box.runc.delete(box.id)
      network.close()
    }
  }

  @Test func `a container reaches the outside under this machine's address`() async {
    await #expect(processExitsWith: .success) {
      let outside = try Outside()
      let listener = Descriptor(owning: try listen(outside, port: 7001))
      let box = try Box()
      let network = try Network.open(id: box.id, outbound: true)
      let leash = try Pipe()
      var spec = box.spec("echo from inside | nc -w 10 \(outside.far) 7001; read x <&4; exit 0")
      spec.networkNamespace = network.namespacePath
      let child = try box.runc.start(
        spec, in: box.bundle, streams: .init(leash: leash.reader.rawValue),
        deadline: .after(.seconds(20)))
      guard let connection = try listener.accept(deadline: .after(.seconds(20))) else {
        Issue.record("nothing came")
        return
      }
      let bytes = try connection.receive(upTo: 100, deadline: .after(.seconds(10)))
      #expect(String(decoding: bytes, as: UTF8.self) == "from inside\n")
      _ = leash.intoReader()
      _ = consume connection
      #expect(try child.wait(deadline: .after(.seconds(20))) == .exited(0))
      try box.runc.delete(box.id)
      network.close()
    }
  }

  @Test func `without a way out a container is refused at once`() async {
    await #expect(processExitsWith: .success) {
      let outside = try Outside()
      let listener = Descriptor(owning: try listen(outside, port: 7002))
      let box = try Box()
      let network = try Network.open(id: box.id, outbound: false)
      let place = network.namespacePath
      let (_, text) = try box.run("nc -w 10 \(outside.far) 7002 </dev/null") {
        $0.networkNamespace = place
      }
      #expect(text.contains("No route to host") || text.contains("unreachable"), "\(text)")
      #expect(try !listener.poll(for: .readable, deadline: .after(.zero)))
      network.close()
    }
  }

  @Test func `a container cannot reach what listens on this machine's loopback`() throws {
    let secret = try Descriptor.listen(on: .loopback(port: 0))
    let port = try #require(try secret.localAddress().port)
    let network = try Network.open(id: ContainerRecord.newID(), outbound: true)
    let namespace = try Descriptor.open(network.namespacePath, .readOnly)
    let (gateway, address) = (network.gateway, network.address)
    // What root in the container could do: 127.0.0.1 is no longer its own, but this machine's.
    let commands = """
      route del local 127.0.0.1 table local
      route del local 127.0.0.0/8 table local
      route add 127.0.0.1 via \(gateway) dev eth0 src \(address)
      """
    let error = try Outside.within(namespace) { () -> Errno? in
      try FileSystem.writeFile("/proc/sys/net/ipv4/conf/eth0/route_localnet", Array("1".utf8))
      let finished = try Spawn("ip", ["-batch", "-"])
        .run(input: Array(commands.utf8), deadline: .after(.seconds(10)))
      try #require(finished.isSuccess, "\(finished.errorText)")
      do throws(Errno) {
        _ = try Descriptor.connect(to: .loopback(port: port), deadline: .after(.milliseconds(500)))
        return nil
      } catch {
        return error
      }
    }
    #expect(error == .timedOut)
    // The answers may get lost on their way back: what counts is that nothing has come here.
    let half = try FileSystem.readText("/proc/net/tcp").split(separator: "\n").filter { line in
      let fields = line.split(separator: " ")
      return fields.count > 3 && fields[3] == "03"
        && fields[1].hasSuffix(":" + String(port, radix: 16, uppercase: true).leftPadded(to: 4))
    }
    #expect(half == [], "half open connections")
    network.close()
  }
}

extension String {
  fileprivate func leftPadded(to width: Int) -> String {
    String(repeating: "0", count: max(0, width - utf8.count)) + self
  }
}
