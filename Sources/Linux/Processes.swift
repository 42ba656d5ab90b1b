import CLinux
import Glibc

/// Processes by their number, as `/proc` shows them.
public enum Processes {
  /// The children of a process; empty if it is gone.
  public static func children(of pid: Int32) -> [Int32] {
    var found: [Int32] = []
    for thread in threads(of: pid) {
      let path = Path("/proc/\(pid)/task/\(thread)/children")
      guard let text = try? FileSystem.readText(path) else {
        // A kernel without these files, or a thread that has ended: every process tells its parent.
        return table().filter { $0.parent == pid }.map(\.pid)
      }
      found += text.split(separator: " ").compactMap { Int32($0) }
    }
    return found.sorted()
  }

  /// The children of a process, their children and so on, nearest first; zombies are among them.
  public static func descendants(of pid: Int32) -> [Int32] {
    let all = table()
    var found = [pid]
    var next = 0
    while next < found.count {
      let parent = found[next]
      found += all.filter { $0.parent == parent && $0.pid != parent }.map(\.pid)
      next += 1
    }
    return Array(found.dropFirst())
  }

  /// The threads of a process; empty if it is gone.
  public static func threads(of pid: Int32) -> [Int32] {
    numbers(in: Path("/proc/\(pid)/task"))
  }

  /// The open descriptors of a process, and what they stand for; empty if it is gone or not to be
  /// looked into.
  public static func openDescriptors(of pid: Int32) -> [Int32: String] {
    let folder = Path("/proc/\(pid)/fd")
    var found: [Int32: String] = [:]
    for number in numbers(in: folder) {
      // One that was closed meanwhile is left out.
      found[number] = try? FileSystem.readLink(folder / String(number))
    }
    return found
  }

  /// Whether a process exists and has not ended.
  public static func isAlive(_ pid: Int32) -> Bool {
    guard let entry = ProcessEntry(pid: pid) else { return false }
    return !entry.hasEnded
  }

  /// The command line of a process; empty for kernel threads, and if it is gone.
  public static func arguments(of pid: Int32) -> [String] {
    // Gone or not to be read: nothing.
    let bytes = (try? FileSystem.readFile(Path("/proc/\(pid)/cmdline"))) ?? []
    return bytes.split(separator: 0, omittingEmptySubsequences: false)
      .map { String(decoding: $0, as: UTF8.self) }
      .dropLast()
  }

  /// Every process that `/proc` shows.
  public static func table() -> [ProcessEntry] {
    numbers(in: "/proc").compactMap { ProcessEntry(pid: $0) }
  }

  /// The lines of a process' threads; none if it is gone.
  static func threadTable(of pid: Int32) -> [ProcessEntry] {
    threads(of: pid).compactMap { thread in
      // One that ended meanwhile is left out.
      (try? FileSystem.readText(Path("/proc/\(pid)/task/\(thread)/stat")))
        .flatMap { ProcessEntry(parsing: $0) }
    }
  }

  /// Sends a signal to a process by number, which may be another's by now; negative for a process
  /// group.
  public static func signal(_ pid: Int32, _ signal: Signal) throws(Errno) {
    try retrying { Glibc.kill(pid, signal.rawValue) }
  }

  /// Makes descendants whose parent ends become children of this process.
  public static func becomeSubreaper(_ on: Bool = true) throws(Errno) {
    try checked(clinux_set_subreaper(on))
  }

  /// Reaps every child that has ended, including ones that ``Child`` values stand for.
  ///
  /// For a process 1: call it after SIGCHLD, and hand the statuses on with
  /// ``Child/noteReaped(_:)``.
  public static func reap() -> [(pid: Int32, status: ExitStatus)] {
    var found: [(pid: Int32, status: ExitStatus)] = []
    while true {
      var status: CInt = 0
      let pid = clinux_wait_any(&status)
      if pid == -Errno.interrupted.rawValue { continue }
      guard pid > 0 else { return found }
      found.append((pid, ExitStatus(waitStatus: status)))
    }
  }

  private static func numbers(in folder: Path) -> [Int32] {
    // Gone: no numbers.
    ((try? FileSystem.list(folder)) ?? []).compactMap { Int32($0) }.sorted()
  }
}
