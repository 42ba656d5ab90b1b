import Glibc

extension Descriptor {
  /// Whether a number stands for an open descriptor, such as one that this process was started with.
  public static func isOpen(_ rawValue: Int32) -> Bool { fcntl(rawValue, F_GETFD) >= 0 }
}
