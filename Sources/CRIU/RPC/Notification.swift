/// What CRIU tells on its way; it waits until it is answered.
///
/// In a dump: `preDump`, `queryExternalFiles`, then, if the tree has a network of its own,
/// `networkLock` and `networkUnlock`, and `postDump`. In a restore: `preRestore`, `setupNamespaces`
/// and `postSetupNamespaces` if there are namespaces to make, `postRestore`, `preResume`,
/// `postResume`.
public enum Notification: Hashable, Sendable {
  /// The dump begins.
  case preDump
  /// The images are complete and all tasks still stand still: the moment for whatever must match
  /// them.
  ///
  /// After `abort` the tasks go on, even if they were to be ended.
  case postDump
  /// The restore begins.
  case preRestore
  /// All tasks are there, and do not run yet; `pid` is the root's. After `abort` they are killed.
  case postRestore(pid: Int32)
  /// The network of the tree is to be locked, or is to be unlocked again.
  case networkLock, networkUnlock
  /// The namespaces of the tree exist; `pid` is the root's, and nothing runs in them yet.
  case setupNamespaces(pid: Int32)
  /// The namespaces are ready.
  case postSetupNamespaces
  /// The tasks are about to run. CRIU only notes an `abort` in its log.
  case preResume(pid: Int32?)
  /// The tasks run. CRIU only notes an `abort` in its log.
  case postResume(pid: Int32?)
  /// Images are about to be streamed.
  case preStream
  /// CRIU is ready to serve pages.
  case statusReady
  /// Which files are external? Answer with ``Reply/external(_:)``.
  case queryExternalFiles
  /// The master of a restored terminal whose other end nobody had.
  ///
  /// The descriptor is closed when the handler returns: duplicate it to keep it.
  case orphanTerminal(descriptor: Int32)
  /// Something that this module does not know.
  case unknown(String)

  /// Reads CRIU's name of a notification.
  init(script: String, pid: Int32?, descriptor: Int32?) {
    switch script {
    case "pre-dump": self = .preDump
    case "post-dump": self = .postDump
    case "pre-restore": self = .preRestore
    case "post-restore": self = .postRestore(pid: pid ?? 0)
    case "network-lock": self = .networkLock
    case "network-unlock": self = .networkUnlock
    case "setup-namespaces": self = .setupNamespaces(pid: pid ?? 0)
    case "post-setup-namespaces": self = .postSetupNamespaces
    case "pre-resume": self = .preResume(pid: pid)
    case "post-resume": self = .postResume(pid: pid)
    case "pre-stream": self = .preStream
    case "status-ready": self = .statusReady
    case "query-ext-files": self = .queryExternalFiles
    case "orphan-pts-master":
      if let descriptor {
        self = .orphanTerminal(descriptor: descriptor)
      } else {
        self = .unknown(script)
      }
    default: self = .unknown(script)
    }
  }
}

/// What CRIU shall do after a notification.
public enum Reply: Hashable, Sendable {
  /// Go on.
  case proceed
  /// Give up, for this reason; it becomes the cause of the error that the call throws.
  case abort(String)
  /// Go on, with these external resources; to ``Notification/queryExternalFiles`` only.
  case external([String])
}
