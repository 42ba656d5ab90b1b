import CRIU
import Linux
import Memory
import TestBed
import Testing

/// Rewritten images against those that CRIU dumped: restored one after the other, every page compared.
@Suite(
  .engine, .serialized, .timeLimit(.minutes(5)),
  .enabled(if: StressPrograms.hasCompiler, "needs a C compiler: cc"))
struct RestoredMemoryTests {
  @Test func `what CRIU restores from a C program's rewritten images is the same in every page`()
    throws
  {
    let dump = try Dump.ofC()
    let plain = try dump.restored(from: dump.images)
    #expect(plain.pageCount > 1000)
    #expect(plain.differences(from: try dump.restored(from: dump.images)) == [])
    let rewritten = try dump.restored(from: try dump.rewritten())
    #expect(rewritten.differences(from: plain) == [])
  }

  @Test func `a page that was changed is found, in the images and in the memory file`() throws {
    let dump = try Dump.ofC()
    let plain = try dump.restored(from: dump.images)
    let images = try dump.rewritten()
    let whole = try dump.restored(from: images)
    try dump.flipByte(of: dump.memory)
    let changed = try dump.restored(from: images).differences(from: whole)
    #expect(!changed.isEmpty && changed.allSatisfy { $0.contains("page") }, "\(changed)")
    let pages = try #require(
      try FileSystem.list(dump.images).first { $0.hasPrefix("pages-") })
    try dump.flipByte(of: dump.images / pages)
    let other = try dump.restored(from: dump.images).differences(from: plain)
    #expect(!other.isEmpty && other.allSatisfy { $0.contains("page") }, "\(other)")
  }

  @Test(.enabled(if: JDK.hasOwn, "needs a JDK: java and javac"), arguments: Collector.allCases)
  func `what CRIU restores from a JVM's rewritten images is the same in every page`(
    _ collector: Collector
  ) throws {
    let dump = try Dump.ofJava(collector)
    let plain = try dump.restored(from: dump.images)
    #expect(plain.pageCount > 5000)
    let rewritten = try dump.restored(from: try dump.rewritten())
    #expect(rewritten.differences(from: plain) == [])
  }

  @Test(.enabled(if: JDK.hasOwn, "needs a JDK: java and javac"))
  func `a freeze forgets what a JVM's threads left on their stacks, and no other page`() throws {
    let dump = try Dump.ofJava(.serial)
    let forgotten = try dump.leftStacks()
    let plain = try dump.restored(from: dump.images)
    let images = try dump.rewritten(forgetting: true)
    let rewritten = try dump.restored(from: images)
    let missing = plain.pageCount - rewritten.pageCount
    #expect(missing > 50 && UInt64(missing) <= forgotten.reduce(0) { $0 + $1.value.count })
    let masks = forgotten.mapValues(\.ranges)
    let others = try dump.restored(from: dump.images, masking: masks)
    #expect(try dump.restored(from: images, masking: masks).differences(from: others) == [])
  }
}

/// A server that was dumped by CRIU in a bed, to be restored there again and again.
struct Dump {
  let bed: Bed

  var images: Path { bed.folder / "images" }
  /// The memory file, where rewritten images name it; seen from outside of the bed.
  var memory: Path { Path("/proc/\(bed.first)/root\(MemoryFile.path)") }
  private var proc: Path { Path("/proc/\(bed.first)/root/proc") }

  static func ofC() throws -> Dump {
    let bed = try Bed()
    let program = try StressPrograms.compile("stress", into: bed.folder.path)
    return try Dump(bed, [program.string, "8080"])
  }

  static func ofJava(_ collector: Collector) throws -> Dump {
    let bed = try Bed()
    try StressPrograms.compileJava(into: bed.folder.path)
    // Without what is reserved and empty: every page is looked at.
    let small = ["-XX:CompressedClassSpaceSize=16m", "-XX:ReservedCodeCacheSize=24m"]
    let words = ["-cp", bed.folder.path.string, "Stress", "8080"]
    return try Dump(bed, [JDK.own.java.string] + collector.options + small + words, hold: true)
  }

