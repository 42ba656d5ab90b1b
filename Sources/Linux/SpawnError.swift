import CLinux

/// Why a program could not be started, or not be run to its end.
public struct SpawnError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What failed: a system call such as `execve`, or in words `find the program`.
  public let step: String
  /// Why.
  public let errno: Errno
  /// What it was tried on: the program, a folder, a user.
  public let subject: String

  /// Makes an error of its parts.
  public init(step: String, errno: Errno, subject: String) {
    self.step = step
    self.errno = errno
    self.subject = subject
  }

  /// `cannot start /bin/x: execve: No such file or directory (ENOENT)`.
  public var description: String { "cannot start \(subject): \(step): \(errno)" }

  static func name(of step: CInt) -> String {
    switch Int(step) {
    case CLINUX_STEP_CLONE: "clone"
    case CLINUX_STEP_ENTER: "setns"
    case CLINUX_STEP_SESSION: "setsid"
    case CLINUX_STEP_GROUP: "setpgid"
    case CLINUX_STEP_TIME: "set clock offsets"
    case CLINUX_STEP_DUPLICATE: "dup2"
    case CLINUX_STEP_CLOSE: "close_range"
    case CLINUX_STEP_BOUNDING: "drop bounding capabilities"
    case CLINUX_STEP_KEEP: "keep capabilities"
    case CLINUX_STEP_SETGROUPS: "setgroups"
    case CLINUX_STEP_SETRESGID: "setresgid"
    case CLINUX_STEP_SETRESUID: "setresuid"
    case CLINUX_STEP_CAPSET: "capset"
    case CLINUX_STEP_AMBIENT: "raise ambient capabilities"
    case CLINUX_STEP_NO_NEW_PRIVILEGES: "set no_new_privs"
    case CLINUX_STEP_DEATH_SIGNAL: "set parent death signal"
    case CLINUX_STEP_DIRECTORY: "open working directory"
    case CLINUX_STEP_TERMINAL: "take the terminal"
    case CLINUX_STEP_WATCH: "install the filter that watches its system calls"
    case CLINUX_STEP_BLIND: "install the filter that hides others' filters"
    default: "execve"
    }
  }
}
