import CRIU
import Linux
import Synchronization

/// The files that a snapshot's pages lie in, opened when they are first needed.
final class Sources: Sendable {
  /// An open file, shared by threads: it is only read at positions.
  private final class File: Sendable {
    let path: Path
    let descriptor: Descriptor

    init(_ path: Path) throws(Errno) {
      descriptor = try Descriptor.open(path, .readOnly)
      self.path = path
    }
  }

  private let snapshot: Snapshot
  private let open = Mutex<[Path: File]>([:])

  init(_ snapshot: Snapshot) {
    self.snapshot = snapshot
  }

  /// Reads a piece; what lies behind the end of a mapped file is zero, as in memory.
  ///
  /// - Returns: the piece's bytes in the buffer.
  /// - Throws: `.damaged` if a file of pages ends too early.
  func read(
    _ piece: Snapshot.Piece, into buffer: borrowing Buffer
  ) throws(MemoryError) -> UnsafeRawBufferPointer {
    let (path, offset) = place(of: piece)
    let file = try file(path)
    let target = UnsafeMutableRawBufferPointer(rebasing: buffer.bytes[..<piece.range.count])
    let count = try attempt("reading pages", on: path) { () throws(Errno) in
      try file.descriptor.read(into: target, at: Int64(offset))
    }
    if count < target.count {
      guard case .file = piece.source else {
        throw MemoryError(
          .damaged, path.string, "it ends before byte \(offset + UInt64(target.count))")
      }
      UnsafeMutableRawBufferPointer(rebasing: target[count...]).initializeMemory(
        as: UInt8.self, repeating: 0)
    }
    return UnsafeRawBufferPointer(target)
  }

  private func place(of piece: Snapshot.Piece) -> (Path, UInt64) {
    switch piece.source {
    case .pages(let id, let offset):
      (snapshot.directory.path / PageCopy.fileName(id), offset)
    case .memory(let offset): (snapshot.memory ?? MemoryFile.path, offset)
    case .file(let path, let offset): (path, offset)
    }
  }

  private func file(_ path: Path) throws(MemoryError) -> File {
    if let file = open.withLock({ $0[path] }) { return file }
    let file = try attempt("reading pages", on: path) { () throws(Errno) in try File(path) }
    open.withLock { $0[path] = file }
    return file
  }
}

/// Room for pages.
struct Buffer: ~Copyable {
  let bytes: UnsafeMutableRawBufferPointer

  init(_ count: Int) {
    bytes = .allocate(byteCount: count, alignment: Int(Pagemap.pageSize))
  }

  deinit { bytes.deallocate() }
}
