import Glibc
import Linux
import TestBed
import Testing

/// Programs under watch.
@Suite(
  .timeLimit(.minutes(1)),
  .enabled(if: Machine.isRoot && Machine.has("perl"), "needs root and perl"))
struct SystemCallWatchTests {
  private let limit = Deadline.after(.seconds(30))

  /// Runs a program of Perl to its end, and tells what it called.
  private func calls(_ text: String) throws -> (calls: [WatchedCall], child: Int32) {
    let watch = try SystemCallWatch()
    var spawn = Spawn("perl", ["-e", text])
    spawn.watch = watch
    let child = try spawn.start()
    #expect(try child.wait(deadline: limit) == .exited(0))
    #expect(try watch.waitForEnd(deadline: limit))
    return (watch.take(), child.pid)
  }

  @Test func `every call is seen with its arguments, and made`() throws {
    let found = try calls(Sample.program)
    #expect(Sample.kinds(found.calls) == Sample.expected)
    #expect(found.calls.allSatisfy { $0.process == found.child && $0.thread == found.child })
    // The loader and malloc ask for memory, too.
    #expect(found.calls.contains { $0.kind == .brk(address: 0) })
  }

  @Test func `children are seen, by their own number`() throws {
    let text = "if (my $p = fork) { waitpid($p, 0); exit $? } else { \(Sample.program) }"
    let found = try calls(text)
    #expect(Sample.kinds(found.calls) == Sample.expected)
    let own = found.calls.filter { $0.kind == Sample.expected[0] }
    #expect(own.count == 1 && own[0].process != found.child && own[0].process > 0)
  }

  @Test(.enabled(if: Machine.has("python3"), "needs Python"))
  func `threads are seen, with their process`() throws {
    let watch = try SystemCallWatch()
    let text = """
      import ctypes, threading
      def work(): ctypes.CDLL(None).madvise(ctypes.c_void_p(0x7000), ctypes.c_size_t(8192), 4)
      thread = threading.Thread(target=work)
      thread.start()
      thread.join()
      """
    var spawn = Spawn("python3", ["-c", text])
    spawn.watch = watch
    let child = try spawn.start()
    #expect(try child.wait(deadline: limit) == .exited(0))
    let seen = watch.take().filter {
      $0.kind == .madvise(address: 0x7000, length: 8192, advice: 4)
    }
    #expect(seen.count == 1)
    // A shim of Python may have made it its child.
    #expect(seen.allSatisfy { $0.process > 0 && $0.thread != $0.process })
  }

  #if arch(x86_64)
    @Test func `calls of i386 and x32 are seen`() throws {
      try withTemporaryDirectory { folder in
        try FileSystem.writeFile(
          folder / "foreign", Sample.foreignProgram, mode: 0o755, durable: false)
        let watch = try SystemCallWatch()
        var spawn = Spawn(folder / "foreign")
        spawn.watch = watch
        let child = try spawn.start()
        #expect(try child.wait(deadline: limit) == .exited(7))
        #expect(
          watch.take().map(\.kind) == [
            .madvise(address: 0x1000, length: 0x2000, advice: 4),
            .mremap(address: 0x1000, length: 0x2000, newLength: 3, flags: 4, newAddress: 5),
            .brk(address: 0x1000),
            .madvise(address: 0x3000, length: 0x2000, advice: 8),
          ])
      }
    }
  #endif

  @Test func `one watch takes several programs, and waits for all`() throws {
    let watch = try SystemCallWatch()
    let pipe = try Pipe()
    var cat = Spawn("cat")
    cat.watch = watch
    cat.descriptors[0] = pipe.reader.rawValue
    let waiting = try cat.start()
    var perl = Spawn("perl", ["-e", Sample.program])
    perl.watch = watch
    #expect(try perl.run(deadline: limit).status == .exited(0))
    #expect(try watch.waitForEnd(deadline: .after(.milliseconds(1))) == false)
    let seen = watch.take()
    #expect(Sample.kinds(seen) == Sample.expected)
    #expect(seen.contains { $0.process == waiting.pid })
    #expect(watch.take().isEmpty)
    _ = try waiting.killTree()
    #expect(try watch.waitForEnd(deadline: limit))
  }

  @Test func `a program whose watch nobody holds goes on`() throws {
    let input = try Pipe()
    var spawn = Spawn("perl", ["-e", "readline; \(Sample.program)"])
    spawn.watch = try SystemCallWatch()
    spawn.descriptors[0] = input.reader.rawValue
    let child = try spawn.start()
    spawn.watch = nil
    try input.writer.writeAll([10])
    #expect(try child.wait(deadline: limit) == .exited(0))
  }

  @Test func `a program that cannot be started is told as ever`() throws {
    let watch = try SystemCallWatch()
    var spawn = Spawn("/nowhere/at-all")
    spawn.watch = watch
    let error = #expect(throws: SpawnError.self) { _ = try spawn.start() }
    #expect(error?.step == "execve" && error?.errno == .noEntry)
    #expect(try watch.waitForEnd(deadline: limit))
    #expect(watch.take().isEmpty)
  }

  @Test func `an ordinary user needs no new privileges`() async {
    await #expect(processExitsWith: .success) {
      #expect(setuid(65_534) == 0)
      var spawn = Spawn("perl", ["-e", Sample.program])
      let watch = try SystemCallWatch()
      spawn.watch = watch
      let error = #expect(throws: SpawnError.self) { _ = try spawn.start() }
      #expect(error?.errno == .access)
      #expect(error?.step == "install the filter that watches its system calls")
      spawn.noNewPrivileges = true
      #expect(try spawn.run(deadline: .after(.seconds(20))).status == .exited(0))
      #expect(Sample.kinds(watch.take()) == Sample.expected)
    }
  }

  @Test func `nothing of a watch stays open`() async {
    await #expect(processExitsWith: .success) {
      let before = openDescriptors()
      for _ in 0..<3 {
        let watch = try SystemCallWatch()
        var spawn = Spawn("true")
        spawn.watch = watch
        #expect(try spawn.run(deadline: .after(.seconds(20))).status == .exited(0))
        spawn.executable = "/nowhere"
        #expect(throws: SpawnError.self) { _ = try spawn.start() }
        #expect(try watch.waitForEnd(deadline: .after(.seconds(20))))
      }
      #expect(openDescriptors() == before)
    }
  }
}

