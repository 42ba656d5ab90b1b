import Glibc
import Linux

/// A pseudo terminal: what is written to one end is read from the other, as a terminal would get
/// it.
final class TerminalPair: Sendable {
  private let master: Descriptor
  private let slave: Descriptor

  /// The end that programs write to.
  var stream: BorrowedDescriptor { BorrowedDescriptor(slave.rawValue) }

  init(columns: Int, rows: Int = 24) throws {
    var size = winsize()
    size.ws_col = UInt16(columns)
    size.ws_row = UInt16(rows)
    var ends: (Int32, Int32) = (-1, -1)
    guard openpty(&ends.0, &ends.1, nil, nil, &size) == 0 else {
      throw Errno(rawValue: errno)
    }
    master = Descriptor(owning: ends.0)
    slave = Descriptor(owning: ends.1)
    try master.setNonBlocking(true)
  }

  /// All that was written so far and has not been read.
  func read() throws -> [UInt8] {
    var bytes: [UInt8] = []
    while try master.poll(for: .readable, deadline: .after(.milliseconds(1))) {
      bytes += try master.read(upTo: 65536)
    }
    return bytes
  }

  /// All that is written until `condition` holds for it.
  func read(until condition: ([UInt8]) -> Bool) throws -> [UInt8] {
    let deadline = Deadline.after(.seconds(20))
    var bytes: [UInt8] = []
    while !condition(bytes) {
      guard try master.poll(for: .readable, deadline: deadline) else { throw Errno.timedOut }
      bytes += try master.read(upTo: 65536)
    }
    return bytes
  }
}
