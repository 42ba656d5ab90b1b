import CRIU
import Linux
import TestBed
import Testing

/// A CRIU that is not there, hangs, dies or talks nonsense.
///
/// None of these needs rights.
@Suite(.serialized, .timeLimit(.minutes(1)))
struct FaultTests {
  /// How a program that takes CRIU's place reads a request.
  ///
  /// A real CRIU cannot be made to do what these tests are about.
  static let readRequest = "dd bs=65536 count=1 <&3 >/dev/null 2>&1"

  @Test func `a CRIU that never answers is killed with its tree at the deadline`() throws {
    try withTemporaryDirectory("criu") { folder in
      let pids = folder / "pids"
      let client = try Bed.standIn(
        "sleep 1000 & echo $! $$ > \(pids).new; mv \(pids).new \(pids); wait", in: folder)
      let started = Clock.monotonic()
      let error = #expect(throws: CRIUError.self) {
        try client.version(deadline: .after(.milliseconds(300)))
      }
      #expect(error?.code == .timedOut)
      #expect(Clock.monotonic() - started >= .milliseconds(300))
      let text = try FileSystem.readText(pids)
      let numbers = text.split(whereSeparator: \.isWhitespace).compactMap { Int32($0) }
      #expect(numbers.count == 2)
      for pid in numbers { #expect(eventually { !Processes.isAlive(pid) }, "\(pid) is alive") }
    }
  }

