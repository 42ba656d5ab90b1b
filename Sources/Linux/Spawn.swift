import CLinux
import Glibc

/// A program to start, and what it gets.
///
/// Nothing is inherited by accident: descriptors, signal dispositions and mask are set anew.
/// Between `clone` and `execve` only system calls are made, in C, so it is safe in a process with
/// threads. Needs Linux 5.9.
public struct Spawn: Sendable {
  /// The program; a name without a slash is looked up in the PATH of `environment`.
  public var executable: Path
  /// What follows the program's name in its arguments.
  public var arguments: [String]
  /// The first argument, if not the executable's path.
  public var name: String?
  /// The environment; at first that of this process, without SWIFT_BACKTRACE.
  public var environment: [String: String]
  /// The folder to start in; at first that of this process.
  public var workingDirectory: Path?
  /// The child's descriptor numbers, and this process's descriptors that they stand for.
  ///
  /// 0, 1 and 2 are `/dev/null` unless told. Everything else is closed in the child. The parent's
  /// descriptors must stay open until `start` returns, and remain the parent's.
  public var descriptors: [Int32: Int32] = [:]
  /// Starts a session of its own, with no terminal.
  public var newSession = false
  /// Makes the terminal at descriptor 0 that of the new session.
  public var controllingTerminal = false
  /// Starts a process group of its own.
  public var processGroup = false
  /// What the kernel sends the child when the thread that started it ends.
  public var parentDeathSignal: Signal?
  /// The user to run as; nil for that of this process.
  public var user: UInt32?
  /// The group to run as; nil for that of this process.
  public var group: UInt32?
  /// The further groups; set when `user` or `group` is set or this is not empty.
  public var supplementaryGroups: [UInt32] = []
  /// Exactly these become permitted, effective, inheritable and ambient; nil leaves them.
  ///
  /// User 0 gets all of its bounding set at `execve`: set `boundingCapabilities` as well for it.
  public var ambientCapabilities: Set<Capability>?
  /// All others are dropped from the bounding set; nil leaves it.
  public var boundingCapabilities: Set<Capability>?
  /// Sets `no_new_privs`: no set-user program gives the child more rights.
  public var noNewPrivileges = false
  /// The mask of file modes; nil for that of this process.
  public var fileModeMask: UInt32?
  /// New namespaces for the child; `.time` needs kernel 6.1, which enters it at `execve`.
  public var namespaces: Namespaces = []
  /// A process whose namespaces the child enters before anything else; `executable` and
  /// `workingDirectory` are looked up there, and its user and capabilities are of there.
  public var entering: Entry?
  /// With `.time` in `namespaces`: what its clocks are ahead of the host's.
  public var clockOffsets: TimeNamespace.Offsets?
  /// Ignored signals get their default effect, blocked ones are unblocked; handlers always go.
  public var resetsSignals = true
  /// Sees what the program and everything that it starts do with their memory.
  public var watch: SystemCallWatch?
  /// To the program's `ptrace` no process has seccomp filters: PTRACE_SECCOMP_GET_FILTER finds none,
  /// and to suspend them succeeds without doing anything.
  ///
  /// The kernel lets nobody look at filters, or suspend them, who has filters himself or lacks
  /// CAP_SYS_ADMIN. A program that cannot do without an answer, as CRIU, gets that one; what it has a
  /// process do for it, that process's filters must then allow. It sets `no_new_privs`. Calls of
  /// x86_64 and AArch64 are answered, those of other architectures made.
  public var hidesFilters = false

  /// Namespaces of another process that a child is started in.
  public struct Entry: Hashable, Sendable {
    /// A pidfd of the process; it stays the caller's.
    public var pidfd: Int32
    /// Which of its namespaces.
    public var namespaces: Namespaces

    /// Names a process and those of its namespaces that are entered; CAP_SYS_ADMIN is needed.
    public init(pidfd: Int32, namespaces: Namespaces) {
      self.pidfd = pidfd
      self.namespaces = namespaces
    }
  }

  /// Describes a start with this process's environment and folder.
  public init(_ executable: Path, _ arguments: [String] = []) {
    self.executable = executable
    self.arguments = arguments
    environment = Spawn.ownEnvironment()
  }

  /// Starts the program.
  ///
  /// - Returns: the child, once its `execve` has succeeded.
  /// - Throws: ``SpawnError`` with the step that failed; then no child is left.
  public func start() throws(SpawnError) -> Child {
    if let watch { return try watch.start(self) }
    return try start(watchSocket: -1)
  }

  /// Starts the program; a socket gets the listener of its filter, unless it is -1.
  func start(watchSocket: Int32) throws(SpawnError) -> Child {
    let program = try findExecutable()
    let subject = program.string
    let null = try nullDevice()
    var result = clinux_spawned()
    let code = withPlan(program: subject, null: null.rawValue, watchSocket: watchSocket) { plan in
      clinux_spawn(&plan, &result)
    }
    guard code == 0 else {
      throw SpawnError(
        step: SpawnError.name(of: result.step), errno: Errno(rawValue: -code), subject: subject)
    }
    return Child(pid: result.pid, descriptor: Descriptor(owning: result.pidfd))
  }

  /// The environment of this process, without what the Swift runtime adds to it.
  public static func ownEnvironment() -> [String: String] {
    var all: [String: String] = [:]
    var next = environ
    while let entry = next.pointee {
      let text = String(cString: entry)
      if let equals = text.firstIndex(of: "=") {
        all[String(text[..<equals])] = String(text[text.index(after: equals)...])
      }
      next += 1
    }
    all["SWIFT_BACKTRACE"] = nil
    if clinux_made_root() { all["SWIFT_ROOT"] = nil }
    return all
  }

  /// What descriptors 0 to 2 are unless told.
  private func nullDevice() throws(SpawnError) -> Descriptor {
    // Not every root has a /dev: where all three are told, it is not needed.
    let isNeeded = (0...2).contains { descriptors[$0] == nil }
    do {
      return try Descriptor.open(isNeeded ? "/dev/null" : .root, isNeeded ? .readWrite : .pathOnly)
    } catch {
      throw SpawnError(step: "open /dev/null", errno: error, subject: executable.string)
    }
  }

  /// The program's path: as given if it has a slash, else the first in PATH that may be run.
  func findExecutable() throws(SpawnError) -> Path {
    if executable.string.contains("/") { return executable }
    guard let found = Spawn.find(executable.string, path: environment["PATH"]) else {
      throw SpawnError(
        step: "find the program in PATH", errno: .noEntry, subject: executable.string)
    }
    return found
  }

  /// Looks a program up in a PATH; nil if none of its folders has it.
  public static func find(_ name: String, path: String?) -> Path? {
    let folders = path ?? "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
    for folder in folders.split(separator: ":", omittingEmptySubsequences: false) {
      let candidate = Path(String(folder)) / name
      if FileSystem.isExecutable(candidate) { return candidate }
    }
    return nil
  }
}
