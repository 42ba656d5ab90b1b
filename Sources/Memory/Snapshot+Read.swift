import CRIU
import Linux

extension Snapshot {
  /// Reads memory of a process as it was at the dump; private memory that no image holds is zero.
  ///
  /// - Returns: the bytes; nil where nothing is mapped, or an unchanged or shared file.
  /// - Throws: `.damaged` if pages cannot be read.
  package func read(
    pid: Int32, address: UInt64, count: Int
  ) throws(MemoryError) -> [UInt8]? {
    guard let process = processes.first(where: { $0.pid == pid }) else { return nil }
    return try SnapshotReader(self).read(process, address: address, count: count)
  }
}

/// Reads memory of a snapshot many times, with the files kept open.
package struct SnapshotReader {
  private let snapshot: Snapshot
  private let sources: Sources

  package init(_ snapshot: Snapshot) {
    self.snapshot = snapshot
    sources = Sources(snapshot)
  }

  /// Reads memory of one of the snapshot's processes; see ``Snapshot/read(pid:address:count:)``.
  package func read(
    _ process: Snapshot.Process, address: UInt64, count: Int
  ) throws(MemoryError) -> [UInt8]? {
    guard count > 0, address <= UInt64.max - UInt64(count) else { return count == 0 ? [] : nil }
    let wanted = address..<address + UInt64(count)
    var bytes = [UInt8](repeating: 0, count: count)
    let found = process.pieces(in: wanted)
    for piece in found {
      for part in piece.cut(into: 1 << 20) {
        let buffer = Buffer(part.range.count)
        let read = try sources.read(part, into: buffer)
        let place = Int(part.range.lowerBound - address)
        bytes.replaceSubrange(place..<place + read.count, with: read)
      }
    }
    for gap in Pages(found.map(\.range)).split(wanted) where !gap.isMember {
      guard isZero(gap.range, in: process.map) else { return nil }
    }
    return bytes
  }

  /// Whether a range that no image holds is private memory, all of it.
  private func isZero(_ range: Range<UInt64>, in map: MemoryMap) -> Bool {
    var position = range.lowerBound
    while position < range.upperBound {
      guard let mapping = map.mapping(at: position),
        mapping.status.contains(.anonymousPrivate) || mapping.isOf(snapshot.memoryID)
      else { return false }
      position = mapping.end
    }
    return true
  }
}

extension Snapshot.Process {
  /// The pieces that overlap a range, cut to it.
  func pieces(in range: Range<UInt64>) -> [Snapshot.Piece] {
    var (low, high) = (0, pieces.count)
    while low < high {
      let middle = (low + high) / 2
      if pieces[middle].range.upperBound <= range.lowerBound {
        low = middle + 1
      } else {
        high = middle
      }
    }
    return pieces[low...].prefix { $0.range.lowerBound < range.upperBound }.map {
      $0.clamped(to: range)
    }
  }
}
