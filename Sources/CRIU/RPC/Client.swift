public import Linux

/// Asks a CRIU to dump and restore, one request a process (`criu swrk`).
///
/// Calls block the calling thread until CRIU has answered, the deadline has passed, or the cancel
/// descriptor has become readable. In the last two cases CRIU is killed, with its descendants and
/// what it was restoring. They may be made on several threads at a time. The process must not reap
/// children that it does not know (`waitpid(-1)`) meanwhile, or the end of CRIU goes unseen until
/// the deadline.
public struct Client: Sendable {
  /// Answers notifications; runs on the thread of the call, and CRIU waits for it.
  public typealias Handler = (Notification) -> Reply

  /// Which CRIU is run.
  public var installation: Installation
  /// Whom it runs as; `nil` for whom this process runs as.
  public var credentials: Credentials?
  /// What is added to CRIU's environment, which has PATH and an empty HOME only: `CRIU_FAULT`,
  /// `XDG_RUNTIME_DIR`.
  public var environment: [String: String] = [:]
  /// The folder that it is started in; this process's by default.
  ///
  /// Relative paths start there.
  public var workingDirectory: Path?
  /// Sees what CRIU and all that it restores do with their memory; a ``Notification/preResume``
  /// is the moment from which on it is the restored processes alone.
  public var watch: SystemCallWatch?
  /// CRIU finds no seccomp filters, whoever has any: it then can dump without CAP_SYS_ADMIN and under
  /// a filter of its own, and what it dumps says that there was one filter chain without a filter.
  ///
  /// See ``Spawn/hidesFilters``.
  public var hidesFilters = false
  /// A process whose namespaces CRIU is started in, because the tree lives there.
  ///
  /// The installation is looked up there, and pids in requests and answers are those of there;
  /// folders of images are this process's.
  public var entering: Spawn.Entry?

  /// Makes a client.
  public init(_ installation: Installation, credentials: Credentials? = nil) {
    self.installation = installation
    self.credentials = credentials
  }

  /// How CRIU is started, but for its descriptors.
  func spawn() -> Spawn {
    let words = installation.command + ["--no-default-config", "swrk", "3"]
    var spawn = Spawn(Path(words[0]), Array(words.dropFirst()))
    // HOME and CRIU_CONFIG_FILE would name files whose options CRIU obeys.
    let path = Spawn.ownEnvironment()["PATH"] ?? "/usr/sbin:/usr/bin:/sbin:/bin"
    spawn.environment = ["PATH": path, "HOME": "/nonexistent"]
      .merging(environment) { $1 }
    spawn.workingDirectory = workingDirectory
    spawn.watch = watch
    spawn.entering = entering
    spawn.hidesFilters = hidesFilters
    credentials?.apply(to: &spawn)
    return spawn
  }

  /// Starts a CRIU that takes one request after the other.
  ///
  /// `descriptors` are those that CRIU gets besides, by its numbers, which must be 5 or higher.
  public func open(inheriting descriptors: [Int32: Int32] = [:]) throws(CRIUError) -> Session {
    Session(try Worker.start(self, descriptors: descriptors))
  }
}
