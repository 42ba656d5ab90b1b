import CLinux

/// The arguments of this process, as the kernel gave them.
///
/// Swift's own `CommandLine` reads `/proc/self/cmdline`, which a process 1 may not have yet.
public enum CommandLineArguments {
  /// All of them, the program's name first.
  public static let all: [String] = (0..<clinux_argument_count()).compactMap { index in
    clinux_argument(index).map { String(cString: $0) }
  }
}
