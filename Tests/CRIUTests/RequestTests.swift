import CRIU
import Linux
import TestBed
import Testing

/// The rarer requests and options, with a real CRIU.
@Suite(
  .serialized, .timeLimit(.minutes(1)),
  .enabled(if: Bed.isReady, "needs root, CAP_SYS_ADMIN and the CRIU bundle (make)"))
struct RequestTests {
  @Test func `log and statistics go to the work folder, images to their own`() async throws {
    try await Bed.withMountsAndFolder { folder in
      for name in ["images", "work"] { try FileSystem.makeDirectory(folder / name) }
      let sleeper = try Bed.startSleeper()
      var options = Bed.options(folder / "images", pid: sleeper.pid)
      options.work = folder / "work"
      options.logLevel = 4
      options.configuration = ["log-pid"]
      try Bed.client.dump(options, deadline: Bed.deadline)
      _ = try sleeper.wait(deadline: Bed.deadline)
      #expect(!FileSystem.exists(folder / "images/dump.log"))
      #expect(try ImageDirectory(folder / "work").dumpStatistics().frozen > .zero)
      #expect(try FileSystem.readText(folder / "work/dump.log").contains("Dumping finished"))
      let back = try Bed.restore(folder / "images") {
        $0.work = folder / "work"
        $0.logFile = "other.log"
        $0.logLevel = 4
      }
      #expect(try FileSystem.readText(folder / "work/other.log").contains("Restore finished"))
      #expect(try back.killTree() == .signalled(.kill))
    }
  }

  @Test func `a process may be left standing still`() async throws {
    try await Bed.withMountsAndFolder { folder in
      _ = try Bed.dumpSleeper(into: folder / "images")
      let back = try Bed.restore(folder / "images") { $0.leaveStopped = true }
      #expect(eventually { ProcessEntry(pid: back.pid)?.state == "T" })
      try back.signal(.continue)
      #expect(eventually { ProcessEntry(pid: back.pid)?.state == "S" })
      #expect(try back.killTree() == .signalled(.kill))
    }
  }

  @Test func `new pipes take the place of those that lay outside`() async throws {
    try await Bed.withMountsAndFolder { folder in
      let input = try Pipe()
      let output = try Pipe()
      var spawn = Spawn("cat")
      spawn.newSession = true
      spawn.workingDirectory = .root
      spawn.descriptors = [0: input.reader.rawValue, 1: output.writer.rawValue]
      let cat = try spawn.start()
      let names = Processes.openDescriptors(of: cat.pid)
      try FileSystem.makeDirectory(folder / "images")
      try Bed.client.dump(Bed.options(folder / "images", pid: cat.pid), deadline: Bed.deadline)
      _ = try cat.wait(deadline: Bed.deadline)

      let newInput = try Pipe()
      let newOutput = try Pipe()
      let (reader, writer) = (newInput.reader.rawValue, newOutput.writer.rawValue)
      let back = try Bed.restore(folder / "images") {
        $0.inherited = [
          .init(key: names[0] ?? "", descriptor: reader),
          .init(key: names[1] ?? "", descriptor: writer),
        ]
      }
      try newInput.writer.writeAll(Array("through\n".utf8))
      try #require(try newOutput.reader.poll(for: .readable, deadline: Bed.deadline))
      #expect(try newOutput.reader.read(upTo: 100) == Array("through\n".utf8))
      #expect(try back.killTree() == .signalled(.kill))
      withExtendedLifetime((input.reader.rawValue, output.writer.rawValue)) {}
    }
  }

  @Test func `CRIU runs as another user with one capability`() async throws {
    try await Bed.withMountsAndFolder { folder in
      var spawn = Spawn("sleep", ["1000"])
      spawn.newSession = true
      spawn.workingDirectory = .root
      (spawn.user, spawn.group) = (1000, 1000)
      spawn.ambientCapabilities = []
      spawn.boundingCapabilities = []
      spawn.noNewPrivileges = true
      let sleeper = try spawn.start()
      let images = folder / "images"
      try FileSystem.makeDirectory(images)
      try FileSystem.changeOwner(images, user: 1000, group: 1000)
      var client = Bed.client
      client.credentials = Credentials(
        user: 1000, group: 1000, ambientCapabilities: [.checkpointRestore])
      var options = Bed.options(images, pid: sleeper.pid)
      options.unprivileged = true
      try client.dump(options, deadline: Bed.deadline)
      _ = try sleeper.wait(deadline: Bed.deadline)
      let core = try ImageDirectory(images).core(sleeper.pid)
      #expect(core.credentials?.user == 1000 && core.credentials?.noNewPrivileges == true)
      #expect(core.credentials?.bounding == [])
      #expect(try FileSystem.status(images / "inventory.img").owner == 1000)

      options.pid = nil
      options.restoresAsSibling = true
      let back = try Child(adopting: try client.restore(options, deadline: Bed.deadline).pid)
      #expect(back.pid == sleeper.pid)
      #expect(try back.killTree() == .signalled(.kill))
    }
  }

