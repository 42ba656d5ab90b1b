import Linux

/// The rules of the kernel's packet filter for one container, as text for `nft`.
struct NetworkRules: Sendable {
  /// The container's id.
  var id: String
  /// The link to the container.
  var subnet: Subnet
  /// What is published, with true ports.
  var published: [PublishedPort]
  /// Whether the container may open connections to the outside.
  var outbound: Bool

  /// The table's name.
  var table: String { "thaw-\(id)" }

  /// One command, so that the kernel takes all of it or nothing.
  ///
  /// The table's owner is the process that adds it: when that ends, however it ends, the kernel
  /// drops the table.
  var command: String {
    let chains = [output, prerouting, postrouting, forward, input].joined(separator: " ")
    return "add table ip \(table) { flags owner; \(chains) }"
  }

  private var link: String { "\"\(subnet.interface)\"" }
  private var container: IPv4Address { subnet.container }

  /// Connections that this machine opens itself.
  private var output: String {
    chain("output", "nat hook output priority -100", published.map(redirect))
  }

  /// Connections that come from other machines and containers.
  ///
  /// What is published on the loopback stays there.
  private var prerouting: String {
    chain(
      "prerouting", "nat hook prerouting priority -100",
      published.filter { !$0.isLocal }.map(redirect))
  }

  private func redirect(_ port: PublishedPort) -> String {
    let place = port.isAny ? "fib daddr type local" : "ip daddr \(port.hostAddress)"
    return "\(place) tcp dport \(port.hostPort) dnat to \(container):\(port.containerPort)"
  }

  /// The container could not answer 127.0.0.1, nor itself; others could not answer the container's
  /// address.
  private var postrouting: String {
    chain(
      "postrouting", "nat hook postrouting priority 100",
      [
        "oifname \(link) ip saddr { 127.0.0.0/8, \(container) } masquerade",
        "ip saddr \(container) oifname != \(link) masquerade",
      ])
  }

  /// Others reach what is published and nothing else.
  private var forward: String {
    let outside =
      outbound ? [] : ["iifname \(link) ct state new reject with icmp type admin-prohibited"]
    return chain(
      "forward", "filter hook forward priority 0",
      [
        "oifname \(link) ct state established,related accept",
        "oifname \(link) ct status dnat accept",
        "oifname \(link) drop",
      ] + outside)
  }

  /// The link may route 127.0.0.1, for answers only: the container must not reach what listens
  /// there.
  private var input: String {
    chain(
      "input", "filter hook input priority 0",
      ["iifname \(link) ip daddr 127.0.0.0/8 ct state new,invalid,untracked drop"])
  }

  private func chain(_ name: String, _ hook: String, _ rules: [String]) -> String {
    let body = (["type \(hook)"] + rules).map { $0 + ";" }.joined(separator: " ")
    return "chain \(name) { \(body) };"
  }
}

extension PublishedPort {
  /// Whether it is published on every address.
  var isAny: Bool { hostAddress == "0.0.0.0" }
  /// Whether it is published for this machine alone.
  var isLocal: Bool { hostAddress.hasPrefix("127.") }
}