/// A program that changes its memory, and what of it is to be seen.
private enum Sample {
  #if arch(x86_64)
    private static let numbers = (mmap: 9, madvise: 28, mremap: 25, brk: 12)
  #else
    private static let numbers = (mmap: 222, madvise: 233, mremap: 216, brk: 214)
  #endif

  private static let place: UInt64 = 0x2_0000_0000

  /// Maps four pages at a place of their own, discards one, cuts two off; ends with 0 if all calls
  /// did what they should.
  static let program = """
    syscall(\(numbers.mmap), \(place), 16384, 3, 0x100022, -1, 0) != -1 or exit 1; \
    syscall(\(numbers.madvise), \(place), 4096, 4) == 0 or exit 2; \
    syscall(\(numbers.mremap), \(place), 16384, 8192, 1, 0) != -1 or exit 3; \
    syscall(\(numbers.madvise), \(place) + 8192, 4096, 4) == -1 or exit 4; \
    syscall(440, -1, 0, 1, 21, 0) == -1 or exit 5; \
    syscall(\(numbers.brk), 4096); \
    exit 0;
    """

  static let expected: [WatchedCall.Kind] = [
    .madvise(address: place, length: 4096, advice: 4),
    .mremap(address: place, length: 16_384, newLength: 8192, flags: 1, newAddress: 0),
    .madvise(address: place + 8192, length: 4096, advice: 4),
    .processMadvise(pidfd: -1, vector: 0, count: 1, advice: 21),
    .brk(address: 4096),
  ]

  /// The kinds of the program's own calls, without the loader's and malloc's.
  static func kinds(_ calls: [WatchedCall]) -> [WatchedCall.Kind] {
    calls.map(\.kind).filter { expected.contains($0) }
  }

  #if arch(x86_64)
    /// An executable of one page that makes calls as programs of i386 and x32 do, and ends with 7.
    static let foreignProgram: [UInt8] = {
      func load(_ register: UInt8, _ value: UInt32) -> [UInt8] {
        [0xB8 + register] + withUnsafeBytes(of: value.littleEndian) { Array($0) }
      }
      func i386(_ number: UInt32, _ a: UInt32, _ b: UInt32, _ c: UInt32, _ d: UInt32, _ e: UInt32)
        -> [UInt8]
      {
        // eax; ebx, ecx, edx, esi, edi; int 0x80
        load(0, number) + load(3, a) + load(1, b) + load(2, c) + load(6, d) + load(7, e)
          + [0xCD, 0x80]
      }
      func native(_ number: UInt32, _ a: UInt32, _ b: UInt32, _ c: UInt32) -> [UInt8] {
        // eax; edi, esi, edx; syscall
        load(0, number) + load(7, a) + load(6, b) + load(2, c) + [0x0F, 0x05]
      }
      let code =
        i386(219, 0x1000, 0x2000, 4, 0, 0) + i386(163, 0x1000, 0x2000, 3, 4, 5)
        + i386(45, 0x1000, 0, 0, 0, 0) + native(0x4000_0000 | 28, 0x3000, 0x2000, 8)
        + native(231, 7, 0, 0)
      func words(_ values: UInt64...) -> [UInt8] {
        values.flatMap { value in withUnsafeBytes(of: value.littleEndian) { Array($0) } }
      }
      let base: UInt64 = 0x40_0000
      let size = UInt64(120 + code.count)
      // The header of an ELF file and that of its one segment.
      let magic: [UInt8] = [0x7F, 0x45, 0x4C, 0x46, 2, 1, 1, 0] + words(0)
      return magic
        + words(0x1_003E_0002, base + 120, 64, 0, 0x38_0040_0000_0000, 0x1)
        + words(0x5_0000_0001, 0, base, base, size, size, 0x1000) + code
    }()
  #endif
}
