import Arguments
import Testing

@Suite struct ValueKindTests {
  @Test(arguments: [
    ("500ms", Duration.milliseconds(500)), ("30s", .seconds(30)), ("2m", .seconds(120)),
    ("1h", .seconds(3600)), ("1m30s", .seconds(90)), ("1.5s", .milliseconds(1500)),
    ("10", .seconds(10)), ("0", .zero), ("250us", .microseconds(250)), ("1d", .seconds(86400)),
    ("0.25", .milliseconds(250)),
  ])
  func `durations are read`(text: String, duration: Duration) throws {
    #expect(try read(text, .duration) == duration)
  }

  @Test(arguments: [
    "", "s", "soon", "-5s", "1s30m", "1s1s", "1,5s", "5 s", "1e3s", "..", "9999999999999h", "5S",
    "nan", "inf", "0x10",
  ])
  func `other texts are no durations`(text: String) {
    #expect(throws: UsageError.self) { try read(text, .duration) }
  }

  @Test(arguments: [
    ("0", 0), ("1048576", 1_048_576), ("512m", 512 << 20), ("1.5GiB", 3 << 29), ("2g", 2 << 30),
    ("144MB", 144_000_000), ("10kB", 10_000), ("64K", 64 << 10), ("7b", 7), ("1TiB", 1 << 40),
    ("18446744073709551615", UInt64.max),
  ])
  func `sizes are read`(text: String, bytes: UInt64) throws {
    #expect(try read(text, .byteCount) == bytes)
  }

  @Test(arguments: [
    "", "m", "-1", "1x", "1 m", "18446744073709551616", "99999999999g", "1e3", "1..5m", "0x1",
    "99999999.5tib",
  ])
  func `other texts are no sizes`(text: String) {
    #expect(throws: UsageError.self) { try read(text, .byteCount) }
  }

  @Test(arguments: [
    ("80", PortMapping(hostPort: nil, containerPort: 80)),
    ("8080:80", PortMapping(hostPort: 8080, containerPort: 80)),
    ("0:80", PortMapping(hostPort: nil, containerPort: 80)),
    ("127.0.0.1:8080:80", PortMapping(hostAddress: "127.0.0.1", hostPort: 8080, containerPort: 80)),
    ("127.0.0.1::80", PortMapping(hostAddress: "127.0.0.1", hostPort: nil, containerPort: 80)),
    ("[::1]:8080:80", PortMapping(hostAddress: "::1", hostPort: 8080, containerPort: 80)),
    ("53:53/udp", PortMapping(hostPort: 53, containerPort: 53, transport: .udp)),
    ("8080:80/tcp", PortMapping(hostPort: 8080, containerPort: 80)),
  ])
  func `ports are read in docker's forms`(text: String, mapping: PortMapping) throws {
    #expect(try read(text, .portMapping) == mapping)
    #expect(PortMapping(mapping.description) == mapping)
  }

  @Test(arguments: [
    "", ":", "0", "65536", "8080:", "8080:0", "a:80", "1.2.3:1:1", "1.2.3.256:1:1", "1:2:3",
    "127.0.0.1:80:80:80", "[::1]8080:80", "[]:1:1", "[::1]:80", "80/sctp", "80/", "+80", "[::1",
    " 80",
    "[zz]:1:1",
  ])
  func `other texts are no ports`(text: String) {
    #expect(PortMapping(text) == nil)
    #expect(throws: UsageError.self) { try read(text, .portMapping) }
  }

  @Test(arguments: [
    ("data:/var/lib/data", VolumeMapping(source: "data", target: "/var/lib/data")),
    ("./conf:/etc:ro", VolumeMapping(source: "./conf", target: "/etc", isReadOnly: true)),
    ("/a:/b:rw", VolumeMapping(source: "/a", target: "/b")),
  ])
  func `volumes are read in docker's forms`(text: String, volume: VolumeMapping) throws {
    #expect(try read(text, .volumeMapping) == volume)
    #expect(VolumeMapping(volume.description) == volume)
    #expect(volume.isNamed == (text == "data:/var/lib/data"))
  }

  @Test(arguments: ["", "data", ":/x", "a:b", "a:/b:z", "a:/b:ro:ro"])
  func `other texts are no volumes`(text: String) {
    #expect(VolumeMapping(text) == nil)
  }

  @Test(arguments: ["", "=x", "A B=c", " =1"])
  func `other texts are no variables`(text: String) {
    #expect(Assignment(text) == nil)
  }

  @Test(.timeLimit(.minutes(1)))
  func `any text at all is read or refused by every kind`() {
    let alphabet = Array("0123456789:.[]/-=smhkMGiB e\u{301}∞")
    var random = SplitMix(state: 3)
    var ports = 0
    for _ in 0..<5_000 {
      let text = String(
        (0..<Int.random(in: 0...12, using: &random)).map { _ in
          alphabet[Int.random(in: alphabet.indices, using: &random)]
        })
      if let mapping = PortMapping(text) {
        ports += 1
        #expect(PortMapping(mapping.description) == mapping)
      }
      if let volume = VolumeMapping(text) {
        #expect(VolumeMapping(volume.description) == volume)
      }
      _ = try? read(text, .duration)  // must only not trap
      _ = try? read(text, .byteCount)  // must only not trap
    }
    #expect(ports > 5)
  }

  @Test func `defaults are shown as they would be typed`() {
    let options: [any OptionEntry] = [
      Option("a", .duration, default: .seconds(90), "A."),
      Option("b", .duration, default: .milliseconds(1500), "B."),
      Option("c", .byteCount, default: 512 << 20, "C."),
      Option("d", .byteCount, default: 1000, "D."),
      Option("f", .choice("ENGINE", of: Sample.Engine.self), default: .host, "F."),
    ]
    let verb = Command("verb", summary: "A verb.", options: options) { _ in .success }
    let program = Program("p", version: "1", summary: "S.", groups: [.init("All", [verb])])
    let help = program.help(of: verb)
    for text in ["90s", "1500ms", "512m", "1000", "host"] {
      #expect(help.contains("default: \(text))"))
    }
  }

  private func read<Value>(_ text: String, _ kind: ValueKind<Value>) throws -> Value {
    let option = Option(required: "value", kind, "A value.")
    let verb = Command("verb", summary: "A verb.", options: [option]) { _ in .success }
    let program = Program("p", version: "1", summary: "S.", groups: [.init("All", [verb])])
    guard case .run(_, let parsed) = try program.parse(["verb", "--value=" + text]) else {
      throw Sample.Shown(text: text)
    }
    return try parsed[option]
  }
}
