package import Linux

/// A container's own network: a link to this machine, published ports, a way out.
///
/// Nothing of it is left when this process and the container's have ended, however they end: the
/// link goes with the container's namespace, the rules with a process that owns them, see
/// ``RuleKeeper``.
package struct Network: ~Copyable, Sendable {
  /// The container's address.
  package let address: IPv4Address
  /// This machine's address on the link: the container's way out.
  package let gateway: IPv4Address
  /// The name of the link on this machine.
  package let interface: String
  /// The published ports, with those that were chosen.
  package let published: [PublishedPort]

  private let namespace: Descriptor
  private let holders: [PortHolder]
  private let rules: RuleKeeper

  /// The namespace as a path that other processes of root can open while this value lives.
  package var namespacePath: Path { Path("/proc/\(Host.processID)/fd/\(namespace.rawValue)") }

  /// Makes a network: three processes, `nft`, and `ip` at both ends of the link.
  ///
  /// For published ports on other addresses than 127.0.0.1, and for `outbound`, the kernel's
  /// forwarding is switched on, as every container engine does; it stays on.
  ///
  /// - Parameters:
  ///   - id: the container's.
  ///   - published: its ports that this machine shows.
  ///   - outbound: whether it may open connections to the outside; to this machine it may.
  ///   - deadline: for all of it.
  /// - Returns: the network, with all in force.
  /// - Throws: `.portTaken`, `.badPort`, `.networkFailed`, `.notRoot`; then nothing of it is left.
  package static func open(
    id: String, published: [PublishedPort] = [], outbound: Bool = true,
    deadline: Deadline = .after(.seconds(20))
  ) throws(EngineError) -> Network {
    var holders: [PortHolder] = []
    for port in published { holders.append(try PortHolder(port)) }
    let ports = holders.map(\.port)
    var taken: Set<Int> = []
    while true {
      let subnet = try Subnet.free(excluding: taken)
      let rules = try RuleKeeper(
        NetworkRules(id: id, subnet: subnet, published: ports, outbound: outbound))
      // The link is made while nft is at work.
      guard let namespace = try Link.make(subnet, deadline: deadline) else {
        taken.insert(subnet.index)
        rules.close()
        continue
      }
      try configure(subnet, forwards: outbound || ports.contains { !$0.isLocal })
      try rules.confirm(deadline: deadline)
      for holder in holders { holder.turnAway() }
      return Network(
        address: subnet.container, gateway: subnet.host, interface: subnet.interface,
        published: ports, namespace: namespace, holders: holders, rules: rules)
    }
  }

  /// Takes it down, and waits until the rules are gone; without it, they go a moment after this
  /// value.
  package consuming func close() {
    rules.close()
  }

  /// Settings of the kernel for the machine's end of the link.
  private static func configure(_ subnet: Subnet, forwards: Bool) throws(EngineError) {
    let settings: Path = "/proc/sys/net/ipv4"
    // Without it 127.0.0.1 is never sent over a link, so that published ports would not answer
    // there.
    try set(settings / "conf/\(subnet.interface)/route_localnet", to: "1")
    let forwarding = settings / "ip_forward"
    // What cannot be read is tried to be written.
    let isOn = (try? FileSystem.readText(forwarding))?.trimmed == "1"
    if forwards && !isOn { try set(forwarding, to: "1") }
  }

  private static func set(_ path: Path, to value: String) throws(EngineError) {
    try attempt("setting it to \(value)", on: path, code: .networkFailed) { () throws(Errno) in
      try FileSystem.writeFile(path, Array(value.utf8))
    }
  }
}

/// The pair of interfaces between this machine and a container.
enum Link {
  /// Makes a network namespace with one end of a link in it.
  ///
  /// The namespace is that of the `ip` that configures the inner end: no thread of this process
  /// ever leaves its own.
  ///
  /// - Returns: the namespace; nil if somebody else has just taken the link's name.
  static func make(_ subnet: Subnet, deadline: Deadline) throws(EngineError) -> Descriptor? {
    let inside = try NetworkTool(
      "ip", ["-batch", "-"], package: "iproute2", namespaces: .network)
    let pid = inside.pid
    let namespace = try attempt("opening the network namespace", on: "ip", code: .networkFailed) {
      () throws(Errno) in try Descriptor.open(Path("/proc/\(pid)/ns/net"), .readOnly)
    }
    let place = "/proc/\(Host.processID)/fd/\(namespace.rawValue)"
    let outside = try NetworkTool("ip", ["-batch", "-"], package: "iproute2")
    try outside.tell([
      "link add \(subnet.interface) type veth peer name eth0 netns \(place)",
      "address add \(subnet.host)/30 dev \(subnet.interface)",
      "link set \(subnet.interface) up",
    ])
    if let complaint = try outside.finish(deadline: deadline) {
      inside.end()
      guard !complaint.contains("File exists") else { return nil }
      throw failure(complaint)
    }
    try inside.tell([
      "link set lo up",
      "address add \(subnet.container)/30 dev eth0",
      "link set eth0 up",
      "route add default via \(subnet.host)",
    ])
    if let complaint = try inside.finish(deadline: deadline) { throw failure(complaint) }
    return namespace
  }

  private static func failure(_ complaint: String) -> EngineError {
    let needsRoot = complaint.contains("Operation not permitted")
    return EngineError(
      needsRoot ? .notRoot : .networkFailed, "ip", complaint,
      fix: needsRoot ? "run it as root" : "the kernel needs veth: `modprobe veth`")
  }
}
