import CRIU
import Linux
import TestBed
import Testing

/// Processes that a real CRIU restores under a watch of their system calls.
@Suite(
  .serialized, .timeLimit(.minutes(1)),
  .enabled(
    if: Bed.isReady && Machine.has("perl"),
    "needs root, CAP_SYS_ADMIN, perl and the CRIU bundle (make)"))
struct WatchTests {
  @Test(arguments: [false, true])
  func `a restored process and its children are watched from their first call on`(
    stopped: Bool
  ) async throws {
    try await Bed.withMountsAndFolder { folder in
      try Restless.dump(into: folder / "images", marker: folder / "ready")
      let watch = try SystemCallWatch()
      var client = Bed.client
      client.watch = watch
      var options = Bed.siblingOptions(folder / "images")
      options.leaveStopped = stopped
      let ofCRIU = Told()
      let restored = try client.restore(options, deadline: Bed.deadline) {
        ofCRIU.note($0)
        // What was called up to here was CRIU's doing.
        if case .preResume = $0 { #expect(!watch.take().isEmpty) }
        return .proceed
      }
      #expect(ofCRIU.all.contains { if case .preResume = $0 { true } else { false } })
      let child = try Child(adopting: restored.pid)
      if stopped {
        #expect(watch.take().allSatisfy { $0.process != restored.pid })
        try child.signal(.continue)
      }
      try child.signal(.user1)
      #expect(try child.wait(deadline: Bed.deadline) == .exited(42))
      #expect(try watch.waitForEnd(deadline: Bed.deadline))
      let seen = watch.take()
      let own = seen.filter { $0.process == restored.pid }.map(\.kind)
      #expect(own.filter { Restless.calls.contains($0) } == Restless.calls)
      let offspring = seen.filter { $0.process != restored.pid && $0.kind == Restless.ofChild }
      #expect(offspring.count == 1)
    }
  }

  @Test func `a restore that fails under a watch leaves nothing`() async throws {
    try await Bed.withMountsAndFolder { folder in
      try Restless.dump(into: folder / "images", marker: folder / "ready")
      let watch = try SystemCallWatch()
      var client = Bed.client
      client.watch = watch
      let error = #expect(throws: CRIUError.self) {
        _ = try client.restore(
          Bed.siblingOptions(folder / "images"), deadline: Bed.deadline
        ) {
          if case .postRestore = $0 { .abort("no more") } else { .proceed }
        }
      }
      #expect(error?.code == .aborted && error?.cause == "no more")
      #expect(try watch.waitForEnd(deadline: Bed.deadline))
    }
  }
}

/// A program of Perl that changes its memory when it gets a signal.
private enum Restless {
  #if arch(x86_64)
    private static let numbers = (mmap: 9, madvise: 28, mremap: 25, brk: 12)
  #else
    private static let numbers = (mmap: 222, madvise: 233, mremap: 216, brk: 214)
  #endif

  private static let place: UInt64 = 0x2_0000_0000

  /// What it calls, in this order.
  static let calls: [WatchedCall.Kind] = [
    .madvise(address: place, length: 4096, advice: 4),
    .mremap(address: place, length: 16_384, newLength: 8192, flags: 1, newAddress: 0),
    .brk(address: 4096),
  ]
  /// What its child calls.
  static let ofChild = WatchedCall.Kind.madvise(address: place, length: 8192, advice: 4)

  private static func program(_ marker: Path) -> String {
    """
    $SIG{USR1} = sub {
      syscall(\(numbers.madvise), \(place), 4096, 4) == 0 or exit 2;
      syscall(\(numbers.mremap), \(place), 16384, 8192, 1, 0) != -1 or exit 3;
      syscall(\(numbers.brk), 4096);
      my $child = fork;
      if (!$child) { exit(syscall(\(numbers.madvise), \(place), 8192, 4) == 0 ? 0 : 4) }
      waitpid($child, 0);
      exit($? == 0 ? 42 : 5);
    };
    syscall(\(numbers.mmap), \(place), 16384, 3, 0x100022, -1, 0) != -1 or exit 1;
    open(my $file, ">", "\(marker)");
    close($file);
    sleep 1000 while 1;
    """
  }

  /// Starts it and dumps it once it waits.
  static func dump(into images: Path, marker: Path) throws {
    var spawn = Spawn("perl", ["-e", program(marker)])
    spawn.newSession = true
    spawn.workingDirectory = .root
    let process = try spawn.start()
    let isReady = eventually {
      FileSystem.exists(marker) && ProcessEntry(pid: process.pid)?.state == "S"
    }
    #expect(isReady)
    try FileSystem.makeDirectory(images)
    try Bed.client.dump(Bed.options(images, pid: process.pid), deadline: Bed.deadline)
    _ = try process.wait(deadline: Bed.deadline)
  }
}
