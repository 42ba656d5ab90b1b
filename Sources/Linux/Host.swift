import CLinux
import Glibc

/// A kernel's release as numbers, to be compared.
public struct KernelVersion: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// The first number.
  public let major: Int
  /// The second number.
  public let minor: Int
  /// The third number; 0 if there is none.
  public let patch: Int

  /// Makes a version of its numbers.
  public init(_ major: Int, _ minor: Int, _ patch: Int = 0) {
    self.major = major
    self.minor = minor
    self.patch = patch
  }

  /// Reads a release such as `6.18.44-cloud-amd64`; nil without two numbers at its start.
  public init?(_ release: String) {
    let numbers = release.split(separator: ".", maxSplits: 2).map { part in
      Int(part.prefix { $0.isASCII && $0.isNumber })
    }
    guard numbers.count >= 2, let major = numbers[0], let minor = numbers[1] else { return nil }
    self.init(major, minor, numbers.count > 2 ? numbers[2] ?? 0 : 0)
  }

  /// Older comes first.
  public static func < (left: KernelVersion, right: KernelVersion) -> Bool {
    (left.major, left.minor, left.patch) < (right.major, right.minor, right.patch)
  }

  /// The numbers with dots.
  public var description: String { "\(major).\(minor).\(patch)" }
}

/// This machine, and what this process may do on it.
public enum Host {
  /// The kernel's release, such as `6.18.44`.
  public static var kernelRelease: String { field { text(of: $0.release) } }

  /// The kernel's build, such as `#1 SMP PREEMPT_DYNAMIC …`; tells kernels of one release apart.
  public static var kernelBuild: String { field { text(of: $0.version) } }

  /// The kernel's release as numbers.
  public static var kernelVersion: KernelVersion {
    KernelVersion(kernelRelease) ?? KernelVersion(0, 0)
  }

  /// The kind of processor: `x86_64`, `aarch64`.
  public static var architecture: String { field { text(of: $0.machine) } }

  /// The host's name in this process's namespace.
  public static var hostName: String { field { text(of: $0.nodename) } }

  /// A text that is new at every boot; nil without `/proc`.
  public static var bootID: String? {
    // Without /proc there is none.
    let text = try? FileSystem.readText("/proc/sys/kernel/random/boot_id")
    return text.map { String($0.prefix { !$0.isWhitespace }) }
  }

  /// The processor.
  public static var cpu: CPUFeatures { CPUFeatures.current() }

  /// How many processors this process may use.
  public static var processorCount: Int { max(1, Int(sysconf(CInt(_SC_NPROCESSORS_ONLN)))) }

  /// The memory of the machine.
  public static var memory: ByteCount {
    ByteCount(sysconf(CInt(_SC_PHYS_PAGES)) * sysconf(CInt(_SC_PAGESIZE)))
  }

  /// The size of a page of memory, in bytes.
  public static var pageSize: Int { Int(sysconf(CInt(_SC_PAGESIZE))) }

  /// This process's number.
  public static var processID: Int32 { getpid() }

  /// The number of the process that started this one.
  public static var parentProcessID: Int32 { getppid() }

  /// The user that this process acts as.
  public static var user: UInt32 { geteuid() }

  /// The group that this process acts as.
  public static var group: UInt32 { getegid() }

  /// The further groups of this process, sorted; empty if they cannot be told.
  public static var supplementaryGroups: [UInt32] {
    let count = getgroups(0, nil)
    guard count > 0 else { return [] }
    var groups = [gid_t](repeating: 0, count: Int(count))
    let found = getgroups(count, &groups)
    return found < 0 ? [] : groups.prefix(Int(found)).sorted()
  }

  /// Whether this process has `no_new_privs` set.
  public static var noNewPrivileges: Bool { clinux_no_new_privileges() == 1 }

  /// How system calls are filtered: 0 not, 1 strict, 2 by a filter; nil without `/proc`.
  public static var seccompMode: Int? {
    // Without /proc it is not known.
    guard let status = try? FileSystem.readText("/proc/self/status") else { return nil }
    let line = status.split(separator: "\n").first { $0.hasPrefix("Seccomp:") }
    return line.flatMap { Int($0.dropFirst(8).drop(while: \.isWhitespace)) }
  }

  /// Whether `clone3` is there, and no filter hides it: what CRIU chooses pids with.
  public static func supportsClone3() -> Bool { clinux_probe_clone3() == 0 }

  /// Whether `kcmp` is there, and no filter forbids it: what CRIU tells shared files and memory with when it dumps.
  public static func supportsKcmp() -> Bool { clinux_probe_kcmp() == 0 }

  /// Whether Yama lets a process trace none but its own descendants, unless it has CAP_SYS_PTRACE.
  public static func restrictsTracing() -> Bool {
    // Where there is no Yama there is no such file.
    let scope = (try? FileSystem.readText("/proc/sys/kernel/yama/ptrace_scope")) ?? "0"
    return !scope.hasPrefix("0")
  }

  private static func field(_ read: (utsname) -> String) -> String {
    var names = utsname()
    // It cannot fail with a valid buffer.
    uname(&names)
    return read(names)
  }

  private static func text<Tuple>(of tuple: Tuple) -> String {
    withUnsafeBytes(of: tuple) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
  }
}
