/// The names of `/etc/hosts`.
///
/// A static executable cannot ask the resolver of glibc, and nothing here needs one: servers are
/// asked on this machine.
public struct HostTable: Sendable {
  private let entries: [(name: String, address: String)]

  /// Reads a table of text; lines that make no sense are passed over, as the resolver does.
  public init(parsing text: String) {
    var entries: [(name: String, address: String)] = []
    for line in text.split(whereSeparator: \.isNewline) {
      let fields = line.prefix { $0 != "#" }.split(whereSeparator: \.isWhitespace).map(String.init)
      guard let address = fields.first, SocketAddress(host: address, port: 0) != nil else {
        continue
      }
      for name in fields.dropFirst() { entries.append((name.lowercased(), address)) }
    }
    self.entries = entries
  }

  /// Reads the machine's table; an empty one where there is none.
  public static func system() -> HostTable {
    HostTable(parsing: (try? FileSystem.readText("/etc/hosts")) ?? "")  // no table: no names
  }

  /// The addresses of a name, in the order of the table, each once; `localhost` always has some.
  public func addresses(of name: String, port: UInt16) -> [SocketAddress] {
    if let numeric = SocketAddress(host: name, port: port) { return [numeric] }
    let wanted = name.lowercased()
    var found: [SocketAddress] = []
    for entry in entries where entry.name == wanted {
      guard let address = SocketAddress(host: entry.address, port: port),
        !found.contains(address)
      else { continue }
      found.append(address)
    }
    if found.isEmpty && (wanted == "localhost" || wanted.hasSuffix(".localhost")) {
      return [.ipv4(.loopback, port: port), .ipv6(.loopback, port: port)]
    }
    return found
  }
}

extension SocketAddress {
  /// The addresses of a host: a number, `localhost`, or a name in `/etc/hosts`.
  ///
  /// - Throws: `.noEntry` for any other name.
  public static func resolve(host: String, port: UInt16) throws(Errno) -> [SocketAddress] {
    let found = HostTable.system().addresses(of: host, port: port)
    guard !found.isEmpty else { throw .noEntry }
    return found
  }
}
