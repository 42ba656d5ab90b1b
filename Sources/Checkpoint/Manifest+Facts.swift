package import Linux
package import Memory

extension Manifest {
  /// What was started, with all that decides what it does.
  package struct Program: Sendable, Hashable, Codable {
    /// The command and its arguments.
    package var words: [String]
    /// All of its environment.
    package var environment: [String: String]
    /// Where it was started.
    package var workingDirectory: Path
    /// Its user.
    package var user: UInt32
    /// Its group.
    package var group: UInt32
    /// Its further groups.
    package var supplementaryGroups: [UInt32]

    package init(
      words: [String], environment: [String: String], workingDirectory: Path, user: UInt32,
      group: UInt32, supplementaryGroups: [UInt32] = []
    ) {
      self.words = words
      self.environment = environment
      self.workingDirectory = workingDirectory
      self.user = user
      self.group = group
      self.supplementaryGroups = supplementaryGroups
    }
  }

  /// What decides what a server does that was frozen before its `main`; all else may be another at each thaw.
  package struct WarmFacts: Sendable, Hashable, Codable {
    /// The command without the arguments, which may be others.
    package var command: [String]
    /// Variables that it read while it was loaded, besides those that every JVM and C library reads.
    package var variables: [String]

    package init(command: [String], variables: [String]) {
      self.command = command
      self.variables = variables
    }

    /// Whether a variable counts: its value was read before the freeze.
    package func counts(_ name: String) -> Bool {
      variables.contains(name) || Self.ofLoading.contains(name)
        || Self.prefixesOfLoading.contains { name.hasPrefix($0) }
    }

    /// What a JVM, the loader and the C library read when a program starts.
    private static let ofLoading: Set = [
      "CLASSPATH", "GLIBC_TUNABLES", "JAVA_HOME", "JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "LANG",
      "LANGUAGE", "_JAVA_OPTIONS",
    ]
    private static let prefixesOfLoading = ["LC_", "LD_", "MALLOC_"]
  }

  /// The file system under a server.
  package struct Base: Sendable, Hashable, Codable {
    /// What the user called it; nil for this machine's own file system.
    package var reference: String?
    /// The digest of the image; nil for this machine's own file system.
    package var digest: String?

    package init(reference: String?, digest: String?) {
      self.reference = reference
      self.digest = digest
    }
  }

  /// The CRIU that dumped a server.
  package struct CRIUFacts: Sendable, Hashable, Codable {
    /// Such as `4.2.1`.
    package var version: String
    /// Which build of that version it is: see ``build(of:)``.
    package var build: String

    package init(version: String, build: String) {
      self.version = version
      self.build = build
    }

    /// The build ID of a program; one without is told by its digest, which takes a millisecond or two to compute.
    package static func build(of program: Path) throws(Errno) -> String {
      if let id = try BuildID(of: program) { return id.hexadecimal }
      return try Digest(ofFile: program).description
    }
  }

  /// The clocks that a server saw when it was frozen, in seconds.
  package struct ClockFacts: Sendable, Hashable, Codable {
    /// CLOCK_MONOTONIC.
    package var monotonic: Double
    /// CLOCK_BOOTTIME.
    package var bootTime: Double
    /// Whether it lived in a time namespace whose clocks began near zero.
    package var young: Bool

    package init(monotonic: Double, bootTime: Double, young: Bool) {
      self.monotonic = monotonic
      self.bootTime = bootTime
      self.young = young
    }
  }

  /// The processes of a server.
  package struct ProcessFacts: Sendable, Hashable, Codable {
    /// The one that was started.
    package var root: Int32
    /// All of them, with all their threads: what must be free at a thaw.
    package var ids: [Int32]
    /// Whether `no_new_privs` was set.
    package var noNewPrivileges: Bool
    /// The capabilities that it had; none, as Thaw starts servers.
    package var capabilities: [String]
    /// What its standard output is called in the images, such as `pipe:[4711]`.
    package var output: String
    /// What its standard error is called in the images.
    package var errors: String

    package init(
      root: Int32, ids: [Int32], noNewPrivileges: Bool, capabilities: [String], output: String,
      errors: String
    ) {
      self.root = root
      self.ids = ids
      self.noNewPrivileges = noNewPrivileges
      self.capabilities = capabilities
      self.output = output
      self.errors = errors
    }
  }