  /// Starts the server, lets it work for a while, dumps it.
  private init(_ bed: Bed, _ command: [String], hold: Bool = false) throws {
    self.bed = bed
    // Descriptors of its own: CRIU finds no file that was opened above other mounts.
    let script = "exec setsid \"$@\" </dev/null >/dev/null 2>&1"
    var spawn = bed.spawn(["sh", "-c", script, "sh"] + command)
    spawn.workingDirectory = .root
    let server = try spawn.start()
    defer { _ = try? server.killTree() }
    var said: String?
    let isReady = try eventually(within: .seconds(30)) {
      said = try bed.get("/check")
      return said?.hasPrefix("ok ") == true
    }
    try #require(isReady, "\(said ?? "no answer")")
    #expect(try bed.get("/run/1")?.hasPrefix("ok ") == true)
    if hold { #expect(try bed.get("/hold") == "held\n") }
    let root = try #require(try pids().first { try arguments(of: $0).first == command[0] })
    try FileSystem.makeDirectory(images)
    try criu(["dump", "--tree", "\(root)", "--images-dir", images.string])
    try clear()
  }

  /// For each process the pages that a freeze would forget.
  func leftStacks() throws -> [Int32: Pages] {
    var snapshot = try Snapshot(path: images)
    let before = snapshot.processes
    try snapshot.forgetLeftStacks(of: Set(before.map(\.pid)))
    return Dictionary(
      uniqueKeysWithValues: zip(before, snapshot.processes).map { before, after in
        let kept = Pages(after.pieces.map(\.range))
        let gone = before.pieces.flatMap { kept.split($0.range).filter { !$0.isMember } }
        return (before.pid, Pages(gone.map(\.range)))
      })
  }

  /// The images in another folder, with all in the memory file that can be.
  func rewritten(forgetting: Bool = false) throws -> Path {
    var snapshot = try Snapshot(path: images)
    if forgetting { try snapshot.forgetLeftStacks(of: Set(snapshot.processes.map(\.pid))) }
    // Whether it would be right to go on with it does not matter: nothing runs.
    let all = KnownRange(.archive, from: 0, to: .max)
    let known = Dictionary(uniqueKeysWithValues: snapshot.processes.map { ($0.pid, [all]) })
    let folder = bed.folder / "rewritten"
    try FileSystem.makeDirectory(folder)
    try FileSystem.makeDirectory(memory.parent, parents: true)
    let result = try Rewriting(snapshot, Classifier(known: known))
      .write(images: folder, memory: memory)
    #expect(result.mapped.bytes > 1 << 20)
    return folder
  }

  /// Has CRIU restore the images, reads all memory, and ends what was restored.
  func restored(
    from images: Path, masking forgotten: [Int32: [Range<UInt64>]] = [:]
  ) throws -> RestoredMemory {
    try criu(["restore", "--restore-detached", "--leave-stopped", "--images-dir", images.string])
    var living: [Int32] = []
    let isStill = try eventually {
      let states = try pids().map { (pid: $0, state: try state(of: $0)) }
      // Children that had ended before the dump have no memory.
      living = states.filter { $0.state != "Z" }.map(\.pid)
      return states.allSatisfy { "TZ".contains($0.state) }
    }
    #expect(isStill)
    let masks = try masks().merging(forgotten, uniquingKeysWith: +)
    let restored = try RestoredMemory(of: living, proc: proc, masking: masks)
    try clear()
    return restored
  }

  /// Changes the first byte of a file that is not zero.
  func flipByte(of path: Path) throws {
    let file = try Descriptor.open(path, .readWrite)
    let range = try #require(try file.dataRanges().first)
    let bytes = try file.read(upTo: 1 << 20, at: Int64(range.lowerBound))
    let index = try #require(bytes.firstIndex { $0 != 0 })
    try file.writeAll([~bytes[index]], at: Int64(range.lowerBound) + Int64(index))
  }

  /// What the kernel itself writes into a thread's memory whenever it runs: on which processor.
  private func masks() throws -> [Int32: [Range<UInt64>]] {
    let directory = try ImageDirectory(images)
    var masks: [Int32: [Range<UInt64>]] = [:]
    for process in try directory.processes() where directory.has("mm-\(process.pid).img") {
      masks[process.pid] = try process.threads.compactMap {
        try directory.core($0).restartableSequence.map { $0..<$0 + 32 }
      }
    }
    return masks
  }

  // MARK: In the bed

  private func criu(_ words: [String]) throws {
    let installation = Installation(bundle: try #require(Machine.bundle))
    let common = [
      "--tcp-close", "--skip-file-rwx-check", "--file-locks", "--ghost-limit", "16M",
      "--manage-cgroups=ignore", "--network-lock", "skip", "-v2", "--log-file", "log",
      "--work-dir", bed.folder.path.string,
    ]
    let finished = try bed.spawn(installation.command + words + common)
      .run(deadline: .after(.seconds(60)))
    // Without one, what CRIU wrote elsewhere has to do.
    let log = (try? FileSystem.readText(bed.folder / "log")) ?? ""
    try #require(finished.isSuccess, "\(words[0]): \(log.suffix(2000))\(finished.errorText)")
  }

  /// All processes of the bed but its first, by the numbers that they have there.
  private func pids() throws -> [Int32] {
    try FileSystem.list(proc).compactMap { Int32($0) }.filter { $0 != 1 }.sorted()
  }

  private func state(of pid: Int32) throws -> Character {
    let text = try FileSystem.readText(proc / "\(pid)" / "stat")
    return try #require(text.split(separator: ")").last?.dropFirst().first)
  }

  private func arguments(of pid: Int32) throws -> [String] {
    try FileSystem.readText(proc / "\(pid)" / "cmdline").split(separator: "\0").map(String.init)
  }

  /// Ends all that runs in the bed.
  private func clear() throws {
    let isEmpty = eventually {
      let all = Processes.descendants(of: bed.first)
      // Ended meanwhile: as good.
      for pid in all { try? Processes.signal(pid, .kill) }
      return all.isEmpty
    }
    #expect(isEmpty)
  }
}
