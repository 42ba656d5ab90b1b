import CLinux

/// Bytes and descriptors that came over a unix socket.
public struct ReceivedDescriptors: ~Copyable, Sendable {
  /// The bytes that came with them; empty when the other end is closed.
  public let bytes: [UInt8]
  private var raw: [Int32]

  init(bytes: [UInt8], raw: [Int32]) {
    self.bytes = bytes
    self.raw = raw
  }

  deinit {
    for one in raw { _ = Descriptor(owning: one) }
  }

  /// How many descriptors have not been taken yet.
  public var count: Int { raw.count }

  /// Takes the next descriptor, in the order in which they were sent; nil when all are taken.
  ///
  /// What nobody takes is closed with this value.
  public mutating func next() -> Descriptor? {
    raw.isEmpty ? nil : Descriptor(owning: raw.removeFirst())
  }
}

/// Descriptors over unix sockets: SCM_RIGHTS.
extension Descriptor {
  /// Sends descriptors with some bytes; the receiver gets its own numbers, the caller keeps its
  /// descriptors.
  ///
  /// - Parameters:
  ///   - descriptors: at most 253.
  ///   - bytes: at least one, or a stream loses the descriptors.
  /// - Throws: `.invalid` for too many descriptors or no bytes, `.brokenPipe` if nobody receives.
  public borrowing func sendDescriptors(
    _ descriptors: [Int32], with bytes: [UInt8] = [0]
  ) throws(Errno) {
    guard !bytes.isEmpty else { throw .invalid }
    var result = -CInt(Errno.interrupted.rawValue)
    while result == -Errno.interrupted.rawValue {
      result = bytes.withUnsafeBufferPointer { data in
        descriptors.withUnsafeBufferPointer { numbers in
          guard let start = data.baseAddress else { return -Errno.invalid.rawValue }
          var none: CInt = 0
          return withUnsafePointer(to: &none) { empty in
            clinux_send_descriptors(
              rawValue, start, data.count, numbers.baseAddress ?? empty, CInt(numbers.count))
          }
        }
      }
    }
    let sent = try checked(result)
    if Int(sent) < bytes.count { try sendAll(Array(bytes[Int(sent)...]), deadline: .never) }
  }

  /// Receives bytes with the descriptors that came along, all close-on-exec.
  public borrowing func receiveDescriptors(
    upTo limit: Int = 4096, deadline: Deadline = .never
  ) throws(Errno) -> ReceivedDescriptors {
    guard try poll(for: .readable, deadline: deadline) else { throw .timedOut }
    var bytes = [UInt8](repeating: 0, count: max(limit, 1))
    var numbers = [CInt](repeating: -1, count: 253)
    var found = CInt(numbers.count)
    let raw = rawValue
    var result = 0
    repeat {
      found = CInt(numbers.count)
      result = clinux_receive_descriptors(raw, &bytes, bytes.count, &numbers, &found)
    } while result == -Int(Errno.interrupted.rawValue)
    guard result >= 0 else { throw Errno(rawValue: CInt(-result)) }
    return ReceivedDescriptors(
      bytes: Array(bytes[..<result]), raw: Array(numbers[..<Int(found)]))
  }
}
