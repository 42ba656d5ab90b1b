import CLinux
import Synchronization

/// Sees every `madvise`, `process_madvise`, `mremap` and `brk` of programs, and of all that they
/// start or restore.
///
/// Give it to ``Spawn/watch``. The child installs a seccomp filter between `clone` and `execve`,
/// and its listener comes back over a socket. Each of these calls then waits until a thread of this
/// process has noted it and let it be made, so ``take()`` misses none: what a process has done after
/// a call was preceded by the note of it. Nothing else is held up, and no call is forbidden.
///
/// The filter is not installed in this process, on purpose. A thread of ours that has it would keep
/// it for good, and whoever answers could wait for a lock of `malloc` that this thread holds while
/// it waits for the answer. Between its filter and `execve` the child makes none of these calls.
///
/// The filter goes with every thread and process that a program starts, so what CRIU restores has
/// it as well; CRIU brings along what it does itself. Without a listener the kernel refuses those
/// calls (ENOSYS), so this listens until the last process has ended, even if nobody holds this
/// value any more: then it notes nothing. Only the end of this process ends it before. Calls of
/// x86_64, x32, i386, AArch64 and ARM are seen, those of other architectures let through.
///
/// It needs `no_new_privs`, this process's or ``Spawn/noNewPrivileges``, or CAP_SYS_ADMIN; Linux
/// 5.9. Before 5.19 a signal may interrupt a call that waits, and it is noted again. A process has
/// at most one such filter: who was started under a watch cannot start others under another.
/// A filter that forbids one of the calls, such as a container's, has precedence: what it refuses
/// is not seen.
///
/// The corresponding C function is `seccomp` with SECCOMP_FILTER_FLAG_NEW_LISTENER; see
/// `seccomp_unotify(2)`.
public final class SystemCallWatch: Sendable {
  private let log: Log

  /// Makes a watch that has nothing to watch yet.
  public init() throws(Errno) {
    log = Log(ended: try EventDescriptor())
  }

  deinit {
    log.state.withLock {
      $0.isAbandoned = true
      $0.calls = []
    }
  }

  /// Takes the calls since the last time, in the order in which they were made; those of several
  /// starts as they came.
  public func take() -> [WatchedCall] {
    log.state.withLock { state in
      defer { state.calls = [] }
      return state.calls
    }
  }

  /// Waits until every process that is watched has ended, and was reaped.
  ///
  /// - Returns: whether all have; false if the deadline passed first.
  /// - Throws: nothing that depends on the processes.
  public func waitForEnd(deadline: Deadline) throws(Errno) -> Bool {
    while log.state.withLock({ $0.listeners > 0 }) {
      if try log.ended.wait(deadline: deadline) == nil { return false }
    }
    return true
  }

  /// Starts a program that is watched.
  func start(_ spawn: borrowing Spawn) throws(SpawnError) -> Child {
    let subject = spawn.executable.string
    let pair: SocketPair
    do {
      pair = try SocketPair(kind: .sequencedPacket)
    } catch {
      throw SpawnError(step: "make a socket for the watch", errno: error, subject: subject)
    }
    let child = try spawn.start(watchSocket: pair.second.rawValue)
    do throws(Errno) {
      // The child has sent it before its execve.
      var packet = try pair.first.receiveDescriptors(upTo: 1, deadline: .after(.zero))
      guard let listener = packet.next() else { throw Errno.noData }
      try listen(Listener(listener))
    } catch {
      // Nobody would answer it. The first error is the one to tell.
      _ = try? child.signal(.kill)
      _ = try? child.wait(deadline: .after(.seconds(10)))
      throw SpawnError(step: "watch its system calls", errno: error, subject: subject)
    }
    return child
  }

  private func listen(_ listener: Listener) throws(Errno) {
    let log = log
    log.state.withLock { $0.listeners += 1 }
    do {
      try NamedThread("system calls") { log.note(listener) }.detach()
    } catch {
      log.state.withLock { $0.listeners -= 1 }
      throw error
    }
  }
}

/// What the threads write; it lives as long as one of them.
private final class Log: Sendable {
  struct State {
    var calls: [WatchedCall] = []
    var listeners = 0
    var isAbandoned = false
  }

  let state = Mutex(State())
  let ended: EventDescriptor

  init(ended: consuming EventDescriptor) {
    self.ended = ended
  }

  /// Notes and answers until no process is left.
  func note(_ listener: Listener) {
    guard let descriptor = listener.take() else { return }
    let raw = descriptor.rawValue
    var call = clinux_watched_call()
    var process: Int32 = 0
    // An error of the listener cannot be told to anybody; the processes feel its end.
    while clinux_watch_receive(raw, &call) == 1 {
      if clinux_in_process(process, call.thread) == 0 { process = Log.process(of: call.thread) }
      let noted = WatchedCall(call, process: process)
      state.withLock { if !$0.isAbandoned { $0.calls.append(noted) } }
      guard clinux_watch_answer(raw, call.id) == 0 else { break }
    }
    _ = consume descriptor
    state.withLock { $0.listeners -= 1 }
    // The counter is far from full.
    try? ended.signal()
  }

  /// The process of a thread that waits for its answer; 0 if it was killed.
  private static func process(of thread: Int32) -> Int32 {
    // Killed, or no /proc: it is not known.
    guard let status = try? FileSystem.readText(Path("/proc/\(thread)/status")) else { return 0 }
    let line = status.split(separator: "\n").first { $0.hasPrefix("Tgid:") }
    return line.flatMap { Int32($0.dropFirst(5).drop(while: \.isWhitespace)) } ?? 0
  }
}

/// A listener's descriptor on its way to the thread that owns it from then on.
private final class Listener: Sendable {
  private let descriptor: Mutex<Descriptor?>

  init(_ descriptor: consuming Descriptor) {
    self.descriptor = Mutex(descriptor)
  }

  func take() -> Descriptor? { descriptor.withLock { $0.take() } }
}
