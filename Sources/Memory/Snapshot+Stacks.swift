import CRIU

/// What threads have left behind on their stacks.
extension Snapshot {
  /// Forgets the pages of JVMs' stacks that lie below the stack pointer.
  ///
  /// No call is there any more, and the next one writes before it reads. CRIU would copy them at every thaw, 2.7 MB of a
  /// server with 35 threads.
  ///
  /// Only pages of a stack that the C library made for a thread that still runs are forgotten. The stacks of threads that
  /// have ended are kept as they are: the library has them in store, described at their own upper ends. Other programs than
  /// JVMs may cut memory into stacks of coroutines, and keep them all.
  package mutating func forgetLeftStacks(of jvms: Set<Int32>) throws(MemoryError) {
    let tree = try images { () throws(CRIUError) in try directory.processes() }
    let reader = SnapshotReader(self)
    for index in processes.indices where jvms.contains(processes[index].pid) {
      let process = processes[index]
      guard let entry = tree.first(where: { $0.pid == process.pid }) else { continue }
      var left: [Range<UInt64>] = []
      for id in entry.threads {
        let core = try images { () throws(CRIUError) in try directory.core(id) }
        guard let stack = ThreadStack(of: core), let unused = try stack.unused(process, reader)
        else { continue }
        left.append(unused)
      }
      let pages = Pages(left)
      processes[index].pieces = process.pieces.flatMap { piece in
        pages.split(piece.range).filter { !$0.isMember }.map { piece.clamped(to: $0.range) }
      }
    }
  }
}

/// The stack of a thread, as the GNU C library for x86-64 makes it: one block of memory with the thread's descriptor, `struct
/// pthread`, at its upper end.
private struct ThreadStack {
  /// Bytes below the stack pointer that a function may use without moving it: the red zone of the System V ABI.
  private static let redZone: UInt64 = 128
  /// Bytes of the descriptor that are looked through; it has 2,304 in glibc 2.42.
  private static let descriptorSize = 2304

  private let pointer: UInt64
  private let descriptor: UInt64

  /// nil of a processor that is not known.
  init?(of core: Core) {
    guard let pointer = core.stackPointer, let descriptor = core.threadPointer,
      pointer < descriptor
    else { return nil }
    self.pointer = pointer
    self.descriptor = descriptor
  }

  /// The pages of the block that no call is on; nil if the thread is not seen to be on such a block.
  func unused(
    _ process: Snapshot.Process, _ reader: SnapshotReader
  ) throws(MemoryError) -> Range<UInt64>? {
    guard let mapping = process.map.mapping(at: pointer), mapping.isOwnMemory,
      mapping.range.contains(descriptor), let block = try block(process, reader),
      block.upperBound <= mapping.end
    else { return nil }
    let page = Pagemap.pageSize
    // Its lowest pages are guards, which are mappings of their own.
    let begin = max(block.lowerBound, mapping.start)
    let end = (pointer - Self.redZone) / page * page
    return begin < end ? begin..<end : nil
  }

  /// The block, by the descriptor's fields `stackblock`, `stackblock_size` and `guardsize`, whose place is another in each
  /// version: three words in a row that say where this descriptor and stack are, and no other three do.
  private func block(
    _ process: Snapshot.Process, _ reader: SnapshotReader
  ) throws(MemoryError) -> Range<UInt64>? {
    guard
      let bytes = try reader.read(process, address: descriptor, count: Self.descriptorSize)
    else { return nil }
    let words = bytes.withUnsafeBytes { raw in
      (0..<raw.count / 8).map {
        UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: $0 * 8, as: UInt64.self))
      }
    }
    // The descriptor begins with its own address, `tcb`, and has it again as `self`.
    guard words[0] == descriptor, words[2] == descriptor else { return nil }
    let page = Pagemap.pageSize
    let blocks = (0..<words.count - 2).compactMap { index -> Range<UInt64>? in
      let (start, size, guardSize) = (words[index], words[index + 1], words[index + 2])
      let (end, overflow) = start.addingReportingOverflow(size)
      guard !overflow, start % page == 0, size % page == 0, guardSize % page == 0,
        guardSize < size, start < pointer, descriptor < end, end - descriptor <= 2 * page
      else { return nil }
      return start..<end
    }
    return blocks.count == 1 ? blocks[0] : nil
  }
}

extension Mapping {
  /// Whether it is memory that the program mapped for itself alone.
  fileprivate var isOwnMemory: Bool {
    status.contains(.anonymousPrivate) && status.isDisjoint(with: [.heap, .stack, .vdso, .vvar])
      && !flags.contains(.growsDown)
  }
}