  @Test func `a call is cancelled by its descriptor`() throws {
    try withTemporaryDirectory("criu") { folder in
      let client = try Bed.standIn("exec sleep 1000", in: folder)
      let cancel = try EventDescriptor()
      try cancel.signal()
      let error = #expect(throws: CRIUError.self) {
        try client.version(deadline: .after(.seconds(30)), cancel: cancel.rawValue)
      }
      #expect(error?.code == .cancelled)
    }
  }

  @Test(arguments: [
    ("echo 'criu: no such library' >&2; exit 3", "3", ["criu: no such library"]),
    ("kill -KILL $$", "KILL", []),
    ("\(readRequest); exit 0", "0", []),
  ])
  func `a CRIU that ends without an answer is told with its last words`(
    text: String, how: String, words: [String]
  ) throws {
    try withTemporaryDirectory("criu") { folder in
      let client = try Bed.standIn(text, in: folder)
      let error = #expect(throws: CRIUError.self) {
        try client.version(deadline: .after(.seconds(30)))
      }
      #expect(error?.code == .died)
      #expect(error?.cause?.contains(how) == true, "\(error?.cause ?? "")")
      #expect(error?.log == words)
    }
  }

  @Test(arguments: ["\\377\\377\\377", "\\010\\012", "x"])
  func `an answer that is no answer is told`(answer: String) throws {
    try withTemporaryDirectory("criu") { folder in
      let client = try Bed.standIn("\(Self.readRequest); printf '\(answer)' >&3", in: folder)
      let error = #expect(throws: CRIUError.self) {
        try client.version(deadline: .after(.seconds(30)))
      }
      #expect(error?.code == .protocolViolation)
    }
  }

  @Test func `a CRIU of ten years ago is too old`() throws {
    try withTemporaryDirectory("criu") { folder in
      // type VERSION, success, version { major 3, minor 17, sublevel 1 }.
      let answer = "\\010\\012\\020\\001\\122\\006\\010\\003\\020\\021\\040\\001"
      let client = try Bed.standIn("\(Self.readRequest); printf '\(answer)' >&3", in: folder)
      let error = #expect(throws: CRIUError.self) {
        try client.requireVersion(deadline: .after(.seconds(30)))
      }
      #expect(error?.code == .tooOld(Version(3, 17, 1)))
      #expect(error?.cause?.hasSuffix("is CRIU 3.17.1, and 4.2.1 is needed") == true)
      #expect(error?.fix.contains("4.2.1") == true)
    }
  }

  @Test func `notifications that nobody knows reach the handler and are answered`() throws {
    try withTemporaryDirectory("criu") { folder in
      // NOTIFY, success, notify { script "later" }; then, if the answer is a yes, VERSION with
      // success.
      let notify = "\\010\\006\\020\\001\\052\\007\\012\\005later"
      let client = try Bed.standIn(
        """
        \(Self.readRequest); printf '\(notify)' >&3
        dd bs=65536 count=1 <&3 2>/dev/null | od -An -tx1 > \(folder)/reply
        printf '\\010\\001\\020\\001' >&3
        """, in: folder)
      try FileSystem.makeDirectory(folder / "images")
      let told = Told()
      try client.dump(
        Options(images: folder / "images", pid: 1), deadline: .after(.seconds(30))
      ) {
        told.note($0)
        return .proceed
      }
      #expect(told.all == [.unknown("later")])
      // type NOTIFY, notify_success true.
      #expect(try FileSystem.readText(folder / "reply").hasPrefix(" 08 06 18 01"))
    }
  }

  @Test func `CRIU gets a clean environment and no descriptor but its own`() throws {
    try withTemporaryDirectory("criu") { folder in
      let out = folder / "out"
      var client = try Bed.standIn(
        """
        env > \(out).env; ls /proc/$$/fd > \(out).fd
        tr '\\0' ' ' < /proc/$$/cmdline > \(out).args
        """,
        in: folder)
      client.environment = ["CRIU_FAULT": "130"]
      let pipe = try Pipe()
      #expect(throws: CRIUError.self) { try client.version(deadline: .after(.seconds(30))) }
      let names = try FileSystem.readText(Path("\(out).env"))
        .split(separator: "\n").compactMap { $0.split(separator: "=").first.map(String.init) }
      // PWD and such are the shell's own.
      #expect(
        Set(names).subtracting(["PWD", "SHLVL", "_", "OLDPWD"]) == ["PATH", "HOME", "CRIU_FAULT"])
      let numbers = try FileSystem.readText(Path("\(out).fd")).split(separator: "\n")
        .compactMap { Int($0) }.sorted()
      // From 10 on a shell keeps its own.
      #expect(numbers.filter { $0 < 10 } == [0, 1, 2, 3, 4])
      let words = try FileSystem.readText(Path("\(out).args"))
      #expect(words.hasSuffix("stand-in --no-default-config swrk 3 "))
      withExtendedLifetime(pipe) {}
    }
  }

  @Test func `a CRIU that is not there is told`() throws {
    try withTemporaryDirectory("criu") { folder in
      for installation in [
        Installation(executable: folder / "criu"), Installation(bundle: folder),
        Installation(executable: folder),
      ] {
        let error = #expect(throws: CRIUError.self) {
          try Client(installation).version(deadline: .after(.seconds(30)))
        }
        #expect(error?.code == .notFound)
        #expect(error?.fix.contains("THAW_BUNDLE") == true)
      }
    }
  }

  @Test func `a CRIU is looked for where THAW_BUNDLE tells, then in PATH`() throws {
    try withTemporaryDirectory("criu") { folder in
      let loader = folder / "criu/lib/ld-linux-x86-64.so.2"
      try FileSystem.makeDirectory(folder / "criu/lib", parents: true)
      for file in [loader, folder / "criu/criu"] {
        try FileSystem.writeFile(file, Array("#!/bin/sh\n".utf8), mode: 0o755, durable: false)
      }
      let environment = ["THAW_BUNDLE": folder.string]
      let bundle = try Installation.locate(environment: environment)
      #expect(bundle == Installation(bundle: folder))
      #expect(
        bundle.command
          == [loader.string, "--library-path", "\(folder)/criu/lib", "\(folder)/criu/criu"])
      let system = try Installation.locate(environment: ["PATH": "\(folder)/criu"])
      #expect(system.command == ["\(folder)/criu/criu"])
      try FileSystem.remove(loader)
      let error = #expect(throws: CRIUError.self) {
        try Installation.locate(environment: environment)
      }
      #expect(error?.code == .notFound && error?.cause?.contains(loader.string) == true)
    }
  }

  @Test func `calls that fail leave no descriptor open`() async throws {
    await #expect(processExitsWith: .success) {
      try withTemporaryDirectory("criu") { folder in
        let hanging = try Bed.standIn("exec sleep 1000", in: folder)
        let missing = Client(Installation(executable: folder / "none"))
        // The first calls open what the runtime keeps.
        _ = try? missing.version(deadline: .after(.seconds(5)))
        _ = try? hanging.version(deadline: .after(.milliseconds(20)))
        let before = openDescriptors()
        for _ in 0..<10 {
          _ = try? missing.version(deadline: .after(.seconds(5)))
          _ = try? hanging.version(deadline: .after(.milliseconds(20)))
        }
        guard openDescriptors() == before else { throw Errno.tooManyOpen }
        guard Processes.children(of: Host.processID).isEmpty else { throw Errno.busy }
      }
    }
  }
}
