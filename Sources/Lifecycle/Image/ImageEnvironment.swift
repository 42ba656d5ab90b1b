/// Which variables of a container's environment decide what its server does.
///
/// Engines add some of their own to those of the image and of the user: they differ from container to container and
/// mean nothing to the server that was frozen.
enum ImageEnvironment {
  /// The environment to be compared with that of the freeze: what an engine adds is as it was then.
  static func judged(
    _ own: [String: String], frozen: [String: String]
  ) -> [String: String] {
    own.filter { !isOfEngine($0.key, $0.value) }
      .merging(frozen.filter { isOfEngine($0.key, $0.value) }) { $1 }
  }

  /// Whether a variable is of the engine's making.
  static func isOfEngine(_ name: String, _ value: String) -> Bool {
    if names.contains(name) || name.hasPrefix("KUBERNETES_") || name.hasPrefix("THAW_") {
      return true
    }
    // What Kubernetes and Docker's links say of other services: NAME_SERVICE_HOST, NAME_PORT_80_TCP_ADDR and the like.
    let words = name.split(separator: "_", omittingEmptySubsequences: false)
    if name.hasSuffix("_SERVICE_HOST") || name.contains("_SERVICE_PORT") { return true }
    if let port = words.lastIndex(of: "PORT"), words.count > port + 2,
      UInt16(words[port + 1]) != nil, ["TCP", "UDP", "SCTP"].contains(words[port + 2])
    {
      return true
    }
    return name.hasSuffix("_PORT") && ["tcp://", "udp://"].contains { value.hasPrefix($0) }
  }

  private static let names: Set = [
    "HOSTNAME", "HOME", "TERM", "PWD", "OLDPWD", "SHLVL", "_", "container",
  ]
}
