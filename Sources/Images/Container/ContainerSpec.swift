package import Linux

/// All that runc has to know about a container.
package struct ContainerSpec: Sendable {
  /// Whom a container's first process runs as.
  package struct Identity: Hashable, Sendable, Codable {
    /// The user's number.
    package var user: UInt32
    /// The group's number.
    package var group: UInt32
    /// The numbers of the further groups.
    package var supplementaryGroups: [UInt32]

    package init(user: UInt32, group: UInt32, supplementaryGroups: [UInt32] = []) {
      self.user = user
      self.group = group
      self.supplementaryGroups = supplementaryGroups
    }

    /// User and group 0.
    package static let root = Identity(user: 0, group: 0)
  }

  /// A file or folder of the host that the container sees.
  package struct Bind: Hashable, Sendable, Codable {
    /// Where it is on the host.
    package var source: Path
    /// Where the container sees it; made in the writable layer if it is not there.
    package var destination: Path
    /// Whether the container cannot write it.
    package var readOnly: Bool

    package init(source: Path, destination: Path, readOnly: Bool = false) {
      self.source = source
      self.destination = destination
      self.readOnly = readOnly
    }

    /// How many folders down the container sees it.
    var depth: Int { destination.components.count }
  }

  /// Names the container to runc; letters, digits and `_ - .`.
  package var id: String
  /// What `uname -n` says inside.
  package var hostName: String

  /// The read-only folders of the root file system, the topmost first.
  package var layers: [Path]
  /// Takes what the container writes; made by the caller, on a real file system.
  package var upper: Path
  /// The overlay's own; empty, on the file system of `upper`.
  package var work: Path
  /// Whether the lowest layer is this machine's root: real file systems that are mounted below it
  /// are shown, too.
  package var hostFileSystem = false
  /// Whether the root cannot be written; binds and tmpfs still can.
  package var readOnlyRoot = false
  /// What else the container sees, below `/run/thaw` or anywhere.
  package var binds: [Bind] = []
  /// The files that tell the container its names; nil: what the layers have.
  package var names: NameFiles?

  /// What to run; the first is the program, looked up in the PATH of `environment`.
  package var arguments: [String]
  /// The whole environment.
  package var environment: [String: String] = [:]
  /// Where it starts; made if it is not there.
  package var workingDirectory: Path = "/"
  /// Whom it runs as.
  package var identity = Identity.root
  /// Its capabilities, in all five sets, so that another user than 0 keeps them.
  package var capabilities: Set<Capability> = []
  /// Whether no program can give it more rights.
  package var noNewPrivileges = false
  /// Which system calls it may make; nil: all.
  package var seccomp: Seccomp?
  /// Whether what Docker hides or protects of `/proc` and `/sys` is hidden and protected.
  package var protectsKernelPaths = false

  /// How much memory its processes may have together, page cache included; nil: as much as there is.
  package var memoryLimit: ByteCount?

  /// What its clocks are ahead of the host's; nil: the host's clocks.
  package var clock: TimeNamespace.Offsets?
  /// The network namespace, as a path that runc can open; nil: a new one with nothing but loopback.
  package var networkNamespace: Path?

  package init(
    id: String, hostName: String? = nil, layers: [Path], upper: Path, work: Path,
    arguments: [String]
  ) {
    self.id = id
    self.hostName = hostName ?? id
    self.layers = layers
    self.upper = upper
    self.work = work
    self.arguments = arguments
  }

  /// The same container on this machine's own file system.
  package init(
    onHostFileSystemWithID id: String, hostName: String? = nil, above layers: [Path] = [],
    upper: Path, work: Path, arguments: [String]
  ) {
    self.init(
      id: id, hostName: hostName, layers: layers + [.root], upper: upper, work: work,
      arguments: arguments)
    hostFileSystem = true
  }
}
