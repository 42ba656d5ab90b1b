import Linux
import Testing

@testable import CRIU

@Suite struct OptionsTests {
  @Test func `plain options have the golden bytes`() {
    var options = Options(pid: 7)
    options.tcpClose = true
    options.networkLock = .skip
    var places = Options.Places(logFile: "dump.log")
    places.images = "/i"
    // images_dir_fd -1, pid 7, log_file, notify_scripts, tcp_close, network_lock, images_dir.
    #expect(
      options.message(places).encoded()
        == bytes("08ffffffffffffffffff01 1007 52 08 64756d702e6c6f67 6001 a00301 800403 a204022f69")
    )
  }

  @Test func `without a folder no log file is named`() {
    let message = Options().message(Options.Places(logFile: "check.log"))
    #expect(!message.has("log_file") && !message.has("images_dir"))
  }

  /// Options with everything set.
  static var full: Options {
    var options = Options(images: "/i", work: "/w", pid: 1)
    options.leaveRunning = true
    options.leaveStopped = true
    options.externalUnixSockets = true
    options.tcpEstablished = true
    options.evasiveDevices = true
    options.shellJob = true
    options.fileLocks = true
    options.logLevel = 4
    options.logFile = "x.log"
    options.logToStandardError = true
    options.displayStatistics = true
    options.pageServer = .init(address: "::1", port: 9, pid: 3, descriptor: 4)
    options.root = "/r"
    options.parentImages = "../p"
    options.trackMemory = true
    options.autoDeduplicate = true
    options.linkRemap = true
    options.vethPairs = [.init("a", "b")]
    options.cpuCapabilities = [.cpu, .instructions]
    options.forceIrmap = true
    options.executes = ["sh", "-c"]
    options.externalMounts = [.init("k", "v")]
    options.managesCgroups = false
    options.cgroupRoots = [.init(controller: "cpu", path: "/c"), .init(path: "/all")]
    options.restoresAsSibling = true
    options.inherited = [.init(key: "pipe[1]", descriptor: 99)]
    options.automaticExternalMounts = true
    options.externalSharing = true
    options.externalMasters = true
    options.skippedMounts = ["/s"]
    options.enabledFileSystems = ["fuse"]
    options.externalUnixSocketInodes = [5]
    options.cgroupMode = .ignore
    options.ghostLimit = 1 << 20
    options.irmapScanPaths = ["/irmap"]
    options.external = ["mnt[]:s"]
    options.emptyNamespaces = .network
    options.joinedNamespaces = [.init(kind: "user", file: "/ns", extra: "0,0")]
    options.cgroupProperties = "cpu"
    options.cgroupPropertiesFile = "/props"
    options.cgroupDumpControllers = ["cpu"]
    options.freezeCgroup = "/f"
    options.timeout = .seconds(20)
    options.tcpSkipInFlight = true
    options.weakSysctls = true
    options.lazyPages = true
    options.statusDescriptor = 8
    options.orphanTerminalMaster = true
    options.configurationFile = "/conf"
    options.tcpClose = true
    options.lsmProfile = "lsm"
    options.tlsCACertificate = "1"
    options.tlsCARevocationList = "2"
    options.tlsCertificate = "3"
    options.tlsKey = "4"
    options.tls = true
    options.tlsNoCommonNameCheck = true
    options.cgroupYard = "/yard"
    options.preDumpMode = .read
    options.pidfdStoreSocket = 6
    options.lsmMountContext = "ctx"
    options.networkLock = .nftables
    options.mountNamespaceCompatibility = true
    options.skipFileModeCheck = true
    options.unprivileged = true
    return options
  }

  @Test func `every field of CRIU's options can be set`() {
    var places = Options.Places(logFile: "dump.log")
    places.images = "/proc/self/fd/5"
    places.inherited = [7]
    let message = Self.full.message(places)
    // The work folder's descriptor would be looked up in this process: the configuration tells its
    // path.
    let unused: Set = ["work_dir_fd"]
    for field in Schema.criuOpts.fields where !unused.contains(field.name) {
      #expect(message.has(field.name), "\(field.name) is not set")
    }
    #expect(message.messages("inherit_fd").first?.signed("fd") == 7)
    #expect(message.text("log_file") == "x.log")
    #expect(message.signed("images_dir_fd") == -1)
  }

  @Test(arguments: [
    ("4.2.1", Version(4, 2, 1)), ("3.17", Version(3, 17)), ("4", nil), ("", nil), ("4.2.1.1", nil),
    ("4.x", nil), ("4..1", nil), ("+4.2", nil), ("-1.2", nil),
  ])
  func `versions are read`(text: String, version: Version?) {
    #expect(Version(text) == version)
  }

  @Test func `versions are compared by their numbers`() {
    #expect(
      Version(4, 2) < .required && Version(4, 10) > .required && Version(3, 17, 1) < .required)
    #expect("\(Version(4, 2, 1)) \(Version(4, 2))" == "4.2.1 4.2")
  }
}
