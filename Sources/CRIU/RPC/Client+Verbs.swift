public import Linux

extension Client {
  /// Asks CRIU for its version.
  public func version(
    deadline: Deadline, cancel: Int32? = nil
  ) throws(CRIUError) -> Version {
    Version(try run(.version, deadline: deadline, cancel: cancel))
  }

  /// Makes sure that CRIU is not too old.
  ///
  /// - Throws: ``CRIUError`` with `.tooOld`.
  @discardableResult
  public func requireVersion(
    _ least: Version = .required, deadline: Deadline, cancel: Int32? = nil
  ) throws(CRIUError) -> Version {
    let found = try version(deadline: deadline, cancel: cancel)
    guard found >= least else {
      throw CRIUError(
        .tooOld(found), subject: "starting CRIU",
        cause: "\(installation.path) is CRIU \(found), and \(least) is needed",
        fix: "Install CRIU \(least) or later, or set THAW_BUNDLE to a bundle's folder.")
    }
    return found
  }

  /// Asks what the kernel lets CRIU do.
  public func features(
    deadline: Deadline, cancel: Int32? = nil
  ) throws(CRIUError) -> Features {
    Features(try run(.featureCheck, deadline: deadline, cancel: cancel))
  }

  /// Has CRIU look whether the kernel has all that it needs.
  ///
  /// - Throws: ``CRIUError``, whose log tells what is missing.
  public func check(
    _ options: Options = Options(), deadline: Deadline, cancel: Int32? = nil
  ) throws(CRIUError) {
    _ = try run(.check, options, deadline: deadline, cancel: cancel)
  }

  /// Dumps a tree of processes into ``Options/images``.
  ///
  /// The tree ends unless ``Options/leaveRunning`` or ``Options/leaveStopped`` is set. After an
  /// error it goes on, also after the deadline or a cancel, if CRIU can be told to give up: at its
  /// next notification, within five seconds. If it then has to be killed, the tree may end with it.
  ///
  /// - Parameters:
  ///   - options: what, and how.
  ///   - deadline: when to give up.
  ///   - cancel: a descriptor that becomes readable when the caller gives up.
  ///   - handler: answers notifications.
  /// - Returns: what matters only for a dump of the caller itself.
  /// - Throws: ``CRIUError`` with the end of CRIU's log.
  @discardableResult
  public func dump(
    _ options: Options, deadline: Deadline, cancel: Int32? = nil,
    _ handler: Handler = { _ in .proceed }
  ) throws(CRIUError) -> DumpResult {
    DumpResult(try run(.dump, options, deadline: deadline, cancel: cancel, handler))
  }

  /// Dumps the memory of a tree that goes on, for a dump with ``Options/parentImages`` to follow.
  public func preDump(
    _ options: Options, deadline: Deadline, cancel: Int32? = nil,
    _ handler: Handler = { _ in .proceed }
  ) throws(CRIUError) {
    _ = try run(.singlePreDump, options, deadline: deadline, cancel: cancel, handler)
  }

  /// Restores a tree of processes from ``Options/images``.
  ///
  /// The tasks run when it returns. With ``Options/restoresAsSibling`` the root is the caller's
  /// child then, to be waited for by the caller; otherwise it belongs to whoever adopts orphans.
  /// After an error no task is left.
  ///
  /// - Parameters:
  ///   - options: what, and how.
  ///   - deadline: when to kill CRIU, and what it has restored so far.
  ///   - cancel: a descriptor that becomes readable when both are to be killed.
  ///   - handler: answers notifications.
  /// - Returns: the root's pid as this process sees it, if CRIU runs in the same pid namespace.
  /// - Throws: ``CRIUError`` with the end of CRIU's log; where the images are at fault, it names
  ///   the file.
  public func restore(
    _ options: Options, deadline: Deadline, cancel: Int32? = nil,
    _ handler: Handler = { _ in .proceed }
  ) throws(CRIUError) -> RestoreResult {
    try prepareRestore(options).restore(deadline: deadline, cancel: cancel, handler)
  }

  /// Starts a CRIU that restores when it is told to.
  ///
  /// To start takes it some milliseconds, in which the caller can do something else.
  public func prepareRestore(_ options: Options) throws(CRIUError) -> PreparedRestore {
    PreparedRestore(client: self, prepared: try prepare(.restore, options))
  }

  /// Starts a server that takes pages over the network, as a process of its own.
  public func startPageServer(
    _ options: Options, deadline: Deadline, cancel: Int32? = nil
  ) throws(CRIUError) -> PageServer {
    PageServer(try run(.pageServer, options, deadline: deadline, cancel: cancel))
  }

  /// Writes the processor's features into ``Options/images``.
  public func dumpCPUInfo(
    _ options: Options, deadline: Deadline, cancel: Int32? = nil
  ) throws(CRIUError) {
    _ = try run(.cpuInfoDump, options, deadline: deadline, cancel: cancel)
  }

  /// Compares the processor's features with those in ``Options/images``.
  public func checkCPUInfo(
    _ options: Options, deadline: Deadline, cancel: Int32? = nil
  ) throws(CRIUError) {
    _ = try run(.cpuInfoCheck, options, deadline: deadline, cancel: cancel)
  }
}
