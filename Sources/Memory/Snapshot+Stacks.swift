import CRIU

/// What threads have left behind on their stacks.
extension Snapshot {
  /// Bytes below the stack pointer that a function may use without moving it: the red zone of the System V ABI for x86-64.
  private static let redZone: UInt64 = 128

  /// Forgets the pages of JVMs' stacks that lie below the stack pointer.
  ///
  /// No call is there any more, and the next one writes before it reads. CRIU would copy them at every thaw, 2.7 MB of a
  /// server with 35 threads.
  ///
  /// It is a stack only if it is a thread's own: memory with the thread's descriptor at its upper end, as the C library lays
  /// it out, and with no other thread in it. Other programs than JVMs may cut such memory into stacks of coroutines, and
  /// keep them all.
  package mutating func forgetLeftStacks(of jvms: Set<Int32>) throws(MemoryError) {
    let tree = try images { () throws(CRIUError) in try directory.processes() }
    for index in processes.indices where jvms.contains(processes[index].pid) {
      let process = processes[index]
      guard let entry = tree.first(where: { $0.pid == process.pid }) else { continue }
      var threads: [(stack: UInt64, descriptor: UInt64)] = []
      for id in entry.threads {
        let core = try images { () throws(CRIUError) in try directory.core(id) }
        if let stack = core.stackPointer, let descriptor = core.threadPointer {
          threads.append((stack, descriptor))
        }
      }
      let left = Pages(
        threads.compactMap { thread in
          guard let mapping = process.map.mapping(at: thread.stack), mapping.isOwnMemory,
            mapping.range.contains(thread.descriptor), thread.stack < thread.descriptor,
            thread.stack - mapping.start > Self.redZone,
            threads.filter({
              mapping.range.contains($0.stack) || mapping.range.contains($0.descriptor)
            }).count == 1
          else { return nil }
          let page = Pagemap.pageSize
          return mapping.start..<(thread.stack - Self.redZone) / page * page
        })
      processes[index].pieces = process.pieces.flatMap { piece in
        left.split(piece.range).filter { !$0.isMember }.map { piece.clamped(to: $0.range) }
      }
    }
  }
}

extension Mapping {
  /// Whether it is memory that the program mapped for itself alone.
  fileprivate var isOwnMemory: Bool {
    status.contains(.anonymousPrivate) && status.isDisjoint(with: [.heap, .stack, .vdso, .vvar])
      && !flags.contains(.growsDown)
  }
}