  /// What a server's memory is made of.
  package struct MemoryFacts: Sendable, Hashable, Codable {
    /// Bytes of pages that CRIU copies at a thaw.
    package var copied: ByteCount
    /// Resident bytes when it was frozen.
    package var resident: ByteCount
    /// The memory file; nil: nothing is mapped.
    package var file: MemoryFileFacts?

    package init(copied: ByteCount, resident: ByteCount) {
      self.copied = copied
      self.resident = resident
    }
  }

  /// The file that a server's memory is mapped from.
  package struct MemoryFileFacts: Sendable, Hashable, Codable {
    /// Its length, holes and all.
    package var size: Int64
    /// Bytes of pages in it.
    package var pages: ByteCount
    /// The checkpoint whose folder holds it; nil: this one's own.
    package var checkpoint: String?
    /// Where the images have it, if that is in an image's folder.
    package var path: Path?

    package init(size: Int64, pages: ByteCount, checkpoint: String? = nil) {
      self.size = size
      self.pages = pages
      self.checkpoint = checkpoint
    }
  }

  /// What happened before the freeze, for people and for comparing; durations in milliseconds.
  package struct History: Sendable, Hashable, Codable {
    /// From the start of the server to its readiness.
    package var coldStart: Double
    /// How long the warm-up took.
    package var warmUp: Double
    /// One line for each step of the warm-up.
    package var warmUpSteps: [String]
    /// How long CRIU's dump took.
    package var dump: Double
    /// How long the trial thaw took until the first answer; nil without a trial.
    package var trialThaw: Double?
    /// The container that was hibernated into it; nil: it was made by a freeze.
    package var container: String?
    /// The id of the checkpoint that this container was started from.
    package var parent: String?
    /// What it is better than; nil: it was made under a name of its own, or in the place of another unseen.
    package var refresh: Refresh?

    package init(
      coldStart: Double, warmUp: Double, warmUpSteps: [String], dump: Double,
      trialThaw: Double? = nil
    ) {
      self.coldStart = coldStart
      self.warmUp = warmUp
      self.warmUpSteps = warmUpSteps
      self.dump = dump
      self.trialThaw = trialThaw
    }
  }
}

extension Manifest.History {
  /// How a checkpoint got its name: because its first answers come sooner; medians of several thaws.
  package struct Refresh: Sendable, Hashable, Codable {
    /// The running container that it was made of; nil: it was frozen after a longer warm-up.
    package var container: String?
    /// The id of the checkpoint that this container was thawed from; nil: there was none.
    package var origin: String?
    /// Of the checkpoint that had the name before.
    package var before: MeasuredAnswers
    /// Of this one.
    package var after: MeasuredAnswers

    package init(
      container: String? = nil, origin: String? = nil, before: MeasuredAnswers,
      after: MeasuredAnswers
    ) {
      self.container = container
      self.origin = origin
      self.before = before
      self.after = after
    }
  }
}

extension Manifest.MemoryFacts {
  /// Takes over what was written.
  package mutating func note(_ written: Rewriting.Result) {
    copied = written.copied
    file =
      written.length > 0
      ? Manifest.MemoryFileFacts(size: Int64(written.length), pages: written.mapped) : nil
  }
}

/// All that is known only where the server was frozen: collected inside of the freezing container.
package struct FrozenFacts: Sendable, Hashable, Codable {
  package var host: HostFacts
  package var criu: Manifest.CRIUFacts
  package var clock: Manifest.ClockFacts
  package var processes: Manifest.ProcessFacts
  package var memory: Manifest.MemoryFacts
  package var openFiles: FileTable

  package init(
    host: HostFacts, criu: Manifest.CRIUFacts, clock: Manifest.ClockFacts,
    processes: Manifest.ProcessFacts, memory: Manifest.MemoryFacts, openFiles: FileTable
  ) {
    self.host = host
    self.criu = criu
    self.clock = clock
    self.processes = processes
    self.memory = memory
    self.openFiles = openFiles
  }
}
