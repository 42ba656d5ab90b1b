import Linux
import Synchronization
import TestBed
import Testing

@Suite(.timeLimit(.minutes(1))) struct ProcessTests {
  @Test func `a wait ends at its deadline, and later with the status`() throws {
    let child = try Spawn("sleep", ["30"]).start()
    #expect(try child.wait(deadline: .after(.milliseconds(20))) == nil)
    #expect(try child.poll() == nil)
    try child.signal(.terminate)
    #expect(try child.wait(deadline: .after(.seconds(10))) == .signalled(.terminate))
    #expect(try child.wait(deadline: .after(.zero)) == .signalled(.terminate))
    #expect(throws: Errno.noSuchProcess) { try child.signal(.terminate) }
  }

  @Test(arguments: Machine.isRoot ? [nil, 12_345 as UInt32] : [nil])
  func `a child is killed when the thread that started it ends`(user: UInt32?) throws {
    let started = Started()
    try NamedThread("parent") {
      var spawn = Spawn("sleep", ["60"])
      spawn.parentDeathSignal = .kill
      spawn.user = user
      // A failure shows as number 0.
      started.pid.withLock { $0 = (try? spawn.start().detach()) ?? 0 }
    }.join()
    let child = try Child(adopting: started.pid.withLock { $0 })
    #expect(try child.wait(deadline: .after(.seconds(10))) == .signalled(.kill))
  }

  @Test func `a status that another reaped can be noted`() async {
    await #expect(processExitsWith: .success) {
      let child = try Spawn("sh", ["-c", "exit 5"]).start()
      #expect(
        try Descriptor.poll(child.pidfd, for: .readable, deadline: .after(.seconds(10))) != [])
      let reaped = Processes.reap()
      #expect(reaped.map(\.pid) == [child.pid])
      #expect(throws: Errno.noChild) { _ = try child.poll() }
      child.noteReaped(reaped[0].status)
      #expect(try child.poll() == .exited(5))
    }
  }

  @Test func `the deadline kills a whole tree of shells`() throws {
    try withTemporaryDirectory { folder in
      // Three generations, one of them with its parent gone, one in a session of its own.
      let script = """
        echo $$ >> pids
        sh -c 'echo $$ >> pids; sh -c "echo \\$\\$ >> pids; sleep 60" & sleep 60' &
        (sh -c 'echo $$ >> pids; sleep 60' &)
        setsid sh -c 'echo $$ >> pids; sleep 60' &
        wait
        """
      var spawn = Spawn("sh", ["-c", script])
      spawn.workingDirectory = folder
      spawn.processGroup = true
      let pids = folder / "pids"
      let child = try spawn.start()
      let isComplete = try eventually {
        guard FileSystem.exists(pids) else { return false }
        return try FileSystem.readText(pids).split(separator: "\n").count == 5
      }
      #expect(isComplete)
      let all = try FileSystem.readText(pids).split(separator: "\n").compactMap { Int32($0) }
      #expect(all.allSatisfy(Processes.isAlive))
      #expect(try child.killTree() == .signalled(.kill))
      #expect(eventually { !all.contains(where: Processes.isAlive) })
      // Nobody is left in the group: the sleeps are gone as well.
      #expect(eventually { !Processes.table().contains { $0.group == child.pid && !$0.hasEnded } })
    }
  }

  @Test(.enabled(if: Machine.has("perl"), "needs perl"))
  func `a child that was just being forked is killed, too`() throws {
    // The children keep the lock of the first, whatever becomes of their session and parent; with
    // much memory, it forks most of the time.
    let script = """
      use POSIX; open(my $f, '>', $ARGV[0]); flock($f, 2); my $memory = "x" x 6e8;
      while (1) { if (!fork) { POSIX::setsid(); sleep 60; exit } }
      """
    try withTemporaryDirectory { folder in
      for round in 0..<5 {
        let path = folder / "\(round)"
        let child = try Spawn("perl", ["-e", script, path.string]).start()
        #expect(eventually { !Processes.children(of: child.pid).isEmpty })
        #expect(try child.killTree() == .signalled(.kill))
        let lock = try FileLock.lock(path, deadline: .after(.seconds(10)))
        let isFree = lock != nil
        #expect(isFree, "round \(round)")
        if !isFree { break }
      }
    }
  }

  @Test func `a run that takes too long is killed and says so`() throws {
    let before = Clock.monotonic()
    let result = try Spawn("sh", ["-c", "echo begun; sleep 60 | cat"])
      .run(deadline: .after(.milliseconds(200)))
    #expect(result.timedOut && !result.isSuccess)
    #expect(result.status == .signalled(.kill))
    #expect(result.text == "begun\n")
    #expect(Clock.monotonic() - before < .seconds(20))
  }

  @Test func `a tree that keeps forking is killed`() throws {
    let spawn = Spawn("sh", ["-c", "while :; do sh -c 'sleep 0.01' & done"])
    let child = try spawn.start()
    #expect(eventually { Processes.children(of: child.pid).count > 2 })
    #expect(try child.killTree() == .signalled(.kill))
    #expect(!Processes.isAlive(child.pid))
  }

  @Test func `children, threads and memory are told`() throws {
    let child = try Spawn("sh", ["-c", "sleep 30 & wait"]).start()
    defer {
      // The test is over either way.
      _ = try? child.killTree()
    }
    #expect(
      eventually {
        Processes.arguments(of: Processes.children(of: child.pid).first ?? 0) == ["sleep", "30"]
      })
    #expect(Processes.descendants(of: child.pid) == Processes.children(of: child.pid))
    #expect(Processes.threads(of: child.pid) == [child.pid])
    let memory = try Processes.memory(of: child.pid)
    #expect(memory.resident > .zero && memory.proportional > .zero)
    #expect(memory.resident >= memory.proportional)
    #expect(try Processes.memory(ofTree: child.pid).resident > memory.resident)
    #expect(throws: Errno.noEntry) { _ = try Processes.memory(of: 999_999_999) }
  }

  @Test func `this process sees its own arguments`() {
    #expect(!CommandLineArguments.all.isEmpty)
    #expect(CommandLineArguments.all == Processes.arguments(of: Host.processID))
  }

  @Test(arguments: [
    "42 (a) b) (c) S 1 42 42 0 -1 4194304 1 2 3 4 5 6 7 8 20 0 1 0 12345 1 1",
    "42 (x\ny) S 1 42 42 0 -1 4194304 1 2 3 4 5 6 7 8 20 0 1 0 12345 1 1",
  ])
  func `a name may hold brackets and blanks`(line: String) throws {
    let entry = try #require(ProcessEntry(parsing: line))
    #expect(entry.pid == 42 && entry.state == "S" && entry.parent == 1)
    #expect(entry.startTicks == 12_345)
  }

  @Test(arguments: ["", "42", "42 (sh", ")(", "42 (sh) S 1", "x (sh) S 1 2 3"])
  func `half a line of the process table is none`(line: String) {
    #expect(ProcessEntry(parsing: line) == nil)
  }

  @Test func `orphans come to a subreaper`() async {
    await #expect(processExitsWith: .success) {
      try Processes.becomeSubreaper()
      let child = try Spawn("sh", ["-c", "(sh -c 'exit 9' &)"]).start()
      _ = try child.wait(deadline: .after(.seconds(10)))
      let orphan = eventually { Processes.reap().first }
      #expect(orphan?.status == .exited(9))
    }
  }
}

/// What another thread started.
private final class Started: Sendable {
  let pid = Mutex<Int32>(0)
}
