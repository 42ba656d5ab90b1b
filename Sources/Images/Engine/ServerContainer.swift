import Checkpoint
import Lifecycle
import Linux
import Memory
import Server

/// A container with `thaw init` as PID 1, as freezing, trying and running have it in common.
struct ServerContainer {
  let engine: Engine
  /// Its id, which is its host name, too.
  let id: String
  /// The folder for what runc and PID 1 read.
  let folder: Path
  /// The file system under it.
  let base: BaseFolder
  /// Layers between the base and what it writes, the top first.
  var layers: [Path] = []
  let upper: Path
  let work: Path
  /// The files that a server which is thawed in it opens.
  var opened = FileTable()
  var plan: InitPlan
  /// What PID 1 may do; the server gets none of it.
  let capabilities: Set<Capability>
  /// How far its clocks are from this machine's.
  let clock: TimeNamespace.Offsets
  /// What is bound into it besides PID 1's own files.
  var binds: [ContainerSpec.Bind] = []
  /// The descriptors of locks that it keeps.
  var locks: [Int32] = []
  /// How much memory it may have; nil: as much as there is.
  var memoryLimit: ByteCount?
  /// Whether it is confined as a running server is: seccomp, no_new_privs, protected kernel paths.
  let isConfined: Bool

  /// The file system under a server, unpacked.
  enum BaseFolder {
    case host
    case folder(Path)
  }

  /// Where PID 1 finds what is Thaw's, on the container's tmpfs.
  private static let own: Path = "/run/thaw"
  /// Where PID 1 finds the checkpoint.
  static func checkpoint(_ tier: Manifest.Tier) -> Path {
    // That of a warm one's memory file, as a thawed server has it mapped, is in it.
    tier == .warm ? tier.memoryPath.parent : own / "checkpoint"
  }

  /// A checkpoint as PID 1 finds it, and its memory file as a thawed server has it mapped.
  static func binds(_ checkpoint: Path, _ manifest: Manifest, readOnly: Bool = true)
    -> [ContainerSpec.Bind]
  {
    let own = ContainerSpec.Bind(
      source: checkpoint, destination: self.checkpoint(manifest.tier), readOnly: readOnly)
    // The other's is in its own folder, which is bound as well.
    let isElsewhere =
      manifest.tier == .warm
      || manifest.memory.file?.checkpoint.map { $0 == manifest.fallback } ?? false
    return isElsewhere ? [own] : [own] + memory(of: checkpoint, manifest)
  }

  /// The bind that gives a thawed server its memory file; none if its memory is all copied.
  static func memory(of checkpoint: Path, _ manifest: Manifest) -> [ContainerSpec.Bind] {
    guard let file = manifest.memory.file else { return [] }
    let owner = file.checkpoint.map { checkpoint.parent / $0 } ?? checkpoint
    let source = owner / MemoryFile.name
    // What is not there cannot be bound; PID 1 finds it missing, and says so.
    guard FileSystem.exists(source) else { return [] }
    return [.init(source: source, destination: MemoryFile.path, readOnly: true)]
  }
  /// Where PID 1 finds CRIU.
  static let bundle = own / "bundle"

  /// Starts it: from here on PID 1 is a child of this process, and ends when `leash` is closed.
  func start(
    network: borrowing Network, output: Int32, errors: Int32, events: Int32, leash: Int32
  ) throws(EngineFailure) -> Child {
    try Images.engine { () throws(EngineError) in
      try attempt("becoming the parent of containers", on: id) { () throws(Errno) in
        try Processes.becomeSubreaper()
      }
      try writePlan()
      return try engine.runc.start(
        try spec(network), in: folder,
        streams: .init(
          output: output, errors: errors, events: events, leash: leash, locks: locks),
        deadline: .after(.seconds(30)))
    }
  }

  private func writePlan() throws(EngineError) {
    var plan = plan
    plan.criuPatience = engine.criuPatience
    plan.criuLog = engine.criuLog
    let bytes: [UInt8]
    do {
      bytes = try JSONText.encode(plan)
    } catch {
      throw EngineError(.failed, id, "writing the plan: \(error)")
    }
    try attempt("writing the plan", on: folder) { () throws(Errno) in
      try FileSystem.makeDirectory(folder, mode: 0o755, parents: true)
      // It holds the server's environment, and so perhaps its secrets.
      try FileSystem.writeFile(folder / "plan.json", bytes, mode: 0o400)
      try FileSystem.changeOwner(
        folder / "plan.json", user: plan.program.user, group: plan.program.group)
    }
  }

  private func spec(_ network: borrowing Network) throws(EngineError) -> ContainerSpec {
    let arguments = [(Self.own / "thaw").string, "init"]
    let onHost: Bool
    var spec: ContainerSpec
    switch base {
    case .host:
      onHost = true
      // An overlay refuses a layer that lies within another, as all do within the root: so it is copied.
      for layer in layers.reversed() {
        try attempt("copying the files of the checkpoint", on: layer) { () throws(Errno) in
          try FileSystem.copyLayer(layer, over: upper)
        }
      }
      spec = ContainerSpec(
        onHostFileSystemWithID: id, upper: upper, work: work, arguments: arguments)
    case .folder(let path):
      onHost = false
      for layer in layers { try OpenedFiles(layer: layer, upper: upper).copy(opened) }
      spec = ContainerSpec(
        id: id, layers: layers + [path], upper: upper, work: work, arguments: arguments)
    }
    spec.names = NameFiles.current(address: network.address, keepsHosts: onHost)
    spec.environment = ["PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"]
    spec.identity = .init(
      user: plan.program.user, group: plan.program.group,
      supplementaryGroups: plan.program.supplementaryGroups)
    spec.capabilities = capabilities
    spec.clock = clock
    spec.memoryLimit = memoryLimit
    spec.networkNamespace = network.namespacePath
    spec.noNewPrivileges = isConfined
    spec.protectsKernelPaths = isConfined
    if isConfined { spec.seccomp = try Seccomp.standard() }
    spec.binds =
      binds + [
        .init(source: engine.program, destination: Self.own / "thaw", readOnly: true),
        .init(source: engine.bundle.criu, destination: Self.bundle / "criu", readOnly: true),
        .init(source: folder / "plan.json", destination: InitPlan.path, readOnly: true),
      ]
    return spec
  }
}
