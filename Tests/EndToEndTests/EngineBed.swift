import Linux
import TestBed
import Testing

/// Docker, podman and containerd of today, served by `Setup/engines.sh` for one test.
///
/// They have processes, network and mounts of their own, which end with this value, and their images lie in its folder.
final class EngineBed {
  /// Seen inside at the same path.
  let folder: TemporaryDirectory
  private let keeper: Child
  private let leash: Descriptor

  /// The top of the checkout, which is seen inside, too.
  static let checkout = Path(#filePath).parent.parent.parent

  init() throws {
    folder = try TemporaryDirectory("engines")
    let input = try Pipe()
    let output = try Pipe()
    let errors = try Descriptor.open(folder / "errors", .writeOnly, [.create, .append])
    var spawn = Spawn(Self.checkout / "Setup/engines.sh", [folder.path.string])
    spawn.descriptors = [
      0: input.reader.rawValue, 1: output.writer.rawValue, 2: errors.rawValue,
    ]
    keeper = try spawn.start()
    leash = input.intoWriter()
    let reader = output.intoReader()
    try #require(try reader.poll(for: .readable, deadline: .after(.seconds(90))))
    let said = try reader.read(upTo: 6)
    let log = try FileSystem.readText(folder / "errors")
    try #require(said == Array("ready\n".utf8), "the engines did not start: \(log)")
  }

  deinit {
    // It ends all that runs inside, and unmounts what the folder holds, before the folder is removed.
    try? Processes.signal(keeper.pid, .terminate)
    _ = try? keeper.wait(deadline: .after(.seconds(20)))
  }

  /// Runs a command inside to its end.
  func run(_ words: [String], within: Duration = .seconds(60)) throws -> Finished {
    let finished = try Spawn(folder / "inside", words).run(deadline: .after(within))
    #expect(!finished.timedOut, "\(words) did not end: \(finished.errorText)")
    return finished
  }

  func run(_ words: String..., within: Duration = .seconds(60)) throws -> Finished {
    try run(words, within: within)
  }

  /// Runs a shell's command line inside, which has to succeed; the result is what it wrote.
  @discardableResult
  func shell(
    _ line: String, within: Duration = .seconds(60),
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> String {
    let finished = try run("sh", "-c", line, within: within)
    try #require(
      finished.isSuccess, "\(line): \(finished.text)\(finished.errorText)",
      sourceLocation: sourceLocation)
    return finished.text
  }

  /// The answer to an HTTP question that is asked inside, as soon as there is one; nil if there is none in ten seconds.
  func get(_ path: String = "/", port: Int) throws -> String? {
    try eventually {
      let asked = try run("curl", "-fsS", "-m", "5", "http://127.0.0.1:\(port)\(path)")
      return asked.isSuccess ? asked.text : nil
    }
  }

  /// Gives Docker and podman an image that looks like one of `thaw build`'s from outside, but holds a server that is
  /// there at once and answers with its rights.
  func makeStandIn(_ name: String = "xtdb-standalone:criu-checkpoint") throws {
    let root = folder / "stand-in"
    let program = root / "usr/local/lib/thaw/thaw"
    for inner in ["usr/local/lib/thaw", "var/lib/xtdb", "tmp"] {
      try FileSystem.makeDirectory(root / inner, parents: true)
    }
    try FileSystem.changeOwner(root / "var/lib/xtdb", user: 20000, group: 20000)
    try FileSystem.changeMode(root / "tmp", 0o1777)
    let source = Self.checkout / "Tests/Engines/hello.c"
    let compiled = try Spawn("cc", ["-static", "-O2", "-o", program.string, source.string])
      .run(deadline: .after(.seconds(60)))
    try #require(compiled.isSuccess, "\(compiled.errorText)")
    // cap_checkpoint_restore as permitted, not as effective: a program with an effective one cannot be started without it.
    let capability = "0x0000000200000000000000000001000000000000"
    try shell(
      """
      python3 -c 'import os, sys
      os.setxattr(sys.argv[1], "security.capability", bytes.fromhex(sys.argv[2][2:]))' \(program) \(capability)
      """)
    let settings = [
      #"ENTRYPOINT ["/usr/local/lib/thaw/thaw"]"#, #"CMD ["8080","5432","3000"]"#,
      "USER 20000:20000",
    ].map { "--change '\($0)'" }.joined(separator: " ")
    let archive = "tar --xattrs --xattrs-include='*' -C \(root) -c ."
    try shell("\(archive) | docker import \(settings) - \(name)")
    try shell("\(archive) | podman import -q \(settings) - localhost/\(name)")
  }
}

extension Needs {
  /// Whether Docker, podman and containerd can be served here: THAW_ENGINES names their tree, as `make test` does.
  static let containerEngines =
    Spawn.ownEnvironment()["THAW_ENGINES"].map { FileSystem.exists(Path($0) / ".key") } ?? false
    && Machine.isRoot && Machine.canMount && Machine.has("unshare", "nsenter", "flock", "cc")
}

extension Trait where Self == ConditionTrait {
  /// Skips where no container engine can be served.
  static var containerEngines: Self {
    .enabled(
      if: Needs.containerEngines,
      "needs root, cc, and THAW_ENGINES: the tree that Setup/tree.sh engines makes")
  }
}
