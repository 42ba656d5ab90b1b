import Linux

/// Other container engines, none of which Thaw's own needs.
extension Doctor {
  func engines() -> [Check] {
    [
      engine("docker", ["version", "--format", "{{.Server.Version}}"], isDaemon: true),
      engine("podman", ["--version"], isDaemon: false),
      containerd(),
    ]
  }

  private func engine(_ name: String, _ arguments: [String], isDaemon: Bool) -> Check {
    guard let program = Spawn.find(name, path: environment["PATH"]) else {
      return .note(name, "not installed, not needed")
    }
    switch Self.ask(program, arguments) {
    case .failed(let why):
      return .note(
        name, "\(program) is there, \(isDaemon ? "no daemon answers" : "it fails"): \(why)")
    case .said(let text):
      let version = Self.version(in: text)
      let found = version.map { "\($0)" } ?? text
      guard name == "docker", let version, version < KernelVersion(23, 0) else {
        return .note(name, found + (isDaemon ? ", its daemon answers" : ""))
      }
      return .note(name, "\(found) does not know CHECKPOINT_RESTORE yet: 23 or later does")
    }
  }

  private func containerd() -> Check {
    let socket: Path = "/run/containerd/containerd.sock"
    let isListening = FileSystem.exists(socket)
    guard let program = Spawn.find("containerd", path: environment["PATH"]) else {
      return .note(
        "containerd", isListening ? "listens on \(socket)" : "not installed, not needed")
    }
    let version: String =
      switch Self.ask(program, ["--version"]) {
      case .said(let text): Self.version(in: text).map { "\($0)" } ?? text
      case .failed(let why): "\(program) fails: \(why)"
      }
    return .note("containerd", version + (isListening ? ", listens on \(socket)" : ", not running"))
  }
}
