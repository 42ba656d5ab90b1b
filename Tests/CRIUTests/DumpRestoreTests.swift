import CRIU
import Linux
import TestBed
import Testing

/// Dumps and restores of small processes by a real CRIU.
@Suite(
  .serialized, .timeLimit(.minutes(1)),
  .enabled(if: Bed.isReady, "needs root, CAP_SYS_ADMIN and the CRIU bundle (make)"))
struct DumpRestoreTests {
  @Test func `CRIU tells its version`() async throws {
    let version = try await Bed.withMounts { try Bed.client.requireVersion(deadline: Bed.deadline) }
    #expect(version >= .required)
  }

  @Test func `a version that is not there yet is too old`() async throws {
    let error = try await Bed.withMounts {
      #expect(throws: CRIUError.self) {
        try Bed.client.requireVersion(Version(99, 0), deadline: Bed.deadline)
      }
    }
    guard case .tooOld(let found)? = error?.code else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(found >= .required)
    #expect(error?.cause?.contains("and 99.0 is needed") == true)
  }

  @Test func `CRIU tells its features, and checks the kernel`() async throws {
    let features = try await Bed.withMounts {
      try Bed.client.check(deadline: Bed.deadline)
      return try Bed.client.features(deadline: Bed.deadline)
    }
    #expect(features.pidfdStore)
  }

  @Test func `a process is dumped and restored as our child`() async throws {
    try await Bed.withMountsAndFolder { folder in
      let sleeper = try Bed.startSleeper()
      let told = Told()
      let result = try Bed.client.dump(
        Bed.options(folder, pid: sleeper.pid), deadline: Bed.deadline
      ) {
        told.note($0)
        return .proceed
      }
      #expect(!result.restored)
      #expect(try sleeper.wait(deadline: Bed.deadline) == .signalled(.kill))
      #expect(told.all == [.preDump, .queryExternalFiles, .postDump])

      let back = Told()
      var options = Bed.options(folder)
      options.restoresAsSibling = true
      let restored = try Bed.client.restore(options, deadline: Bed.deadline) {
        back.note($0)
        return .proceed
      }
      #expect(restored.pid == sleeper.pid)
      #expect(back.all.first == .preRestore)
      #expect(back.all.contains(.postRestore(pid: sleeper.pid)))
      #expect(Array(back.all.suffix(2).map(\.isResume)) == [true, true])
      let child = try Child(adopting: restored.pid)
      #expect(Processes.children(of: Host.processID).contains(restored.pid))
      #expect(Processes.arguments(of: restored.pid).last == "1000")
      try child.signal(.terminate)
      #expect(try child.wait(deadline: Bed.deadline) == .signalled(.terminate))
    }
  }

  @Test func `views and statistics tell what was dumped`() async throws {
    try await Bed.withMountsAndFolder { folder in
      let pid = try Bed.dumpSleeper(into: folder / "images")
      let images = try ImageDirectory(folder / "images")
      let root = try #require(try images.processes().first)
      #expect(root.pid == pid && root.parent == 0 && root.session == pid && root.threads == [pid])
      let core = try images.core(pid)
      #expect(core.name == "sleep" && core.state == .alive && core.seccompMode == 0)
      #expect(core.credentials?.user == 0 && core.credentials?.noNewPrivileges == false)
      #expect(core.credentials?.permitted.contains(.kill) == true)
      #expect(try images.inventory().formatVersion == 2)
      #expect(try images.dumpStatistics().pagesWritten > 0)
      let files = try images.files()
      let memory = try images.memory(of: pid)
      let program = try #require(files.first { $0.id == memory.executable }?.regular)
      #expect(program.path.hasSuffix("/sleep") || program.path.hasSuffix("/coreutils"))
      #expect(memory.mapping(at: memory.stackStart)?.protection == [.read, .write])
      let objects = try images.objects(of: pid)
      let descriptors = try images.descriptors(objects.descriptors)
      #expect(descriptors.map(\.descriptor) == [0, 1, 2])
      #expect(try images.folders(of: pid).mask != nil)
      let arguments = try images.readMemory(
        pid: pid, address: memory.arguments.lowerBound, length: memory.arguments.count)
      #expect(String(decoding: arguments, as: UTF8.self).hasSuffix("sleep\u{0}1000\u{0}"))
    }
  }

  @Test func `a process that goes on keeps its pid, so a restore tells that it is taken`()
    async throws
  {
    try await Bed.withMountsAndFolder { folder in
      let sleeper = try Bed.startSleeper()
      var options = Bed.options(folder, pid: sleeper.pid)
      options.leaveRunning = true
      try Bed.client.dump(options, deadline: Bed.deadline)
      #expect(try sleeper.poll() == nil)
      let error = #expect(throws: CRIUError.self) { _ = try Bed.restore(folder) }
      #expect(error?.code == .pidTaken)
      #expect(error?.subject == "restore from \(folder)")
      #expect(error?.log.isEmpty == false)
      #expect(try sleeper.killTree() == .signalled(.kill))
    }
  }

  @Test func `a process that is not there is told`() async throws {
    let error = try await Bed.withMountsAndFolder { folder in
      let gone = try Bed.startSleeper()
      _ = try gone.killTree()
      return #expect(throws: CRIUError.self) {
        try Bed.client.dump(Bed.options(folder, pid: gone.pid), deadline: Bed.deadline)
      }
    }
    #expect(error?.code == .noSuchProcess)
    #expect(error?.number == 3)
  }

  @Test(arguments: [Notification.preDump, .postDump])
  func `a dump that is given up leaves the process running`(moment: Notification) async throws {
    try await Bed.withMountsAndFolder { folder in
      let sleeper = try Bed.startSleeper()
      let error = #expect(throws: CRIUError.self) {
        try Bed.client.dump(Bed.options(folder, pid: sleeper.pid), deadline: Bed.deadline) {
          $0 == moment ? .abort("the volume is gone") : .proceed
        }
      }
      #expect(error?.code == .aborted && error?.cause == "the volume is gone")
      let isBack = eventually { ProcessEntry(pid: sleeper.pid)?.state == "S" }
      #expect(isBack)
      #expect(try sleeper.killTree() == .signalled(.kill))
    }
  }

  @Test(arguments: [Notification.preDump, .queryExternalFiles, .postDump], [true, false])
  func `a dump that is cancelled, or too slow, leaves the process running`(
    moment: Notification, isCancelled: Bool
  ) async throws {
    try await Bed.withMountsAndFolder { folder in
      _ = try Bed.client.features(deadline: Bed.deadline)
      let sleeper = try Bed.startSleeper()
      let cancel = try EventDescriptor()
      let raw = cancel.rawValue
      let deadline = isCancelled ? Bed.deadline : .after(.seconds(2))
      let error = #expect(throws: CRIUError.self) {
        try Bed.client.dump(
          Bed.options(folder, pid: sleeper.pid), deadline: deadline, cancel: raw
        ) {
          guard $0 == moment else { return .proceed }
          if isCancelled {
            // Nobody else sets it off at this very moment.
            try? BorrowedDescriptor(raw).writeAll([1, 0, 0, 0, 0, 0, 0, 0])
          } else {
            deadline.pass()
          }
          return .proceed
        }
      }
      #expect(error?.code == (isCancelled ? .cancelled : .timedOut))
      #expect(eventually { ProcessEntry(pid: sleeper.pid)?.state == "S" })
      #expect(try sleeper.killTree() == .signalled(.kill))
      withExtendedLifetime(cancel) {}
    }
  }

  @Test(arguments: ["preRestore", "postRestore", "preResume", "postResume"])
  func `a restore that is given up leaves nothing`(moment: String) async throws {
    try await Bed.withMountsAndFolder { folder in
      let pid = try Bed.dumpSleeper(into: folder / "images")
      let error = #expect(throws: CRIUError.self) {
        _ = try Bed.client.restore(
          Bed.siblingOptions(folder / "images"), deadline: Bed.deadline
        ) { "\($0)".hasPrefix(moment) ? .abort("no more") : .proceed }
      }
      #expect(error?.code == .aborted && error?.cause == "no more")
      #expect(ProcessEntry(pid: pid) == nil)
    }
  }

  @Test(arguments: ["preRestore", "postRestore", "preResume"])
  func `a restore that is cancelled leaves nothing`(moment: String) async throws {
    try await Bed.withMountsAndFolder { folder in
      let pid = try Bed.dumpSleeper(into: folder / "images")
      let cancel = try EventDescriptor()
      let raw = cancel.rawValue
      let error = #expect(throws: CRIUError.self) {
        _ = try Bed.client.restore(
          Bed.siblingOptions(folder / "images"), deadline: Bed.deadline, cancel: raw
        ) {
          // Nobody else sets it off at this very moment.
          if "\($0)".hasPrefix(moment) {
            try? BorrowedDescriptor(raw).writeAll([1, 0, 0, 0, 0, 0, 0, 0])
          }
          return .proceed
        }
      }
      #expect(error?.code == .cancelled)
      #expect(ProcessEntry(pid: pid) == nil)
      withExtendedLifetime(cancel) {}
    }
  }
}

extension Bed {
  /// Options for a restore as our child.
  static func siblingOptions(_ images: Path) -> Options {
    var options = options(images)
    options.restoresAsSibling = true
    return options
  }
}

extension Notification {
  fileprivate var isResume: Bool {
    switch self {
    case .preResume, .postResume: true
    default: false
    }
  }
}
