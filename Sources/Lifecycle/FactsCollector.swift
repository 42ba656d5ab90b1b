import CRIU
import Checkpoint
import Linux

/// Collects what only the freezing container knows: before the dump from the living server, after it from the images.
struct FactsCollector {
  let plan: InitPlan
  let client: Client
  let images: Path
  let server: Int32
  /// Which CRIU dumps; nil: that of `parent`.
  let version: Version?
  /// The server and its descendants, if they are known; nil: to be looked for.
  var tree: [Int32]?
  /// From where the server is looked at.
  var viewpoint = Viewpoint.inside
  /// The checkpoint that the server was thawed from: what is unchanged since is not read again.
  var parent: Manifest?
  /// Folders whose files are not read: something else tells that they are what they were.
  var unread: [Path] = []

  /// Where the collector is: in the server's container, or outside of it.
  struct Viewpoint {
    /// The server's root folder.
    var root: Path
    /// What the server's clocks are ahead of this process's.
    var clock: TimeNamespace.Offsets
    /// Whether the server's clocks began near zero.
    var young: Bool

    /// In the server's container.
    static var inside: Viewpoint {
      // Where the kernel has no time namespaces, the clocks are the machine's.
      let young = (try? TimeNamespace.offsets()).map { $0.monotonic < .zero } ?? false
      return Viewpoint(root: .root, clock: .init(), young: young)
    }
  }

  /// What is asked of the living server.
  struct Before {
    var output: String
    var errors: String
    var ids: [Int32]
    var noNewPrivileges: Bool
    var capabilities: [String]
    var resident: ByteCount
    var monotonic: Duration
    var bootTime: Duration
  }

  func beforeDump() throws(InitFailure) -> Before {
    let tree = tree ?? [server] + Processes.descendants(of: server)
    let descriptors = Processes.openDescriptors(of: server)
    return try system("looking at the server") { () throws(Errno) in
      let sets = try CapabilitySets.of(pid: server)
      return Before(
        output: descriptors[1] ?? "", errors: descriptors[2] ?? "",
        ids: tree.flatMap { Processes.threads(of: $0) }
          .compactMap { Processes.innerNumber(of: $0) }.sorted(),
        noNewPrivileges: Processes.hasNoNewPrivileges(server),
        capabilities: sets.permitted.map(\.name).sorted(),
        // One that ends meanwhile has none.
        resident: tree.reduce(.zero) { $0 + ((try? Processes.resident(of: $1)) ?? .zero) },
        monotonic: Clock.monotonic() + viewpoint.clock.monotonic,
        bootTime: Clock.bootTime() + viewpoint.clock.bootTime)
    }
  }

  func afterDump(_ before: Before) throws(InitFailure) -> FrozenFacts {
    do {
      let directory = try ImageDirectory(images)
      try RenamedSockets(directory: directory, root: viewpoint.root).mend()
      return FrozenFacts(
        host: HostFacts.current(),
        criu: try criu(),
        clock: Manifest.ClockFacts(
          monotonic: before.monotonic.seconds, bootTime: before.bootTime.seconds,
          young: viewpoint.young),
        processes: Manifest.ProcessFacts(
          root: Processes.innerNumber(of: server) ?? server, ids: before.ids,
          noNewPrivileges: before.noNewPrivileges,
          capabilities: before.capabilities, output: before.output, errors: before.errors),
        memory: Manifest.MemoryFacts(copied: try directory.pageBytes(), resident: before.resident),
        openFiles: try fileTable(directory))
    } catch let error as Errno {
      throw InitFailure(error, trying: "reading the images that CRIU wrote")
    } catch {
      throw InitFailure(
        .dumpFailed, "the images that CRIU wrote cannot be read: \(error)", fix: "freeze again")
    }
  }

  private func fileTable(_ directory: ImageDirectory) throws -> FileTable {
    let open = try openFiles(directory)
    let named = configuration()
    let files = open + named
    let read = { (path: Path) in !unread.contains { path.isInside($0) } }
    let all = try FileTable.taken(
      of: files.filter(read), below: viewpoint.root, digesting: true, known: parent?.openFiles)
    let others = try FileTable.taken(
      of: files.filter { !read($0) }, below: viewpoint.root, digesting: false)
    // CRIU compares the size of one that is open.
    let parsed = Set(named).subtracting(open)
    return FileTable(
      (all.entries + others.entries).map { entry in
        var entry = entry
        guard parsed.contains(entry.path) else { return entry }
        entry.meaning = ConfigurationText.meaning(of: viewpoint.root / entry.path.string)
        return entry
      })
  }

  private func criu() throws -> Manifest.CRIUFacts {
    let program = viewpoint.root / (client.installation.command.last ?? "")
    let build = try Manifest.CRIUFacts.build(of: program)
    if let version { return Manifest.CRIUFacts(version: "\(version)", build: build) }
    if let criu = parent?.criu, criu.build == build { return criu }
    let found = try client.version(deadline: .after(plan.patience()))
    return Manifest.CRIUFacts(version: "\(found)", build: build)
  }

  /// The files that the server's arguments name, such as its configuration: what it read of them is in its memory.
  ///
  /// Before its `main` it has read none.
  private func configuration() -> [Path] {
    guard plan.tier == .hot else { return [] }
    let program = plan.program
    return program.words.dropFirst().compactMap { word in
      let named = word.hasPrefix("/") ? Path(word) : program.workingDirectory / word
      // What cannot be looked at is no file that it could have read.
      guard let status = try? FileSystem.linkStatus(viewpoint.root / named.string) else {
        return nil
      }
      var path = named
      if status.kind == .symbolicLink {
        // From outside a link would lead into this process's own files.
        guard viewpoint.root == .root, let end = try? FileSystem.resolve(named) else { return nil }
        path = end
      }
      let isKernels = ["/proc", "/dev", "/sys"].contains { path.isInside(Path($0)) }
      let kind = try? FileSystem.status(viewpoint.root / path.string).kind
      return !isKernels && kind == .file ? path : nil
    }
  }

  /// The regular files of `files.img`; those that were deleted lie in the images themselves, and the memory file of a
  /// thawed server is no file of its own.
  private func openFiles(_ directory: ImageDirectory) throws -> [Path] {
    try directory.files().compactMap(\.regular).map { Path($0.path) }
      .filter { $0.isAbsolute && !$0.isInside(InitPlan.path.parent) }
  }
}

extension ImageDirectory {
  /// The bytes of all pages that CRIU would copy at a restore.
  func pageBytes() throws -> ByteCount {
    var bytes: UInt64 = 0
    for name in try list() where name.hasPrefix("pages-") {
      bytes += UInt64(try FileSystem.status(path / name).size)
    }
    return ByteCount(bytes)
  }
}

/// Runs calls of the kernel and says, if they fail, what was tried.
func system<Value: ~Copyable>(
  _ what: String, _ body: () throws(Errno) -> Value
) throws(InitFailure) -> Value {
  do throws(Errno) {
    return try body()
  } catch {
    throw InitFailure(error, trying: what)
  }
}
