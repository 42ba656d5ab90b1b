import FoundationEssentials
package import Linux

/// Starts and ends containers with the bundle's runc.
package struct Runc: Sendable {
  /// The program.
  package let executable: Path
  /// Where runc keeps what it knows about containers; in memory, so that a reboot forgets it.
  package let state: Path

  /// Takes the bundle's runc.
  package init(bundle: Bundle, state: Path = "/run/thaw/runc") {
    executable = bundle.runc
    self.state = state
  }

  /// Descriptors of this process that the container's first process gets; they stay the caller's.
  ///
  /// What is nil becomes `/dev/null`.
  package struct Streams: Sendable {
    /// Descriptor 0.
    package var input: Int32?
    /// Descriptor 1.
    package var output: Int32?
    /// Descriptor 2.
    package var errors: Int32?
    /// Descriptor 3: the container writes what happens to it.
    package var events: Int32?
    /// Descriptor 4: readable when the monitor is dead.
    package var leash: Int32?
    /// Descriptors 5 and up: locks that the container keeps until its first process has ended.
    package var locks: [Int32]

    package init(
      input: Int32? = nil, output: Int32? = nil, errors: Int32? = nil, events: Int32? = nil,
      leash: Int32? = nil, locks: [Int32] = []
    ) {
      self.input = input
      self.output = output
      self.errors = errors
      self.events = events
      self.leash = leash
      self.locks = locks
    }
  }

  /// Starts a container.
  ///
  /// This process must be a subreaper (``Processes/becomeSubreaper(_:)``): the container's first
  /// process becomes its child when runc has ended. The root file system is mounted for the
  /// container alone, see ``RootMount``.
  ///
  /// - Parameters:
  ///   - spec: the container.
  ///   - folder: takes `config.json`, the mount point and runc's log; made if it is not there.
  ///   - streams: the container's descriptors.
  ///   - deadline: when runc is killed, with what it started.
  /// - Returns: the container's first process.
  /// - Throws: `.noRunc`, `.mountFailed`, `.containerFailed`, `.diskFull`, `.timedOut`; then
  ///   nothing of it is left.
  package func start(
    _ spec: ContainerSpec, in folder: Path, streams: Streams = Streams(), deadline: Deadline
  ) throws(EngineError) -> Child {
    let rootfs = folder / ContainerSpec.rootFolder
    try attempt("making the container's folder", on: folder, code: .containerFailed) {
      () throws(Errno) in
      try FileSystem.makeDirectory(rootfs, parents: true)
      try FileSystem.makeDirectory(state, mode: 0o700, parents: true)
    }
    try write(spec, in: folder)
    return try RootMount.with(spec, at: rootfs) { () throws(EngineError) in
      try run(spec.id, in: folder, streams, deadline: deadline)
    }
  }

  /// Ends a container with SIGKILL and removes what runc made for it: control groups and state.
  ///
  /// - Throws: `.failed` if runc could not; nothing if there is no such container.
  package func delete(_ id: String, deadline: Deadline = .after(.seconds(30))) throws(EngineError) {
    guard FileSystem.exists(state / id) else { return }
    // By force runc waits 100 ms before it looks whether the process is dead: only if it is not
    // dead already.
    if try call(["delete", id], id, deadline: deadline).isSuccess { return }
    let finished = try call(["delete", "--force", id], id, deadline: deadline)
    // Gone by now: it had only just ended.
    guard finished.isSuccess || !FileSystem.exists(state / id) else {
      throw failure(
        id, "runc delete: \(finished.timedOut ? "took too long" : finished.errorText)")
    }
  }

  /// Sends a signal to a container's first process.
  package func kill(
    _ id: String, _ signal: Signal, deadline: Deadline = .after(.seconds(10))
  ) throws(EngineError) {
    let finished = try call(["kill", id, String(signal.rawValue)], id, deadline: deadline)
    guard finished.isSuccess else {
      let text = finished.errorText.trimmed
      let isGone = text.contains("not running") || text.contains("does not exist")
      throw EngineError(isGone ? .notRunning : .failed, id, "runc kill \(signal): \(text)")
    }
  }

  /// The ids that runc keeps state for.
  package func ids() -> [String] {
    // Not there: no container was ever started.
    (try? FileSystem.list(state)) ?? []
  }

  // MARK: Parts

  private func write(_ spec: ContainerSpec, in folder: Path) throws(EngineError) {
    try attempt("writing the container's configuration", on: folder, code: .containerFailed) {
      () throws(Errno) in
      var files: [ContainerSpec.Bind] = []
      for (name, text) in spec.names?.contents(hostName: spec.hostName) ?? [] {
        try FileSystem.writeFile(folder / name, Array(text.utf8))
        files.append(.init(source: folder / name, destination: "/etc" / name))
      }
      let mounts = spec.hostFileSystem ? HostMounts.real(in: try Mount.table()) : []
      try FileSystem.writeFile(
        folder / "config.json", spec.configuration(files: files, hostMounts: mounts), mode: 0o600)
    }
  }

  private func run(
    _ id: String, in folder: Path, _ streams: Streams, deadline: Deadline
  ) throws(EngineError) -> Child {
    let (log, pidFile) = (folder / "runc.log", folder / "pid")
    let null = try attempt("opening", on: "/dev/null") { () throws(Errno) in
      try Descriptor.open("/dev/null", .readWrite)
    }
    var plan = spawn(
      ["--log", log.string, "--log-format", "json", "run", "--detach", "--bundle", folder.string]
        + ["--pid-file", pidFile.string, "--preserve-fds", "\(2 + streams.locks.count)", id])
    let all =
      [streams.input, streams.output, streams.errors, streams.events, streams.leash] + streams.locks
    for (number, raw) in all.enumerated() {
      plan.descriptors[Int32(number)] = raw ?? null.rawValue
    }
    let status = try wait(for: start(plan), id, deadline: deadline)
    guard status == .exited(0) else {
      let reason = lastError(in: log) ?? "runc ended with \(status)"
      try delete(id)
      throw failure(id, reason)
    }
    return try attempt("finding the container's first process", on: id, code: .containerFailed) {
      () throws(Errno) in
      guard let pid = Int32(try FileSystem.readText(pidFile).trimmed) else { throw .badMessage }
      return try Child(adopting: pid)
    }
  }

  private func wait(
    for child: consuming Child, _ id: String, deadline: Deadline
  ) throws(EngineError) -> ExitStatus {
    let status = try attempt("waiting for runc", on: id) { () throws(Errno) in
      if let status = try child.wait(deadline: deadline) { return status as ExitStatus? }
      _ = try child.killTree()
      return nil
    }
    if let status { return status }
    try delete(id)
    throw EngineError(
      .timedOut, id, "runc did not start the container in time",
      fix: "look at what keeps the machine busy")
  }

  private func spawn(_ arguments: [String]) -> Spawn {
    var plan = Spawn(executable, ["--root", state.string] + arguments)
    // Nothing of the user's environment may steer runc.
    plan.environment = ["PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"]
    plan.workingDirectory = "/"
    return plan
  }

  private func start(_ plan: Spawn) throws(EngineError) -> Child {
    do {
      return try plan.start()
    } catch {
      throw missing(error)
    }
  }

  private func call(
    _ arguments: [String], _ id: String, deadline: Deadline
  ) throws(EngineError) -> Finished {
    do {
      return try spawn(arguments).run(deadline: deadline)
    } catch {
      throw missing(error)
    }
  }

  private func missing(_ error: SpawnError) -> EngineError {
    // A program whose loader is gone gives ENOENT, too.
    EngineError(
      .noRunc, executable.string, "\(error.step): \(error.errno)",
      fix: "make the bundle anew with `Setup/bundle.sh`; it cannot be moved to another folder")
  }

  private func failure(_ id: String, _ reason: String) -> EngineError {
    let isFull = reason.contains("no space left on device")
    // runc's own words, and the kernel's for a limit below what is used already.
    let isTight = ["OOM-killed", "memory limit", "memory.limit_in_bytes", "memory.max"].contains {
      reason.contains($0)
    }
    return EngineError(
      isFull ? .diskFull : .containerFailed, id, reason.trimmed,
      fix: isFull
        ? "free space there, or choose another folder with --root"
        : isTight ? "give the container more memory with --memory" : nil)
  }

  /// The error in runc's log; nil if there is none.
  private func lastError(in log: Path) -> String? {
    struct Line: Decodable {
      var level: String
      var msg: String
    }
    // No log: no reason is known.
    let text = (try? FileSystem.readText(log)) ?? ""
    let lines = text.split(separator: "\n").compactMap { line in
      // A line that is cut off tells nothing.
      try? JSONDecoder().decode(Line.self, from: Data(line.utf8))
    }
    let error = lines.last { $0.level == "error" }?.msg
    // Of what happens before Go starts, the first message has the cause and the last only the loss
    // of its child.
    guard let first = lines.first(where: { $0.level == "fatal" })?.msg else { return error }
    return error.map { "\($0): \(first)" } ?? first
  }
}

extension String {
  /// Without blanks and line ends at both sides.
  var trimmed: String {
    let start = drop(while: \.isWhitespace)
    guard let last = start.lastIndex(where: { !$0.isWhitespace }) else { return "" }
    return String(start[...last])
  }
}
