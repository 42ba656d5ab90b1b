import CRIU
import Linux

/// A dump by CRIU, together with what CRIU does not keep: objects of System V, files in memory.
struct Dump {
  let client: Client
  /// The checkpoint's folder.
  let folder: Path
  /// Where CRIU's images go.
  let images: Path
  /// The server's first process.
  let server: Int32

  /// Makes sure that this process has the right for it, which only servers with shared memory of System V need.
  static func checkRights() throws(InitFailure) {
    let isAttached = try system("looking for System V shared memory") { () throws(Errno) in
      try SystemVState.isAttached()
    }
    guard isAttached, !ColdStart.capabilities.contains(.sysAdmin) else { return }
    throw InitFailure(
      .needsSysAdmin,
      "the server uses System V shared memory: CRIU needs CAP_SYS_ADMIN to freeze that",
      fix: "give the freezing container --cap-add SYS_ADMIN; a thaw does without")
  }

  /// Dumps the server; its processes have ended then.
  func run(deadline: Deadline, cancel: Int32) throws(CRIUError) {
    var state: SystemVState?
    // Where that cannot be told, CRIU's own error tells.
    let needsNamespace = (try? SystemVState.isAttached()) ?? false
    let home = try Home(leaving: needsNamespace)
    let options = FrozenServer.dumpOptions(images: images, pid: server)
    _ = try client.dump(options, deadline: deadline, cancel: cancel) { notification in
      guard notification == .postDump else { return .proceed }
      do throws(InitFailure) {
        try home.enter()
        state = try takeBesides()
        return .proceed
      } catch {
        return .abort("\(error)")
      }
    }
    guard let state else { return }
    do {
      try SystemVImages(directory: try ImageDirectory(images)).takeOut(state).write(folder)
    } catch {
      throw CRIUError(.failed, subject: "keeping System V objects", cause: "\(error)")
    }
  }

  /// While all stands still.
  private func takeBesides() throws(InitFailure) -> SystemVState? {
    try system("keeping files in /dev/shm and /run") { () throws(Errno) in
      try KeptFolders(checkpoint: folder).take()
    }
    return try SystemVState.take(to: folder)
  }

  /// The IPC namespace of the server, while CRIU is in another: only from there it dumps shared memory of System V.
  ///
  /// A process is started in the namespaces of the thread that starts it. This thread is back in its own when the value
  /// ends.
  private struct Home: ~Copyable {
    private let namespace: Descriptor
    private let isLeft: Bool

    init(leaving isLeft: Bool) throws(CRIUError) {
      do throws(Errno) {
        let namespace = try Descriptor.open("/proc/thread-self/ns/ipc", .readOnly)
        if isLeft { try Namespaces.unshare(.ipc) }
        self.namespace = namespace
        self.isLeft = isLeft
      } catch {
        throw CRIUError(.failed, subject: "making an IPC namespace for CRIU", cause: "\(error)")
      }
    }

    deinit {
      // A thread that cannot go back ends with the freeze.
      if isLeft { try? Namespaces.enter(namespace, .ipc) }
    }

    func enter() throws(InitFailure) {
      guard isLeft else { return }
      try system("going back to the server's IPC namespace") { () throws(Errno) in
        try Namespaces.enter(namespace, .ipc)
      }
    }
  }
}
