import CRIU
import Linux
import Synchronization

/// Moves pages to where a layout has them: two threads, one buffer each, zeros left out.
struct PageCopy {
  /// What was written.
  struct Written: Sendable {
    /// For each process the runs of its pages file.
    var runs: [[Pagemap.Run]]
    /// Bytes in the memory file.
    var mapped = ByteCount.zero
  }

  private static let page = Int(Pagemap.pageSize)
  /// How much is read at once.
  private static let step: UInt64 = 1 << 20

  private let snapshot: Snapshot
  private let layout: Layout

  init(_ snapshot: Snapshot, _ layout: Layout) {
    self.snapshot = snapshot
    self.layout = layout
  }

  /// The pages file of an id.
  static func fileName(_ id: UInt32) -> String { "pages-\(id).img" }

  /// Writes the memory file, if there is to be one, and each process's pages file.
  func run(images folder: Path, memory: Path) throws(MemoryError) -> Written {
    let sources = Sources(snapshot)
    var written = Written(runs: [])
    guard layout.length > 0 else {
      written.runs = try writeCopies(sources, to: folder)
      return written
    }
    // Nobody ever opens it to write again.
    let target = try attempt("making the memory file", on: memory) { () throws(Errno) in
      let file = try Descriptor.open(memory, .writeOnly, [.create, .exclusive], mode: 0o400)
      try file.truncate(to: Int64(layout.length))
      return file
    }
    let queue = Moves(layout.moves, step: Self.step, target: target)
    let helper = try attempt("starting a thread", on: memory) { () throws(Errno) in
      try NamedThread("memory file") { Self.drain(queue, sources, memory) }
    }
    var failure: MemoryError?
    do throws(MemoryError) {
      written.runs = try writeCopies(sources, to: folder)
      Self.drain(queue, sources, memory)
    } catch {
      failure = error
      queue.fail(error)
    }
    helper.join()
    if let error = failure ?? queue.failure { throw error }
    written.mapped = queue.written
    return written
  }

  // MARK: Pages that CRIU copies

  private func writeCopies(
    _ sources: borrowing Sources, to folder: Path
  ) throws(MemoryError) -> [[Pagemap.Run]] {
    var all: [[Pagemap.Run]] = []
    for (index, process) in snapshot.processes.enumerated() {
      let path = folder / Self.fileName(process.pagesID)
      let file = try attempt("writing pages", on: path) { () throws(Errno) in
        try Descriptor.open(path, .writeOnly, [.create, .exclusive], mode: 0o600)
      }
      var runs: [Pagemap.Run] = []
      var offset: Int64 = 0
      let buffer = Buffer(Int(Self.step))
      for copy in layout.copies[index] {
        for piece in copy.piece.cut(into: Self.step) {
          let bytes = try sources.read(piece, into: buffer)
          let parts = copy.keepsZeros ? [0..<bytes.count] : bytes.runs(ofBlocks: Self.page)
          for part in parts {
            try attempt("writing pages", on: path) { () throws(Errno) in
              try file.writeAll(UnsafeRawBufferPointer(rebasing: bytes[part]), at: offset)
            }
            offset += Int64(part.count)
            Self.append(
              Pagemap.Run(
                address: piece.range.lowerBound + UInt64(part.lowerBound),
                pageCount: UInt64(part.count / Self.page),
                flags: copy.isAnonymous ? [.lazy, .present] : .present),
              to: &runs)
          }
        }
      }
      all.append(runs)
    }
    return all
  }

  private static func append(_ run: Pagemap.Run, to runs: inout [Pagemap.Run]) {
    if let last = runs.last, last.end == run.address, last.flags == run.flags {
      runs[runs.count - 1].pageCount += run.pageCount
    } else {
      runs.append(run)
    }
  }

  // MARK: Pages of the memory file

  private static func drain(_ queue: Moves, _ sources: Sources, _ memory: Path) {
    let buffer = Buffer(Int(step))
    while let move = queue.next() {
      do throws(MemoryError) {
        let bytes = try sources.read(move.piece, into: buffer)
        var count = 0
        for part in bytes.runs(ofBlocks: page) {
          try attempt("writing the memory file", on: memory) { () throws(Errno) in
            try queue.target.writeAll(
              UnsafeRawBufferPointer(rebasing: bytes[part]),
              at: Int64(move.offset) + Int64(part.lowerBound))
          }
          count += part.count
        }
        queue.add(count)
      } catch {
        queue.fail(error)
      }
    }
  }
}

/// The pages that are still to be moved, which two threads take from.
private final class Moves: Sendable {
  private struct State {
    var rest: [Layout.Move]
    var failure: MemoryError?
    var written = ByteCount.zero
  }

  /// The memory file.
  let target: Descriptor
  private let state: Mutex<State>

  init(_ moves: [Layout.Move], step: UInt64, target: consuming Descriptor) {
    self.target = target
    var rest: [Layout.Move] = []
    for move in moves {
      for piece in move.piece.cut(into: step) {
        let skipped = piece.range.lowerBound - move.piece.range.lowerBound
        rest.append(Layout.Move(piece: piece, offset: move.offset + skipped))
      }
    }
    // Taken from the end.
    rest.reverse()
    state = Mutex(State(rest: rest))
  }

  func next() -> Layout.Move? { state.withLock { $0.rest.popLast() } }

  func add(_ bytes: Int) { state.withLock { $0.written += ByteCount(bytes) } }

  /// Ends the work of both threads.
  func fail(_ error: MemoryError) {
    state.withLock {
      $0.failure = $0.failure ?? error
      $0.rest = []
    }
  }

  var failure: MemoryError? { state.withLock { $0.failure } }
  var written: ByteCount { state.withLock { $0.written } }
}

extension Snapshot.Piece {
  /// The piece in parts of at most `step` bytes.
  func cut(into step: UInt64) -> [Snapshot.Piece] {
    stride(from: range.lowerBound, to: range.upperBound, by: Int(step)).map {
      clamped(to: $0..<min($0 + step, range.upperBound))
    }
  }
}
