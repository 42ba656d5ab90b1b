/// A descriptor that somebody else owns and keeps open: one of those that a process was started
/// with.
public struct BorrowedDescriptor: Hashable, Sendable {
  /// The descriptor's number.
  public let rawValue: Int32

  /// Takes a number.
  public init(_ rawValue: Int32) {
    self.rawValue = rawValue
  }

  /// This process's standard output.
  public static let standardOutput = BorrowedDescriptor(1)
  /// This process's standard error.
  public static let standardError = BorrowedDescriptor(2)

  /// Does something with it as with an owned one, which stays open.
  public func use<Value>(
    _ body: (borrowing Descriptor) throws(Errno) -> Value
  ) throws(Errno) -> Value {
    let descriptor = Descriptor(owning: rawValue)
    do throws(Errno) {
      let value = try body(descriptor)
      _ = descriptor.release()
      return value
    } catch {
      _ = descriptor.release()
      throw error
    }
  }

  /// Reads what is there, at most a number of bytes; empty at the end of the file.
  public func read(upTo limit: Int) throws(Errno) -> [UInt8] {
    try use { (descriptor) throws(Errno) in try descriptor.read(upTo: limit) }
  }

  /// Writes all bytes; it may block.
  public func writeAll(_ bytes: [UInt8]) throws(Errno) {
    try use { (descriptor) throws(Errno) in try descriptor.writeAll(bytes) }
  }
}
