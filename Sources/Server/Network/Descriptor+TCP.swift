import Glibc
import Linux

extension Descriptor {
  /// Sends small packets at once (TCP_NODELAY).
  borrowing func sendAtOnce() {
    setTCP(TCP_NODELAY)
  }

  /// Acknowledges what comes next at once (TCP_QUICKACK); the kernel forgets it after a while.
  ///
  /// Servers such as H2 write an answer in two small parts and wait, by Nagle's rule, for the
  /// acknowledgement of the first, which the kernel would hold back for 40 ms.
  borrowing func acknowledgeAtOnce() {
    setTCP(TCP_QUICKACK)
  }

  /// Sets an option that only makes things faster, so that an error does not matter.
  private borrowing func setTCP(_ option: CInt) {
    var on: CInt = 1
    _ = setsockopt(
      rawValue, CInt(IPPROTO_TCP), option, &on, socklen_t(MemoryLayout<CInt>.size))
  }
}
