import Linux
import Synchronization
import TestBed
import Testing

/// System V objects, each test in an IPC namespace of its own.
@Suite(.enabled(if: Machine.canMount, "needs CAP_SYS_ADMIN"), .timeLimit(.minutes(1)))
struct SystemVTests {
  /// Runs a test on a thread with a new namespace.
  private func apart(_ body: @escaping @Sendable () throws -> Void) throws {
    let box = Box(body)
    try NamedThread("apart") { box.run() }.join()
    try box.rethrow()
  }

  @Test func `a segment comes back under its id with its bytes`() throws {
    try apart { () throws -> Void in
      let folder = try TemporaryDirectory("system-v")
      #expect(try SystemV.segments().isEmpty)
      try SystemV.makeSegment(id: 5, key: 4711, size: 10_000, mode: 0o600)
      let found = try #require(try SystemV.segments().first)
      #expect(found.id == 5 && found.key == 4711 && found.size == 10_000 && found.mode == 0o600)
      #expect(found.attachments == 0 && !found.isRemoved && found.owner == Host.user)
      let bytes = (0..<10_000).map { UInt8(truncatingIfNeeded: $0 * 7) }
      try FileSystem.writeFile(folder / "in", bytes)
      try SystemV.load(5, size: 10_000, from: try Descriptor.open(folder / "in", .readOnly))
      try SystemV.save(found, to: try Descriptor.open(folder / "out", .writeOnly, [.create]))
      #expect(try FileSystem.readFile(folder / "out") == bytes)
      try SystemV.removeSegment(5)
      #expect(try SystemV.segments().isEmpty)
    }
  }

  @Test func `ids are had again after others, beyond the first round too`() throws {
    try apart { () throws -> Void in
      for id in [0, 3, 7, 63, 32_768 + 2] as [Int32] {
        try SystemV.makeSegment(id: id, key: 0, size: 1, mode: 0o600)
      }
      #expect(try SystemV.segments().map(\.id).sorted() == [0, 3, 7, 63, 32_770])
      #expect(throws: Errno.exists) {
        try SystemV.makeSegment(id: 3, key: 0, size: 1, mode: 0o600)
      }
    }
  }

  @Test func `semaphores come back under their id with their values`() throws {
    try apart { () throws -> Void in
      try SystemV.makeSemaphores(id: 2, key: 99, mode: 0o640, values: [3, 0, 17])
      let set = try #require(try SystemV.semaphoreSets().first)
      #expect(set.id == 2 && set.key == 99 && set.mode == 0o640 && set.count == 3)
      #expect(try SystemV.values(of: set) == [3, 0, 17])
      try SystemV.removeSemaphores(2)
      #expect(try SystemV.semaphoreSets().isEmpty)
      #expect(try SystemV.messageQueues().isEmpty)
    }
  }

  @Test(arguments: [false, true])
  func `another process attaches a segment and goes on as it was`(isStopped: Bool) throws {
    try apart { () throws -> Void in
      try SystemV.makeSegment(id: 1, key: 0, size: 8192, mode: 0o600)
      // It sleeps in a system call that is interrupted, and must be started again.
      let child = try Spawn("sleep", ["100"]).start()
      defer { _ = try? child.killTree() }
      #expect(eventually { Processes.arguments(of: child.pid).last == "100" })
      if isStopped {
        try child.signal(.stop)
        #expect(eventually { ProcessEntry(pid: child.pid)?.state == "T" })
      }
      let address: UInt64 = 0x2000_0000_0000
      try Processes.attachSegment(1, at: address, readOnly: false, in: child.pid)
      try Processes.attachSegment(1, at: address + 65_536, readOnly: true, in: child.pid)
      #expect(try SystemV.segments().map(\.attachments) == [2])
      let maps = try FileSystem.readText(Path("/proc/\(child.pid)/maps"))
      #expect(maps.contains("200000000000-200000002000 rw-s"))
      #expect(maps.contains("200000010000-200000012000 r--s"))
      let state = isStopped ? "T" : "S"
      #expect(eventually { ProcessEntry(pid: child.pid).map { "\($0.state)" } == state })
      #expect(throws: Errno.invalid) {
        try Processes.attachSegment(77, at: address, readOnly: false, in: child.pid)
      }
      #expect(try child.poll() == nil)
      if isStopped { try child.signal(.continue) }
      #expect(eventually { ProcessEntry(pid: child.pid).map { "\($0.state)" } == "S" })
    }
  }

  private final class Box: Sendable {
    private let body: @Sendable () throws -> Void
    private let failure = Mutex<(any Error)?>(nil)

    init(_ body: @escaping @Sendable () throws -> Void) { self.body = body }

    func run() {
      do {
        try Namespaces.unshare(.ipc)
        try body()
      } catch {
        failure.withLock { $0 = error }
      }
    }

    func rethrow() throws {
      if let error = failure.withLock({ $0 }) { throw error }
    }
  }
}
