import Linux

extension HotSpot {
  /// Connects to the socket of the JVM, which is made to open it first if need be.
  func connect(deadline: Deadline) throws(HotSpotError) -> Descriptor {
    // The handle first: whatever is looked at from here on is looked at on this process.
    let handle = try step("looking for it") { () throws(Errno) in try ProcessHandle(pid: pid) }
    if let connection = try connectNow(deadline) { return connection }
    try makeSure()
    return try wake(handle, deadline)
  }

  /// Nil if it does not listen yet.
  private func connectNow(_ deadline: Deadline) throws(HotSpotError) -> Descriptor? {
    // Anybody may make names in /tmp: only what its own user made is trusted.
    guard let status = try? FileSystem.linkStatus(socket), status.kind == .socket,
      status.owner == user || status.owner == 0
    else { return nil }
    do throws(Errno) {
      return try Descriptor.connect(to: .unix(socket), deadline: deadline)
    } catch {
      // Left by a JVM that had the number before.
      if error == .connectionRefused || error == .noEntry { return nil }
      throw HotSpotError(error, pid: pid, trying: "connecting to \(socket)")
    }
  }

  /// SIGQUIT ends a process that does not catch it: only a JVM that does is sent one.
  private func makeSure() throws(HotSpotError) {
    // Gone or forbidden by now: nothing that should be sent signals.
    guard let maps = try? LiveMapping.all(of: pid), Self.isHotSpot(maps),
      let status = try? ProcessStatus(pid: pid)
    else { throw HotSpotError(.ended, pid: pid, "it is gone, or a JVM no longer") }
    guard status.catches(.quit) else {
      throw HotSpotError(
        .closed, pid: pid, "it does not catch SIGQUIT: started with -Xrs, or still starting")
    }
    if let option = Self.forbidding(Processes.arguments(of: pid) + environment()) {
      throw HotSpotError(.closed, pid: pid, "it was started with \(option)")
    }
  }

  /// The option that forbids to attach, among words and lines of options.
  ///
  /// A JVM can hide it in a file of options. Then it takes SIGQUIT for a wish to see its threads on
  /// its output, and the deadline passes.
  static func forbidding(_ words: [String]) -> String? {
    let single = words.flatMap { $0.split(whereSeparator: \.isWhitespace).map(String.init) }
    if single.contains("-Xrs") { return "-Xrs" }
    return ["DisableAttachMechanism", "ReduceSignalUsage"]
      .compactMap { name in single.last { $0 == "-XX:+\(name)" || $0 == "-XX:-\(name)" } }
      .first { $0.hasPrefix("-XX:+") }
  }

  /// The options in the environment variables that JVMs read.
  private func environment() -> [String] {
    let names = ["JAVA_TOOL_OPTIONS=", "_JAVA_OPTIONS=", "JDK_JAVA_OPTIONS="]
    // Not to be read: then the arguments have to do.
    let bytes = (try? FileSystem.readFile(Path("/proc/\(pid)/environ"))) ?? []
    return bytes.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
      .compactMap { entry in
        names.first { entry.hasPrefix($0) }.map { String(entry.dropFirst($0.count)) }
      }
  }

  /// Asks it to listen: a file of a known name, and SIGQUIT, which makes it look for that file.
  private func wake(
    _ handle: borrowing ProcessHandle, _ deadline: Deadline
  ) throws(HotSpotError) -> Descriptor {
    let inotify = try step("watching \(socket.parent)") { () throws(Errno) in
      let inotify = try Inotify()
      try inotify.watch(socket.parent, [.create, .movedTo])
      return inotify
    }
    let (trigger, isOurs) = try step("asking for \(socket)") { () throws(Errno) in
      try makeTrigger()
    }
    defer {
      // Another who attaches may have removed it.
      if isOurs { try? FileSystem.remove(trigger) }
    }
    try step("sending SIGQUIT") { () throws(Errno) in try handle.signal(.quit) }
    var pause = Duration.milliseconds(1)
    while true {
      let isOver = try step("waiting for \(socket)") { () throws(Errno) in
        try Self.wait(handle, inotify, deadline.or(after: pause))
      }
      if isOver { throw HotSpotError(.ended, pid: pid, "it ended while it was asked to listen") }
      if let connection = try connectNow(deadline) { return connection }
      guard !deadline.hasPassed else {
        throw HotSpotError(.timedOut, pid: pid, "it did not open \(socket) after SIGQUIT")
      }
      pause = min(pause * 2, .milliseconds(100))
    }
  }

  /// Waits until a name appears, at most until the deadline: some file systems tell nothing.
  ///
  /// Returns whether the process has ended.
  private static func wait(
    _ handle: borrowing ProcessHandle, _ inotify: borrowing Inotify, _ deadline: Deadline
  ) throws(Errno) -> Bool {
    let epoll = try Epoll()
    try epoll.add(inotify.rawValue, .readable, token: 0)
    try epoll.add(handle.rawValue, .readable, token: 1)
    let events = try epoll.wait(deadline: deadline)
    if events.contains(where: { $0.token == 0 }) { _ = try inotify.drain() }
    return events.contains { $0.token == 1 }
  }

  private func step<Value: ~Copyable>(
    _ what: String, _ body: () throws(Errno) -> Value
  ) throws(HotSpotError) -> Value {
    do throws(Errno) {
      return try body()
    } catch {
      throw HotSpotError(error, pid: pid, trying: what)
    }
  }

  /// Makes the file that asks for the socket: in `/tmp`, where that will be as well, else in the
  /// JVM's working folder.
  private func makeTrigger() throws(Errno) -> (path: Path, isOurs: Bool) {
    let name = ".attach_pid\(ownPID)"
    let first = socket.parent / name
    do throws(Errno) {
      return (first, try Self.make(first))
    } catch {
      let second = Path("/proc/\(pid)/cwd") / name
      return (second, try Self.make(second))
    }
  }

  /// Whether it was made; false if it is there already.
  private static func make(_ path: Path) throws(Errno) -> Bool {
    do throws(Errno) {
      _ = try Descriptor.open(path, .writeOnly, [.create, .exclusive, .noFollow], mode: 0o600)
      return true
    } catch {
      guard error == .exists else { throw error }
      return false
    }
  }
}
