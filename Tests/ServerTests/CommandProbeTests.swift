import Linux
import TestBed
import Testing

@testable import Server

@Suite(.timeLimit(.minutes(1)))
struct `Commands` {
  private func check(
    _ words: [String], within: Duration = .seconds(20), _ context: CommandContext = .init(),
    watch: Watch = Watch()
  ) -> ProbeResult {
    Probe.command(words).check(deadline: .after(within), commands: context, watch: watch)
  }

  @Test func `status 0 is ready, any other is told with the last line`() {
    #expect(check(["true"]) == .ready)
    #expect(check(["false"]) == .notYet(reason: "exit status 1"))
    #expect(
      check(["sh", "-c", "echo no; echo 'not \u{1B}[1myet' >&2; echo; exit 3"])
        == .notYet(reason: "exit status 3: not \\u{1b}[1myet"))
    #expect(check(["sh", "-c", "kill -9 $$"]) == .notYet(reason: "killed by SIGKILL"))
  }

  @Test func `a program that is not there is final`() {
    #expect(
      check(["no-such-program"])
        == .failed(
          reason: "cannot start no-such-program: find the program in PATH: "
            + "No such file or directory (ENOENT)"))
    #expect(
      check(["/"]) == .failed(reason: "cannot start /: execve: Permission denied (EACCES)"))
  }

  @Test func `a program that writes without end is killed at the deadline`() {
    #expect(check(["yes"], within: .milliseconds(200)) == .notYet(reason: "no answer in time"))
  }

  @Test func `a program that hangs is killed with all that it started`() throws {
    try withTemporaryDirectory { folder in
      let script = "sleep 1000 & echo $! > \(folder)/pid; mv \(folder)/pid \(folder)/there; wait"
      let start = Clock.monotonic()
      #expect(
        check(["sh", "-c", script], within: .milliseconds(500))
          == .notYet(reason: "no answer in time"))
      #expect(Clock.monotonic() - start < .seconds(10))
      let pid = try #require(Int32(try FileSystem.readText(folder / "there").dropLast()))
      // The signal was sent, the end may take the kernel a moment.
      #expect(eventually { !Processes.isAlive(pid) })
    }
  }

  @Test func `what a program leaves behind in its session is killed`() throws {
    try withTemporaryDirectory { folder in
      let script = "sleep 1000 & echo $! > \(folder)/pid; echo done"
      #expect(check(["sh", "-c", script]) == .ready)
      let pid = try #require(Int32(try FileSystem.readText(folder / "pid").dropLast()))
      // The signal was sent, the end may take the kernel a moment.
      #expect(eventually { !Processes.isAlive(pid) })
    }
  }

  @Test func `the server's number is in words and environment`() {
    let context = CommandContext(
      serverPID: 4711, environment: ["PATH": "/usr/bin:/bin", "A": "b"], workingDirectory: "/usr")
    #expect(
      check(
        [
          "sh", "-c",
          #"test "$1" = 4711 && test "$2" = "4711x4711" && test "$THAW_SERVER_PID" = 4711 && test "$A" = b && test "$PWD" = /usr && test -z "$HOME""#,
          "sh", "$THAW_SERVER_PID", "${THAW_SERVER_PID}x$THAW_SERVER_PID",
        ], context) == .ready)
  }

  @Test(arguments: [
    ("$THAW_SERVER_PID", "7"), ("a${THAW_SERVER_PID}b", "a7b"), ("$THAW_SERVER_PID/x", "7/x"),
    ("$THAW_SERVER_PID_2", "$THAW_SERVER_PID_2"), ("$THAW_SERVER_PIDS", "$THAW_SERVER_PIDS"),
    ("$$THAW_SERVER_PID", "$7"), ("${THAW_SERVER_PID", "${THAW_SERVER_PID"), ("$HOME $", "$HOME $"),
  ])
  func `only the server's number is put into words`(word: String, expanded: String) {
    #expect(CommandContext(serverPID: 7).expanded(word) == expanded)
    #expect(CommandContext().expanded(word) == word)
  }

  @Test func `the last word on a command is its caller's`() {
    let context = CommandContext(prepare: { $0.environment["LAST"] = "word" })
    #expect(check(["sh", "-c", "test \"$LAST\" = word"], context) == .ready)
  }

  @Test func `a cancellation ends a command at once`() throws {
    let cancel = try EventDescriptor()
    try cancel.signal()
    let start = Clock.monotonic()
    #expect(
      check(["sleep", "1000"], watch: Watch(cancel: cancel.rawValue))
        == .notYet(reason: "given up"))
    #expect(Clock.monotonic() - start < .seconds(10))
  }

  @Test func `a command that PID 1 reaps first is asked for there`() async {
    // In a process of its own, since it reaps every child.
    await #expect(processExitsWith: .success) {
      let reaped = Reaped()
      let thread = try NamedThread("reaper") { reaped.loop() }
      let context = CommandContext(reaped: { reaped.status(of: $0) })
      for number in 0..<100 {
        let code = number % 2
        let result = Probe.command(["sh", "-c", "exit \(code)"]).check(
          deadline: .after(.seconds(20)), commands: context)
        #expect(result == (code == 0 ? .ready : .notYet(reason: "exit status 1")))
      }
      reaped.stop()
      thread.join()
    }
  }
}
