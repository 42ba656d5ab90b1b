import Linux

/// The four addresses of a container's link to this machine: network, host, container, broadcast.
struct Subnet: Hashable, Sendable {
  /// Which quarter of the pool, 0 to 16,383.
  let index: Int
  /// The pool's first address.
  let pool: IPv4Address

  /// The machine's end.
  var host: IPv4Address { IPv4Address(rawValue: network.rawValue + 1) }
  /// The container's end.
  var container: IPv4Address { IPv4Address(rawValue: network.rawValue + 2) }
  /// The first of the four.
  var network: IPv4Address { IPv4Address(rawValue: pool.rawValue + UInt32(index) * 4) }
  /// The name of the machine's end; the kernel has each name once, so that it tells who has the
  /// subnet.
  var interface: String { "\(Self.prefix)\(index)" }

  /// How many subnets a pool has.
  static let count = 16_384
  private static let prefix = "thaw"
  /// Pools of 65,536 addresses, of which the first is taken that the machine has no way to yet.
  private static let pools: [IPv4Address] =
    [0x0AD2_0000, 0x0AD3_0000, 0xAC1F_0000, 0xC0A8_0000].map { IPv4Address(rawValue: $0) }

  /// A free subnet.
  ///
  /// It starts at any place, not at the first: so two starts at a time seldom want the same, and
  /// the kernel's memory of connections to the last container is not mistaken for ones to this.
  ///
  /// - Parameters:
  ///   - excluded: subnets that turned out to be taken.
  ///   - start: where to look first.
  /// - Returns: a subnet that nobody had a moment ago.
  /// - Throws: `.networkFailed` if there is none.
  static func free(
    excluding excluded: Set<Int> = [], start: Int = .random(in: 0..<count)
  ) throws(EngineError) -> Subnet {
    let (interfaces, routes) = try attempt("reading the machine's network", on: "/proc/net") {
      () throws(Errno) in
      (try FileSystem.readText("/proc/net/dev"), try FileSystem.readText("/proc/net/route"))
    }
    let taken = takenIndexes(interfaces)
    guard let pool = pools.first(where: { !isRouted($0, routes) }) else {
      throw EngineError(
        .networkFailed, pools.map { "\($0)/16" }.joined(separator: ", "),
        "this machine has routes into all of these networks",
        fix: "`ip route` shows them; Thaw needs one of these for its containers")
    }
    for step in 0..<count {
      let index = (start + step) % count
      if !taken.contains(index) && !excluded.contains(index) {
        return Subnet(index: index, pool: pool)
      }
    }
    throw EngineError(.networkFailed, "\(pool)/16", "all subnets are taken")
  }

  /// The numbers of Thaw's interfaces in the text of `/proc/net/dev`.
  static func takenIndexes(_ text: String) -> Set<Int> {
    Set(
      text.split(separator: "\n").compactMap { line in
        let name = line.prefix { $0 != ":" }.drop(while: \.isWhitespace)
        return name.hasPrefix(prefix) ? Int(name.dropFirst(prefix.count)) : nil
      })
  }

  /// Whether a line of `/proc/net/route` leads into a pool, but for the default route and Thaw's
  /// own.
  static func isRouted(_ pool: IPv4Address, _ text: String) -> Bool {
    text.split(separator: "\n").dropFirst().contains { line in
      let fields = line.split(whereSeparator: \.isWhitespace)
      guard fields.count > 7, !fields[0].hasPrefix(prefix),
        let target = UInt32(fields[1], radix: 16)?.byteSwapped,
        let mask = UInt32(fields[7], radix: 16)?.byteSwapped, mask != 0
      else { return false }
      let common = mask & 0xFFFF_0000
      return target & common == pool.rawValue & common
    }
  }
}
