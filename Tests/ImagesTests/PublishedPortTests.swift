import Linux
import TestBed
import Testing

@testable import Images

struct PublishedPortTests {
  @Test(
    arguments: [
      ("5432:5432", "0.0.0.0", 5432, 5432), ("127.0.0.1:15432:5432", "127.0.0.1", 15432, 5432),
      ("5432", "0.0.0.0", 0, 5432), ("127.0.0.1::5432", "127.0.0.1", 0, 5432),
      ("localhost:80:8080", "127.0.0.1", 80, 8080), ("0:80", "0.0.0.0", 0, 80),
      ("8080:80/tcp", "0.0.0.0", 8080, 80), (":80", "0.0.0.0", 0, 80),
    ] as [(String, String, UInt16, UInt16)])
  func `ports are read as docker reads them`(
    text: String, address: String, host: UInt16, container: UInt16
  ) throws {
    let port = try PublishedPort(text)
    #expect(port == PublishedPort(hostAddress: address, hostPort: host, containerPort: container))
  }

  @Test(arguments: [
    ("", "no port"), ("x", "`x` is no port"), ("80:", "no port"), ("80:0", "`0` is no port"),
    ("65536", "no port"), ("80/udp", "only TCP"), ("80:80/sctp", "only TCP"),
    ("8000-8010:80", "range"), ("shop:80:80", "`shop` is no address"), ("[::1]:80:80", "colons"),
    ("1.2.3:80:80", "`1.2.3` is no address"), ("-1:80", "range"), ("1.2.3.4:80", "no port"),
  ])
  func `what is no port is told`(text: String, reason: String) {
    let error = #expect(throws: EngineError.self) { _ = try PublishedPort(text) }
    #expect(error?.code == .badPort)
    #expect(error?.cause.contains(reason) == true, "\(error?.cause ?? "")")
    #expect(error?.fix?.contains("HOST:CONTAINER") == true)
  }

  @Test func `it is shown as docker shows it`() throws {
    #expect(try PublishedPort("127.0.0.1:80:8080").description == "127.0.0.1:80->8080/tcp")
  }
}

struct PortHolderTests {
  @Test func `who connects before the rules are in force is not left waiting`() throws {
    let holder = try PortHolder(
      PublishedPort(hostAddress: "127.0.0.1", hostPort: 0, containerPort: 80))
    let early = try Descriptor.connect(
      to: .loopback(port: holder.port.hostPort), deadline: .after(.seconds(5)))
    holder.turnAway()
    #expect(try early.receive(upTo: 1, deadline: .after(.seconds(5))) == [])
  }

  @Test func `the one who listens on a port is found by its number`() throws {
    let socket = try Descriptor.listen(on: .ipv6(.any, port: 0))
    let port = try #require(try socket.localAddress().port)
    #expect(PortOwner.find(port)?.hasSuffix("(pid \(Host.processID))") == true)
    #expect(PortOwner.find(1) == nil)
  }
}

struct SubnetTests {
  @Test func `a subnet has four addresses and the name of a link`() {
    let subnet = Subnet(index: 5, pool: IPv4Address(rawValue: 0x0AD2_0000))
    #expect(
      "\(subnet.network) \(subnet.host) \(subnet.container)"
        == "10.210.0.20 10.210.0.21 10.210.0.22")
    #expect(subnet.interface == "thaw5")
    let last = Subnet(index: Subnet.count - 1, pool: IPv4Address(rawValue: 0x0AD2_0000))
    #expect(last.container.description == "10.210.255.254")
    #expect(last.interface.utf8.count < 16)
  }

  @Test func `links that are there are not taken`() {
    let text = """
      Inter-|   Receive                                                |  Transmit
       face |bytes    packets errs drop fifo frame compressed multicast|bytes
          lo: 1 2
       thaw7: 1 2
      thaw16383:1 2
      thawed: 1 2
      """
    #expect(Subnet.takenIndexes(text) == [7, 16_383])
  }

  @Test(arguments: [
    ("eth0\t00000000\t0100000A\t0003\t0\t0\t0\t00000000\t0\t0\t0", false),
    ("eth0\t0000D20A\t00000000\t0001\t0\t0\t0\t0000FFFF\t0\t0\t0", true),
    ("eth0\t0000000A\t00000000\t0001\t0\t0\t0\t000000FF\t0\t0\t0", true),
    ("eth0\t0005D20A\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0", true),
    ("eth0\t0000D30A\t00000000\t0001\t0\t0\t0\t0000FFFF\t0\t0\t0", false),
    ("thaw7\t1C00D20A\t00000000\t0001\t0\t0\t0\tFCFFFFFF\t0\t0\t0", false),
  ])
  func `a pool that the machine has a way to is not used`(line: String, isRouted: Bool) {
    let text = "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\n\(line)\n"
    #expect(Subnet.isRouted(IPv4Address(rawValue: 0x0AD2_0000), text) == isRouted)
  }

  @Test func `subnets that turned out to be taken are left out`() throws {
    let first = try Subnet.free(start: Subnet.count - 1)
    let second = try Subnet.free(excluding: [first.index], start: first.index)
    #expect(first.index != second.index)
  }
}

struct NetworkRulesTests {
  private func rules(_ published: [PublishedPort], outbound: Bool) -> NetworkRules {
    NetworkRules(
      id: "abc", subnet: Subnet(index: 0, pool: IPv4Address(rawValue: 0x0AD2_0000)),
      published: published, outbound: outbound)
  }

  private let ports = [
    PublishedPort(hostPort: 5432, containerPort: 5432),
    PublishedPort(hostAddress: "127.0.0.1", hostPort: 8080, containerPort: 80),
  ]

  @Test func `each address of the machine has its rule, and the loopback's stays at home`() {
    let command = rules(ports, outbound: true).command
    #expect(!command.contains("\n"), "nft takes a command a line")
    let any = "fib daddr type local tcp dport 5432 dnat to 10.210.0.2:5432;"
    let local = "ip daddr 127.0.0.1 tcp dport 8080 dnat to 10.210.0.2:80;"
    #expect(
      command.contains("chain output { type nat hook output priority -100; \(any) \(local) }"))
    #expect(command.contains("chain prerouting { type nat hook prerouting priority -100; \(any) }"))
    #expect(command.hasPrefix("add table ip thaw-abc { flags owner; "))
  }

  @Test(
    .enabled(if: Machine.isRoot && Machine.has("nft"), "needs root and nft"),
    arguments: [true, false])
  func `nft understands them`(outbound: Bool) throws {
    for published in [[], ports] {
      let command = rules(published, outbound: outbound).command
      let finished = try Spawn("nft", ["--check", "--file", "-"])
        .run(input: Array(command.utf8), deadline: .after(.seconds(20)))
      #expect(finished.isSuccess, "\(finished.errorText)")
    }
  }
}
