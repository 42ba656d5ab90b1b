public import Linux

/// The options of a request: every field of CRIU's `criu_opts`.
///
/// What is `nil`, false or empty is not sent, and CRIU takes its own default. Files of its
/// configuration are not read (`/etc/criu/default.conf` and such), so what is here is all that
/// holds.
public struct Options: Hashable, Sendable {
  // MARK: Folders and log

  /// The folder with the images; needed by all requests that read or write any.
  ///
  /// A request of its own (``Client``) opens it for CRIU, which then needs no right to the folders
  /// above it; a ``Session`` gives CRIU the path.
  public var images: Path?
  /// The folder for the log, the statistics and `lazy-pages.socket`; that of the images by default.
  public var work: Path?
  /// The images of the dump before, as a path from the folder of the images.
  public var parentImages: String?
  /// How much is logged: 1 errors, 2 warnings (the default), 3 information, 4 all.
  public var logLevel: Int32?
  /// The name of the log file in ``work``; `dump.log`, `restore.log` and so on by default.
  public var logFile: String?
  /// Logs to descriptor 2, which this module keeps for its errors.
  public var logToStandardError = false
  /// Writes figures into the log.
  public var displayStatistics = false

  // MARK: What is dumped and restored

  /// The root of the tree to dump; the caller itself by default.
  public var pid: Int32?
  /// The tree goes on after the dump.
  public var leaveRunning = false
  /// The tree stands still after the dump or restore, by SIGSTOP.
  public var leaveStopped = false
  /// The restored root becomes the caller's child.
  public var restoresAsSibling = false
  /// The tree is a job of a shell: its session and terminal are outside.
  public var shellJob = false
  /// Locks of files are dumped.
  public var fileLocks = false
  /// Deleted files that have another name are linked anew.
  public var linkRemap = false
  /// The greatest deleted file that is put into the images, in bytes; 1 MiB by default.
  public var ghostLimit: UInt32?
  /// Devices may be opened anew that cannot be dumped.
  public var evasiveDevices = false
  /// Files are found by scanning for their inodes.
  public var forceIrmap = false
  /// Folders to scan for inodes.
  public var irmapScanPaths: [String] = []
  /// The modes of files may differ at the restore.
  public var skipFileModeCheck = false
  /// The root of the file system to restore in.
  public var root: Path?
  /// A command to run once all is restored, instead of the tree.
  public var executes: [String] = []
  /// CRIU has no CAP_SYS_ADMIN: it does what it can without.
  public var unprivileged = false
  /// How long CRIU may take to make the tree stand still, in whole seconds; 10 by default.
  public var timeout: Duration?
  /// Sysctls may be absent at the restore.
  public var weakSysctls = false
  /// The master of a terminal whose other end nobody had is told by
  /// ``Notification/orphanTerminal(descriptor:)``.
  public var orphanTerminalMaster = false
  /// What lies outside, such as `net[4026531840]:key`, `file[1c:2f]`, `mnt[]:s`.
  public var external: [String] = []
  /// Descriptors of the caller for what lay outside.
  public var inherited: [InheritedDescriptor] = []
  /// The security module's profile to restore with.
  public var lsmProfile: String?
  /// The security module's context of mounts.
  public var lsmMountContext: String?
  /// Which features of the processor the images need.
  public var cpuCapabilities: CPUCapabilities?

  // MARK: Memory

  /// Notes which pages change from now on, for the next dump.
  public var trackMemory = false
  /// Takes out of the parent's images what this dump replaces; never on images that others use.
  public var autoDeduplicate = false
  /// Leaves memory to be brought in after the restore.
  public var lazyPages = false
  /// How pages are taken before a dump.
  public var preDumpMode: PreDumpMode?
  /// The server that takes or gives pages.
  public var pageServer: PageServerAddress?
  /// A UNIX socket of the caller that keeps pidfds between dumps, so that reused pids are told.
  public var pidfdStoreSocket: Int32?

  // MARK: Sockets and network

  /// UNIX sockets to processes outside are dumped.
  public var externalUnixSockets = false
  /// Inodes of UNIX sockets whose other ends may be outside; old.
  public var externalUnixSocketInodes: [UInt32] = []
  /// TCP connections are dumped and restored.
  public var tcpEstablished = false
  /// TCP connections are closed.
  public var tcpClose = false
  /// Connections that are being made are left out.
  public var tcpSkipInFlight = false
  /// How the network is kept still meanwhile.
  public var networkLock: NetworkLock?
  /// Kinds of namespaces to make empty; the network's only.
  public var emptyNamespaces: Namespaces?
  /// Namespaces to restore into.
  public var joinedNamespaces: [JoinedNamespace] = []
  /// Pairs of network devices, inside and outside; old.
  public var vethPairs: [Pair] = []

  // MARK: Mounts

  /// External mounts are found by CRIU.
  public var automaticExternalMounts = false
  /// Shared mounts from outside are allowed.
  public var externalSharing = false
  /// Master mounts from outside are allowed.
  public var externalMasters = false
  /// Mounts to leave out.
  public var skippedMounts: [String] = []
  /// Kinds of file systems to take although CRIU does not know them.
  public var enabledFileSystems: [String] = []
  /// Mounts are made in the older way.
  public var mountNamespaceCompatibility = false
  /// Mounts from outside, name and path; old.
  public var externalMounts: [Pair] = []

  // MARK: Control groups

  /// Control groups are dumped and restored; old, see ``cgroupMode``.
  public var managesCgroups: Bool?
  /// What is done about control groups.
  public var cgroupMode: CgroupMode?
  /// Where the trees of control groups begin.
  public var cgroupRoots: [CgroupRoot] = []
  /// Which properties of control groups are dumped, in YAML.
  public var cgroupProperties: String?
  /// The file with which properties are dumped.
  public var cgroupPropertiesFile: String?
  /// Controllers to dump.
  public var cgroupDumpControllers: [String] = []
  /// The control group to freeze in place of single processes.
  public var freezeCgroup: Path?
  /// Where control groups are mounted.
  public var cgroupYard: Path?

  // MARK: Encryption to a page server

  /// Encrypts.
  public var tls = false
  /// Does not compare the name in the certificate.
  public var tlsNoCommonNameCheck = false
  /// The file of the authority's certificate.
  public var tlsCACertificate: String?
  /// The file of revoked certificates.
  public var tlsCARevocationList: String?
  /// The file of the certificate.
  public var tlsCertificate: String?
  /// The file of the key.
  public var tlsKey: String?

  // MARK: The rest

  /// A descriptor of the caller that gets a byte when CRIU is ready; old, see
  /// ``Notification/statusReady``.
  public var statusDescriptor: Int32?
  /// Lines of a configuration file, for what has no field (`allow-uprobes`, `ghost-fiemap`); they
  /// override all fields.
  public var configuration: [String] = []
  /// A configuration file that overrides all fields; ignored if there are lines in
  /// ``configuration``.
  public var configurationFile: Path?

  /// Makes options that leave everything to CRIU but these.
  public init(images: Path? = nil, work: Path? = nil, pid: Int32? = nil) {
    self.images = images
    self.work = work
    self.pid = pid
  }
}
