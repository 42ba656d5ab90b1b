import Linux
import TestBed
import Testing

@testable import Images

@Suite(.enabled(if: Needs.containers, "\(Needs.containersText)"), .timeLimit(.minutes(1)))
struct RuncTests {
  @Test func `a container runs, writes into its upper layer alone and ends with its status`() async
  {
    await #expect(processExitsWith: .success) {
      let box = try Box()
      let (status, text) = try box.run("echo $HOME; hostname; echo data > /new; exit 7") {
        $0.hostName = "box"
        $0.environment["HOME"] = "/home"
      }
      #expect(status == .exited(7))
      #expect(text == "/home\nbox\n")
      #expect(try FileSystem.readText(box.folder / "upper/new") == "data\n")
      #expect(!FileSystem.exists(box.rootfs / "new"))
    }
  }

  @Test func `nothing of it is left, and its mounts were never seen from outside`() async {
    await #expect(processExitsWith: .success) {
      let box = try Box()
      let pipe = try Pipe()
      let child = try box.runc.start(
        box.spec("echo here; read x <&4"), in: box.bundle,
        streams: .init(output: pipe.writer.rawValue, leash: pipe.reader.rawValue),
        deadline: .after(.seconds(20)))
      #expect(try Leftovers.mounts(below: box.folder.path) == [])
      #expect(!Leftovers.groups(box.id).isEmpty)
      #expect(try child.wait(deadline: .after(.seconds(20))) == .exited(0))
      try box.runc.delete(box.id)
      #expect(box.runc.ids() == [])
      #expect(try Leftovers.mounts(below: box.folder.path) == [])
      #expect(Leftovers.groups(box.id) == [])
    }
  }

  @Test func `upper layers lie over lower ones, and a container can go on where it ended`() async {
    await #expect(processExitsWith: .success) {
      let box = try Box()
      try FileSystem.makeDirectory(box.folder / "top/etc", parents: true)
      try FileSystem.writeFile(box.folder / "top/etc/motd", Array("top\n".utf8))
      let first = try box.run("cat /etc/motd; rm /etc/motd; echo 1 > /count") {
        $0.layers.insert(box.folder / "top", at: 0)
      }
      #expect(first.text == "top\n")
      let second = try box.run("ls /etc; cat /count") {
        $0.layers.insert(box.folder / "top", at: 0)
      }
      #expect(second.text == "passwd\n1\n")
    }
  }

  @Test func `another user keeps the one capability that it was given, in all sets`() async {
    await #expect(processExitsWith: .success) {
      let box = try Box()
      let (status, text) = try box.run("cat /proc/1/status; id -G") {
        $0.identity = .init(user: 20_000, group: 20_001, supplementaryGroups: [20_002])
        $0.capabilities = [.checkpointRestore]
        $0.noNewPrivileges = true
      }
      #expect(status == .exited(0))
      let lines = text.split(separator: "\n").map { $0.split(whereSeparator: \.isWhitespace) }
      let fields = Dictionary(
        lines.filter { $0.count > 1 }.map { ($0[0], $0.dropFirst().map(String.init)) },
        uniquingKeysWith: { first, _ in first })
      for set in ["CapInh:", "CapPrm:", "CapEff:", "CapBnd:", "CapAmb:"] {
        #expect(fields[Substring(set)] == ["0000010000000000"], "\(set)")
      }
      #expect(fields["Uid:"] == ["20000", "20000", "20000", "20000"])
      #expect(fields["Gid:"] == ["20001", "20001", "20001", "20001"])
      #expect(fields["NoNewPrivs:"] == ["1"])
      #expect(text.hasSuffix("20001 20002\n"))
    }
  }

  @Test func `its clocks are moved by what was told, back as well`() async {
    await #expect(processExitsWith: .success) {
      let box = try Box()
      let hours = try box.run("cat /proc/uptime") {
        $0.clock = .init(monotonic: .seconds(-3), bootTime: .seconds(7200) - .milliseconds(1))
      }
      let shown = try #require(Double(hours.text.split(separator: " ").first ?? ""))
      let own = Double(Clock.bootTime().nanoseconds) / 1e9
      #expect(abs(shown - own - 7200) < 5)
      let back = try box.run("cat /proc/uptime; cat /proc/1/timens_offsets") {
        $0.clock = .init(monotonic: .milliseconds(-1500), bootTime: .milliseconds(-1500))
      }
      #expect(back.text.contains("-2 "), "rounded down: -2 s and 500,000,000 ns: \(back.text)")
      #expect(back.text.contains("500000000"))
    }
  }

  @Test func `a clock cannot be moved back before the machine's start, and runc's reason is told`()
    async
  {
    await #expect(processExitsWith: .success) {
      let box = try Box()
      let error = #expect(throws: EngineError.self) {
        try box.run("true") {
          $0.clock = .init(monotonic: .seconds(-1_000_000_000), bootTime: .seconds(-1_000_000_000))
        }
      }
      #expect(error?.code == .containerFailed)
      #expect(error?.cause.contains("timens_offsets") == true, "\(error?.description ?? "")")
      #expect(box.runc.ids() == [])
      #expect(Leftovers.groups(box.id) == [])
    }
  }

  @Test func `events and leash are descriptors 3 and 4, and no other is handed on`() async {
    await #expect(processExitsWith: .success) {
      let box = try Box()
      let events = try Pipe()
      let output = try Pipe()
      let leash = try Pipe()
      let child = try box.runc.start(
        box.spec("ls /proc/$$/fd; echo started >&3; read x <&4; echo loose >&3; exit 3"),
        in: box.bundle,
        streams: .init(
          output: output.writer.rawValue, events: events.writer.rawValue,
          leash: leash.reader.rawValue), deadline: .after(.seconds(20)))
      let reader = events.intoReader()
      #expect(
        try reader.receive(upTo: 100, deadline: .after(.seconds(20))) == Array("started\n".utf8))
      _ = leash.intoReader()
      #expect(try child.wait(deadline: .after(.seconds(20))) == .exited(3))
      #expect(
        try reader.receive(upTo: 100, deadline: .after(.seconds(20))) == Array("loose\n".utf8))
      let list = try output.intoReader().receive(upTo: 100, deadline: .after(.seconds(20)))
      #expect(String(decoding: list, as: UTF8.self) == "0\n1\n2\n3\n4\n")
      try box.runc.delete(box.id)
    }
  }

  @Test func `a container ends by a signal, and delete ends one that runs`() async {
    await #expect(processExitsWith: .success) {
      let box = try Box()
      let child = try box.runc.start(
        box.spec("exec sleep 1000"), in: box.bundle, deadline: .after(.seconds(20)))
      // PID 1 ignores what it has no handler for, but not from outside when it is SIGKILL.
      try box.runc.kill(box.id, .kill)
      #expect(try child.wait(deadline: .after(.seconds(20))) == .signalled(.kill))
      try box.runc.delete(box.id)
      let error = #expect(throws: EngineError.self) { try box.runc.kill(box.id, .terminate) }
      #expect(error?.code == .notRunning)

      let other = try box.runc.start(
        box.spec("exec sleep 1000"), in: box.bundle, deadline: .after(.seconds(20)))
      try box.runc.delete(box.id)
      #expect(try other.wait(deadline: .after(.seconds(20))) == .signalled(.kill))
      #expect(Leftovers.groups(box.id) == [])
    }
  }

  @Test func `a program that is not there is told, and nothing is left`() async {
    await #expect(processExitsWith: .success) {
      let box = try Box()
      let error = #expect(throws: EngineError.self) {
        try box.run("true") { $0.arguments = ["/no/such/program"] }
      }
      #expect(error?.code == .containerFailed)
      #expect(error?.cause.contains("/no/such/program") == true)
      #expect(box.runc.ids() == [])
      #expect(Leftovers.groups(box.id) == [])
      #expect(try Leftovers.mounts(below: box.folder.path) == [])
    }
  }

  @Test func `a runc that does not come to an end is killed at the deadline`() async {
    await #expect(processExitsWith: .success) {
      let box = try Box()
      let error = #expect(throws: EngineError.self) {
        try box.run("true", deadline: .after(.zero))
      }
      #expect(error?.code == .timedOut)
      #expect(box.runc.ids() == [])
      #expect(Leftovers.groups(box.id) == [])
      // Not even half of it: the next start finds nothing in its way.
      #expect(try box.run("echo again").text == "again\n")
    }
  }

  @Test func `an overlay that cannot be mounted is told with its fix`() async {
    await #expect(processExitsWith: .success) {
      let box = try Box()
      let error = #expect(throws: EngineError.self) {
        try box.run("true") { $0.layers = ["/no/such/layer"] }
      }
      #expect(error?.code == .mountFailed)
      #expect(try Leftovers.mounts(below: box.folder.path) == [])
    }
  }

  @Test func `without runc the bundle is to be made anew`() async {
    await #expect(processExitsWith: .success) {
      let box = try Box()
      let runc = Runc(bundle: Bundle(path: box.folder / "none"), state: box.folder / "runc")
      let error = #expect(throws: EngineError.self) {
        _ = try runc.start(box.spec("true"), in: box.bundle, deadline: .after(.seconds(5)))
      }
      #expect(error?.code == .noRunc)
      #expect(error?.fix?.contains("Setup/bundle.sh") == true)
    }
  }
}
