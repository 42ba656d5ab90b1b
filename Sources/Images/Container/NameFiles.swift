package import Linux

/// `/etc/hosts`, `/etc/hostname` and `/etc/resolv.conf` of a container.
///
/// Without them a JVM that asks for its own host's name waits for name servers that it cannot
/// reach.
package struct NameFiles: Hashable, Sendable {
  /// The container's address; nil: it has none but loopback.
  package var address: IPv4Address?
  /// Lines for `/etc/hosts` besides the container's own.
  package var hosts: [String]
  /// The content of `/etc/resolv.conf`; nil: what the layers have.
  package var resolver: String?

  package init(address: IPv4Address? = nil, hosts: [String] = [], resolver: String? = nil) {
    self.address = address
    self.hosts = hosts
    self.resolver = resolver
  }

  /// The files for a container with a network of its own.
  ///
  /// Name servers are the host's, but for those on its loopback, which the container cannot reach.
  ///
  /// - Parameters:
  ///   - address: the container's.
  ///   - keepsHosts: take the lines of the host's `/etc/hosts`, for its own file system.
  /// - Returns: the files.
  package static func current(address: IPv4Address?, keepsHosts: Bool) -> NameFiles {
    // systemd-resolved listens on 127.0.0.53 and keeps the true list in a file of its own.
    let resolver = ["/etc/resolv.conf", "/run/systemd/resolve/resolv.conf"].lazy
      .compactMap { try? FileSystem.readText(Path($0)) }  // not there: the next, or none
      .map(withoutLoopback)
      .first { $0.contains("nameserver") }
    // No /etc/hosts: no lines of it.
    let hosts = keepsHosts ? (try? FileSystem.readText("/etc/hosts")) ?? "" : ""
    return NameFiles(
      address: address, hosts: hosts.split(separator: "\n").map(String.init),
      resolver: resolver ?? "")
  }

  /// A resolver's configuration without the name servers that only the host can reach.
  static func withoutLoopback(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false).filter { line in
      let words = line.split(whereSeparator: \.isWhitespace)
      guard words.first == "nameserver", words.count > 1 else { return true }
      return !words[1].hasPrefix("127.") && words[1] != "::1"
    }.joined(separator: "\n")
  }

  /// The files' names in `/etc` and contents.
  func contents(hostName: String) -> [(name: String, text: String)] {
    let loopback = ["127.0.0.1\tlocalhost", "::1\tlocalhost ip6-localhost ip6-loopback"]
    let own = "\(address ?? .loopback)\t\(hostName)"
    let others = hosts.filter { line in
      !line.split(whereSeparator: \.isWhitespace).dropFirst().contains { $0 == hostName }
    }
    let lines = (hosts.isEmpty ? loopback : others) + [own]
    var files = [
      (name: "hosts", text: lines.joined(separator: "\n") + "\n"),
      (name: "hostname", text: hostName + "\n"),
    ]
    if let resolver { files.append((name: "resolv.conf", text: resolver)) }
    return files
  }
}
