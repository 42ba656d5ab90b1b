import Glibc
import Linux
import Synchronization
import TestBed
import Testing

@testable import Checkpoint

/// Whatever stops the fence between two of its steps: no checkpoint is taken for one of data that has changed, and the
/// volume can be started.
@Suite(.timeLimit(.minutes(5))) struct FenceCrashTests {
  private static let home = VolumeMark.Home(device: 7, inode: 42)
  private static let data: Path = "/v/ledger"
  private static let manifest: Path = "/v/.thaw/hibernated"

  /// What a checkpoint says, in place of its whole folder: the volume, and what was in the server's file.
  private struct Frozen: Codable {
    var volume: FrozenVolume
    var data: String
  }

  /// Three lives of a server on a volume, each of which writes; the second is killed, the others are hibernated.
  private func lives(_ disk: RecordingDisk) throws {
    let fence = Fence("/v", disk: disk)
    for life in ["one", "two", "three"] {
      let mark = try #require(try fence.begin(at: Self.home, id: "a"))
      disk.note(.server(runs: true))
      try fence.discard()
      for write in 1...2 { try disk.write(Self.data, Array("\(life) \(write)".utf8)) }
      if life == "two" { continue }
      let frozen = Frozen(
        volume: FrozenVolume(mark, path: "/v", entries: 1, table: "t"), data: "\(life) 2")
      let bytes = try JSONText.encode(frozen)
      try disk.write(fence.draft, bytes)
      try Fence.commit([(fence, mark)], frozenBy: Digest(of: bytes)) {
        disk.note(.server(runs: false))
      }
    }
    try fence.begin(at: Self.home, id: "a")
    disk.note(.server(runs: true))
    try disk.write(Self.data, Array("four".utf8))
  }

  /// Whether a disk's volume would be thawed on, and if so, whether the data is what the memory speaks of.
  private func judge(_ disk: LostDisk) -> (verdict: FenceVerdict, isRight: Bool) {
    let bytes = disk.read(Self.manifest)
    let frozen = bytes.flatMap { try? JSONText.decode(Frozen.self, from: $0) }
    let verdict = FenceVerdict.judge(
      .init(
        mark: disk.read("/v/.thaw/volume.json").flatMap { VolumeMark.decode($0) },
        home: Self.home, frozen: frozen?.volume, checkpoint: bytes.map { Digest(of: $0) }))
    let data = disk.read(Self.data).map { String(decoding: $0, as: UTF8.self) }
    return (verdict, data == frozen?.data)
  }

  @Test func `a loss of power after any step, with any of what was not yet on the disk`() throws {
    let disk = RecordingDisk()
    try lives(disk)
    let steps = disk.steps
    var (disks, thaws) = (0, 0)
    for count in 0...steps.count {
      let before = steps.prefix(count)
      for lost in LostDisk.all(after: before) {
        disks += 1
        let (verdict, isRight) = judge(lost)
        if verdict == .same {
          thaws += 1
          #expect(isRight, "after \(count) of \(steps.count) steps: \(before.suffix(3))")
          // A server that still runs would write under the next one.
          let runs = before.reversed().lazy.compactMap { step -> Bool? in
            if case .server(let runs) = step { runs } else { nil }
          }.first
          #expect(runs == false, "after \(count) steps the server was not ended")
        }
        // Whatever is there, a server can be started, and then nothing is thawed.
        let again = RecordingDisk()
        for (path, file) in lost.names { again.put(path, lost.contents[file] ?? []) }
        let next = try Fence("/v", disk: again).begin(at: Self.home, id: "b")
        #expect(next?.state == .dirty)
      }
    }
    #expect(disks > 300)
    #expect(thaws > 0, "a hibernation that nothing disturbs is thawed")
  }

  @Test func `an error at any step before the server ends leaves it running on a dirty volume`()
    throws
  {
    for step in 0..<30 {
      let disk = RecordingDisk()
      let fence = Fence("/v", disk: disk)
      let mark = try #require(try fence.begin(at: Self.home, id: "a"))
      try disk.write(fence.draft, [1])
      disk.fails = (at: step, with: .inputOutput)
      var isEnded = false
      do {
        try Fence.commit([(fence, mark)], frozenBy: Digest(of: [1])) { isEnded = true }
      } catch {
        #expect(fence.mark()?.state == .dirty || isEnded)
        disk.fails = nil
        try fence.takeBack()
        #expect(try disk.read(fence.draft) == nil && disk.read(fence.checkpoint) == nil)
      }
    }
  }

  /// The kernel's disk, up to a step at which this process is killed.
  private struct KillingDisk: FenceDisk {
    let disk = KernelDisk()
    let left: Counter

    final class Counter: Sendable {
      private let count: Atomic<Int>
      init(_ count: Int) { self.count = Atomic(count) }
      func pass() {
        if count.subtract(1, ordering: .relaxed).newValue < 0 { kill(getpid(), SIGKILL) }
      }
    }

    func read(_ path: Path) throws(Errno) -> [UInt8]? { try disk.read(path) }
    func write(_ path: Path, _ bytes: [UInt8]) throws(Errno) {
      left.pass()
      // Killed in the middle of a write.
      try disk.write(path, Array(bytes.prefix(bytes.count / 2)))
      left.pass()
      try disk.write(path, bytes)
    }
    func synchronize(_ path: Path) throws(Errno) {
      left.pass()
      try disk.synchronize(path)
    }
    func synchronizeAll(on path: Path) throws(Errno) {
      left.pass()
      try disk.synchronizeAll(on: path)
    }
    func rename(_ path: Path, to other: Path) throws(Errno) {
      left.pass()
      try disk.rename(path, to: other)
    }
    func remove(_ path: Path) throws(Errno) {
      left.pass()
      try disk.remove(path)
    }
  }

  @Test func `a kill at any step`() async throws {
    let folder = try TemporaryDirectory("fence")
    var (step, isDone, thaws) = (0, false, 0)
    while !isDone, step < 60 {
      let volume = folder / "\(step)"
      try FileSystem.makeDirectory(volume / ".thaw", parents: true)
      await #expect(processExitsWith: .signal(SIGKILL)) {
        [text = volume.string as String, step = step as Int] in
        let volume = Path(text)
        let fence = Fence(volume, disk: KillingDisk(left: KillingDisk.Counter(step)))
        for life in 1...2 {
          let home = VolumeMark.Home(device: 7, inode: 42)
          guard let mark = try fence.begin(at: home, id: "a") else { return }
          try fence.discard()
          try FileSystem.writeFile(volume / "data", Array("\(life)".utf8))
          let frozen = Frozen(
            volume: FrozenVolume(mark, path: "/v", entries: 1, table: "t"), data: "\(life)")
          let bytes = try JSONText.encode(frozen)
          try FileSystem.writeFile(fence.draft, bytes)
          try Fence.commit([(fence, mark)], frozenBy: Digest(of: bytes)) {}
        }
        try FileSystem.writeFile(volume / "done", [])
        kill(getpid(), SIGKILL)
      }
      isDone = FileSystem.exists(volume / "done")
      let fence = Fence(volume)
      let bytes = try? FileSystem.readFile(fence.checkpoint)
      let frozen = try bytes.map { try JSONText.decode(Frozen.self, from: $0) }
      let verdict = FenceVerdict.judge(
        .init(
          mark: fence.mark(), home: Self.home, frozen: frozen?.volume,
          checkpoint: bytes.map { Digest(of: $0) }))
      if verdict == .same {
        thaws += 1
        #expect(try FileSystem.readText(volume / "data") == frozen?.data, "killed at step \(step)")
      }
      #expect(try fence.begin(at: Self.home, id: "b")?.state == .dirty)
      step += 1
    }
    #expect(isDone)
    #expect(thaws > 0)
  }
}
