import Linux

/// What containers' networks are made with.
extension Doctor {
  func network() -> [Check] {
    [
      tried(
        "ip", package: "iproute2", ["-V"],
        ["link", "add", "one", "type", "veth", "peer", "name", "two"], input: ""),
      tried("nft", package: "nftables", ["--version"], ["-f", "-"], input: Self.rules),
      Self.forwarding(
        Self.setting(Self.forward), isWritable: FileSystem.isWritable(Self.forward)),
    ]
  }

  private static let forward: Path = "/proc/sys/net/ipv4/ip_forward"

  /// Rules of the kinds that a container's published ports have.
  private static let rules = """
    table ip thaw_doctor {
      flags owner;
      chain prerouting {
        type nat hook prerouting priority dstnat; policy accept;
        ip daddr 127.0.0.1 tcp dport 1 dnat to 10.210.0.2:1
      }
      chain postrouting {
        type nat hook postrouting priority srcnat; policy accept;
        ip saddr 127.0.0.0/8 masquerade
      }
    }

    """

  /// Has a program do its work in a network namespace that nobody else is in.
  private func tried(
    _ name: String, package: String, _ version: [String], _ arguments: [String], input: String
  ) -> Check {
    guard let program = Spawn.find(name, path: Self.path) else {
      return .missing(name, "not there", fix: "apt-get install \(package)")
    }
    let told = Self.ask(program, version)
    guard case .said(let text) = told else {
      return .missing(
        name, "\(program) does not start", fix: "apt-get install --reinstall \(package)")
    }
    let number = Self.toolVersion(in: text)
    guard canTry, capabilities.contains(.netAdmin) else {
      return .note(name, "\(number); not tried, which takes root")
    }
    switch Self.ask(program, arguments, input: input, namespaces: .network) {
    case .said: return .ok(name, "\(number), works")
    case .failed(let why):
      let module = name == "ip" ? "modprobe veth" : "modprobe nf_tables nft_chain_nat nft_masq"
      return .missing(name, "\(number): \(why)", fix: "the kernel needs it: \(module)")
    }
  }

  /// `ip utility, iproute2-6.1.0, libbpf 1.1.2` gives 6.1.0, `nftables v1.0.6 (…)` 1.0.6.
  static func toolVersion(in text: String) -> String {
    let words = text.split { $0.isWhitespace || $0 == "," || $0 == "-" }
    let found = words.lazy.compactMap { version(in: String($0)) }.first
    return found.map { "\($0)" } ?? text
  }

  static func forwarding(_ value: String?, isWritable: Bool) -> Check {
    switch value {
    case "1"?: .ok("ip_forward", "on")
    case let value?:
      isWritable
        ? .ok("ip_forward", "\(value): a server that needs it switches it on")
        : .missing(
          "ip_forward", "off, and cannot be switched on from here",
          fix: "sysctl -w net.ipv4.ip_forward=1")
    case nil: .warning("ip_forward", "not known: /proc is not mounted", fix: "mount /proc")
    }
  }
}