  @Test func `a missing capability is told with its name`() async throws {
    let error = try await Bed.withMountsAndFolder { folder in
      let images = folder / "images"
      _ = try Bed.dumpSleeper(into: images)
      var client = Bed.client
      client.credentials = Credentials(user: 1000, group: 1000)
      try FileSystem.makeDirectory(folder / "work")
      try FileSystem.changeOwner(folder / "work", user: 1000, group: 1000)
      var options = Bed.siblingOptions(images)
      options.work = folder / "work"
      options.unprivileged = true
      return #expect(throws: CRIUError.self) {
        try client.restore(options, deadline: Bed.deadline)
      }
    }
    #expect(error?.code == .refused, "\(error.map { "\($0)" } ?? "")")
    #expect(error?.fix.contains("CAP_CHECKPOINT_RESTORE") == true)
  }

  @Test func `the processor's features are written and compared`() async throws {
    try await Bed.withMountsAndFolder { folder in
      var options = Options(images: folder)
      options.cpuCapabilities = [.cpu]
      try Bed.client.dumpCPUInfo(options, deadline: Bed.deadline)
      let image = try ImageDirectory(folder).image(.cpuinfo)
      #expect(image.entries.count == 1)
      try Bed.client.checkCPUInfo(options, deadline: Bed.deadline)
    }
  }

  @Test
  func `memory is dumped ahead where the kernel notes changes, and refused elsewhere`() async throws
  {
    try await Bed.withMountsAndFolder { folder in
      let sleeper = try Bed.startSleeper()
      for name in ["first", "last"] { try FileSystem.makeDirectory(folder / name) }
      var options = Bed.options(folder / "first", pid: sleeper.pid)
      options.trackMemory = true
      if try Bed.client.features(deadline: Bed.deadline).memoryTracking {
        try Bed.client.preDump(options, deadline: Bed.deadline)
        var last = options
        last.images = folder / "last"
        last.parentImages = "../first"
        try Bed.client.dump(last, deadline: Bed.deadline)
        #expect(try ImageDirectory(folder / "last").parent() != nil)
      } else {
        let error = #expect(throws: CRIUError.self) {
          try Bed.client.preDump(options, deadline: Bed.deadline)
        }
        #expect(error?.cause?.contains("racking") == true, "\(error.map { "\($0)" } ?? "")")
      }
      _ = try sleeper.killTree()
    }
  }

  @Test func `one session answers question after question`() async throws {
    try await Bed.withMountsAndFolder { folder in
      var session = try Bed.client.open()
      let version = try session.version(deadline: Bed.deadline)
      let again = try session.version(deadline: Bed.deadline)
      #expect(version >= .required && version == again)
      #expect(try session.features(deadline: Bed.deadline).pidfdStore)
      session.close(deadline: Bed.deadline)
    }
  }

  @Test func `a page server is CRIU's child in a session, and is waited for`() async throws {
    try await Bed.withMountsAndFolder { folder in
      try FileSystem.makeDirectory(folder / "images")
      var options = Options(images: folder / "images")
      options.pageServer = .init(address: "127.0.0.1", port: 0)
      var session = try Bed.client.open()
      let server = try session.startPageServer(options, deadline: Bed.deadline)
      let port = try #require(server.port)
      #expect(server.pid > 0 && Processes.isAlive(server.pid))
      let address = try #require(SocketAddress("127.0.0.1:\(port)"))
      // Who connects and says nothing ends it.
      _ = try Descriptor.connect(to: address, deadline: Bed.deadline)
      _ = try session.wait(for: server, deadline: Bed.deadline)
      #expect(!Processes.isAlive(server.pid))
      session.close(deadline: Bed.deadline)
    }
  }

  @Test func `a session that goes out of scope ends its CRIU`() async throws {
    await #expect(processExitsWith: .success) {
      try await Bed.withMounts {
        do {
          var session = try Bed.client.open()
          _ = try session.version(deadline: Bed.deadline)
          guard Processes.children(of: Host.processID).count == 1 else { throw Errno.noChild }
        }
        guard Processes.children(of: Host.processID).isEmpty else { throw Errno.busy }
      }
    }
  }

  @Test func `options that CRIU does not take are told`() async throws {
    let error = try await Bed.withMountsAndFolder { folder in
      var options = Bed.options(folder, pid: 1)
      options.logFile = "folder/x.log"
      return #expect(throws: CRIUError.self) {
        try Bed.client.dump(options, deadline: Bed.deadline)
      }
    }
    #expect(error?.code == .badOptions && error?.number == 56)
    #expect(error?.cause?.isEmpty == false)
  }

  @Test func `a hundred requests leave no descriptor open and no process`() async throws {
    await #expect(processExitsWith: .success) {
      try await Bed.withMounts {
        _ = try Bed.client.version(deadline: Bed.deadline)
        let before = openDescriptors()
        for _ in 0..<100 { _ = try Bed.client.version(deadline: Bed.deadline) }
        guard openDescriptors() == before else { throw Errno.tooManyOpen }
        guard Processes.children(of: Host.processID).isEmpty else { throw Errno.busy }
      }
    }
  }
}
