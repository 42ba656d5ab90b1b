import Linux
import TestBed
import Testing

@Suite(.timeLimit(.minutes(1))) struct ParserTests {
  private let hosts = """
    # a comment
    127.0.0.1\tlocalhost  loop # trailing
    ::1 localhost ip6
    10.0.0.7 db.example DB
    not-an-address name
    10.0.0.8
    """

  @Test func `names of the host table have their addresses`() {
    let table = HostTable(parsing: hosts)
    let local: [SocketAddress] = [.loopback(port: 5), .ipv6(.loopback, port: 5)]
    #expect(table.addresses(of: "localhost", port: 5) == local)
    #expect(table.addresses(of: "db", port: 1).map(\.description) == ["10.0.0.7:1"])
    #expect(table.addresses(of: "192.168.0.1", port: 1).map(\.description) == ["192.168.0.1:1"])
    #expect(table.addresses(of: "name", port: 1).isEmpty)
    #expect(table.addresses(of: "trailing", port: 1).isEmpty)
  }

  @Test func `localhost needs no table`() throws {
    #expect(HostTable(parsing: "").addresses(of: "localhost", port: 1).count == 2)
    #expect(throws: Errno.noEntry) { try SocketAddress.resolve(host: "no.such.host", port: 1) }
  }

  @Test func `a line of mountinfo is read`() throws {
    let line =
      #"36 35 98:0 /a\040b /mnt/x\134y rw,noatime master:1 shared:7 - ext3 /dev/r\011t rw,errors=x"#
    let entry = try #require(MountEntry(parsing: line))
    #expect(entry.id == 36 && entry.parent == 35 && entry.device == "98:0")
    #expect(entry.root == "/a b" && entry.target == #"/mnt/x\y"#)
    #expect(entry.options == ["rw", "noatime"])
    #expect(entry.propagation == ["master:1", "shared:7"])
    #expect(entry.type == "ext3" && entry.source == "/dev/r\tt")
    #expect(entry.fileSystemOptions == ["rw", "errors=x"])
    #expect(!entry.isReadOnly)
  }

  @Test func `this machine's mounts are read, the root among them`() throws {
    let table = try Mount.table()
    #expect(table.contains { $0.target == .root })
    #expect(table.contains { $0.type == "proc" && $0.target == "/proc" })
    let lines = try FileSystem.readText("/proc/self/mountinfo").split(separator: "\n").count
    #expect(abs(table.count - lines) <= 2)
  }

  @Test func `no text makes the parsers fail`() {
    let mount = "36 35 98:0 /a /b rw shared:1 - ext3 /dev/root rw"
    let seeds = [
      hosts, mount, "a:x:1:2:c:/h:/s\nb:x:", "CapEff:\t000001ff\nCapInh:", "monotonic 1 2\n",
    ]
    var random = Seeded(state: 42)
    for round in 0..<3000 {
      var bytes = Array(seeds[round % seeds.count].utf8)
      for _ in 0..<Int.random(in: 1...6, using: &random) {
        let at = Int.random(in: 0..<bytes.count, using: &random)
        switch Int.random(in: 0..<4, using: &random) {
        case 0: bytes[at] = UInt8.random(in: 0...255, using: &random)
        case 1: bytes.remove(at: at)
        case 2: bytes.insert(" :-\\#\n\t0".utf8.randomElement(using: &random) ?? 0, at: at)
        default: bytes.removeSubrange(at...)
        }
        if bytes.isEmpty { bytes = [32] }
      }
      let text = String(decoding: bytes, as: UTF8.self)
      if let entry = MountEntry(parsing: text) { #expect(!entry.type.utf8.contains(32)) }
      _ = HostTable(parsing: text).addresses(of: "localhost", port: 1)
      let users = UserDatabase(passwd: text, group: text)
      #expect(users.users.allSatisfy { !$0.name.isEmpty })
      _ = CapabilitySets(parsing: text)
      _ = ProcessEntry(parsing: text)
      _ = ProcessMemory(parsing: text)
      _ = CPUFeatures(parsing: text, xsaveSize: 0)
      _ = Signal(name: text)
      _ = SocketAddress(text)
    }
  }

  private let users = UserDatabase(
    passwd: "root:x:0:0:root:/root:/bin/bash\napp:x:1000:1001::/srv:\nbroken\n",
    group: "root:x:0:\nstaff:x:50:app,root\napp:x:1001:app\n")

  @Test func `users and groups are known by name and number`() throws {
    let app = try #require(users.user(named: "app"))
    #expect(app.uid == 1000 && app.gid == 1001 && app.home == "/srv" && app.shell == "/bin/sh")
    #expect(users.user(0)?.name == "root")
    #expect(users.user(named: "broken") == nil)
    #expect(users.group(named: "staff")?.members == ["app", "root"])
    #expect(users.supplementaryGroups(of: app) == [50])
  }

  @Test(arguments: [
    ("app", 1000, 1001), ("1000", 1000, 1001), ("app:staff", 1000, 50), ("7:8", 7, 8), ("7", 7, 0),
    ("7:staff", 7, 50),
  ])
  func `user and group are resolved as docker does`(text: String, uid: UInt32, gid: UInt32) throws {
    let found = try #require(users.resolve(text))
    #expect(found.uid == uid && found.gid == gid)
  }

  @Test(arguments: ["", "nobody-here", "app:", "app:none", ":1"])
  func `unknown users are refused`(text: String) {
    #expect(users.resolve(text) == nil)
  }

  @Test func `the processor is read`() throws {
    let text =
      "vendor_id\t: X\nmodel name\t: Y: Z\nflags\t\t: fpu sse\n\nprocessor\t: 1\nflags : no\n"
    let cpu = CPUFeatures(parsing: text, xsaveSize: 8)
    #expect(cpu == CPUFeatures(vendor: "X", model: "Y: Z", flags: ["fpu", "sse"], xsaveSize: 8))
    #expect(!Host.cpu.flags.isEmpty)
    var other = Host.cpu
    other.flags = ["nothing"]
    #expect(other.missing(on: Host.cpu) == ["nothing"])
  }

  @Test func `the host tells what it is`() throws {
    #expect(Host.kernelVersion > KernelVersion(4, 0))
    #expect(try FileSystem.readText("/proc/sys/kernel/osrelease") == Host.kernelRelease + "\n")
    #expect(try #require(Host.bootID).count == 36)
    #expect(Host.seccompMode != nil)
    #expect(Host.processorCount > 0 && Host.memory > .mebibytes(100))
  }
}

/// The same numbers in every run, so that a failure comes again.
private struct Seeded: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
