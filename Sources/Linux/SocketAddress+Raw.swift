import Glibc

/// The kernel's form of addresses.
extension SocketAddress {
  var family: CInt {
    switch self {
    case .ipv4: AF_INET
    case .ipv6: AF_INET6
    case .unix: AF_UNIX
    }
  }

  /// Calls a function with the address as `bind` and `connect` take it.
  @discardableResult
  func withRaw<Result>(
    _ body: (UnsafePointer<sockaddr>, socklen_t) throws(Errno) -> Result
  ) throws(Errno) -> Result {
    switch self {
    case .ipv4(let address, let port):
      var raw = sockaddr_in()
      raw.sin_family = sa_family_t(AF_INET)
      raw.sin_port = port.bigEndian
      raw.sin_addr.s_addr = address.rawValue.bigEndian
      return try call(&raw, MemoryLayout<sockaddr_in>.size, body)
    case .ipv6(let address, let port):
      var raw = sockaddr_in6()
      raw.sin6_family = sa_family_t(AF_INET6)
      raw.sin6_port = port.bigEndian
      raw.sin6_addr = address.raw
      return try call(&raw, MemoryLayout<sockaddr_in6>.size, body)
    case .unix(let path):
      var raw = sockaddr_un()
      raw.sun_family = sa_family_t(AF_UNIX)
      var name = Array(path.string.utf8)
      let abstract = name.first == UInt8(ascii: "@")
      if abstract { name[0] = 0 }
      guard name.count < MemoryLayout.size(ofValue: raw.sun_path) else { throw .nameTooLong }
      withUnsafeMutableBytes(of: &raw.sun_path) { $0.copyBytes(from: name) }
      // An abstract name is as long as told; a path ends at its zero, which is counted.
      return try call(&raw, 2 + name.count + (abstract ? 0 : 1), body)
    }
  }

  private func call<Raw, Result>(
    _ raw: inout Raw, _ size: Int,
    _ body: (UnsafePointer<sockaddr>, socklen_t) throws(Errno) -> Result
  ) throws(Errno) -> Result {
    try withUnsafePointer(to: &raw) { (pointer) throws(Errno) -> Result in
      let generic = UnsafeRawPointer(pointer).assumingMemoryBound(to: sockaddr.self)
      return try body(generic, socklen_t(size))
    }
  }

  /// Reads an address that the kernel wrote; nil for families that are not ours.
  init?(_ storage: inout sockaddr_storage, length: socklen_t) {
    switch CInt(storage.ss_family) {
    case AF_INET:
      let raw = withUnsafeBytes(of: &storage) { $0.loadUnaligned(as: sockaddr_in.self) }
      self = .ipv4(
        IPv4Address(rawValue: UInt32(bigEndian: raw.sin_addr.s_addr)),
        port: UInt16(bigEndian: raw.sin_port))
    case AF_INET6:
      var raw = withUnsafeBytes(of: &storage) { $0.loadUnaligned(as: sockaddr_in6.self) }
      let halves = withUnsafeBytes(of: &raw.sin6_addr) { bytes in
        (
          bytes.loadUnaligned(as: UInt64.self),
          bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)
        )
      }
      self = .ipv6(
        IPv6Address(high: UInt64(bigEndian: halves.0), low: UInt64(bigEndian: halves.1)),
        port: UInt16(bigEndian: raw.sin6_port))
    case AF_UNIX:
      var name = withUnsafeBytes(of: &storage) { Array($0[2..<max(2, Int(length))]) }
      if name.first == 0 { name[0] = UInt8(ascii: "@") }
      self = .unix(Path(String(decoding: name.prefix { $0 != 0 }, as: UTF8.self)))
    default:
      return nil
    }
  }
}
