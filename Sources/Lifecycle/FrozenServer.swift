import CRIU
import Checkpoint
import Linux

/// How CRIU is asked to dump and restore a server, the same on both sides.
enum FrozenServer {
  /// The largest deleted file that is still kept with the images: native libraries that a JVM unpacks and deletes.
  static let ghostLimit: UInt32 = 256 << 20

  static func dumpOptions(images: Path, pid: Int32) -> Options {
    var options = common(images)
    options.pid = pid
    options.logFile = "dump.log"
    options.ghostLimit = ghostLimit
    return options
  }

  static func restoreOptions(
    _ checkpoint: Checkpoint, work: Path, output: Int32, errors: Int32
  ) -> Options {
    var options = common(checkpoint.images)
    options.work = work
    options.logFile = "criu-restore.log"
    options.restoresAsSibling = true
    // Of an imported server one may be no pipe, and both may be the same.
    let processes = checkpoint.manifest.processes
    let streams = [(processes.output, output), (processes.errors, errors)]
    options.inherited = streams.enumerated().filter { index, stream in
      !stream.0.isEmpty && (index == 0 || stream.0 != processes.output)
    }.map { Options.InheritedDescriptor(key: $1.0, descriptor: $1.1) }
    return options
  }

  private static func common(_ images: Path) -> Options {
    var options = Options(images: images)
    options.logLevel = 2
    // Without CAP_SYS_ADMIN it must be told so, even as root.
    options.unprivileged = true
    options.tcpClose = true
    options.fileLocks = true
    // Engines differ in the modes of folders; sizes are still compared.
    options.skipFileModeCheck = true
    options.cgroupMode = .ignore
    options.networkLock = .skip
    return options
  }
}

/// The CRIU that PID 1 uses.
enum CRIUAtHand {
  /// Finds it, and gives it a place for what it learns about the kernel.
  ///
  /// - Parameters:
  ///   - plan: what is to be done.
  ///   - groups: the further groups that CRIU gets where it runs as another user; nil: those of the plan.
  /// - Returns: a client of it.
  /// - Throws: `.noCRIU` if there is none.
  static func client(
    _ plan: InitPlan, groups: [UInt32]? = nil
  ) throws(InitFailure) -> Client {
    do throws(CRIUError) {
      let installation: Installation
      if let bundle = plan.bundle {
        installation = Installation(bundle: bundle)
      } else {
        installation = try Installation.locate()
      }
      var client = Client(installation, credentials: credentials(plan, groups))
      client.environment["XDG_RUNTIME_DIR"] = runtimeFolder(plan).string
      return client
    } catch {
      throw InitFailure(error)
    }
  }

  /// On tmpfs, the only place where CRIU saves what it learnt.
  static let runtimeFolder: Path = "/run"
  /// The same in any engine's container: others than Thaw's have a tmpfs on /dev/shm alone.
  static func runtimeFolder(_ plan: InitPlan) -> Path {
    plan.isInImage ? "/dev/shm" : runtimeFolder
  }
  /// What CRIU calls that file.
  static func kernelData(_ plan: InitPlan) -> Path { runtimeFolder(plan) / "criu.kdat" }

  /// A dump needs CRIU under the server's user; with the rights that this process has.
  private static func credentials(_ plan: InitPlan, _ groups: [UInt32]?) -> Credentials? {
    guard Host.user != plan.program.user else { return nil }
    return Credentials(
      user: plan.program.user, group: plan.program.group,
      supplementaryGroups: groups ?? plan.program.supplementaryGroups,
      ambientCapabilities: ColdStart.capabilities.intersection([
        .checkpointRestore, .setPCAP, .sysPtrace, .sysAdmin,
      ]))
  }
}
