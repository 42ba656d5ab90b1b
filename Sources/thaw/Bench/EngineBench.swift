import Checkpoint
import Images
import Lifecycle
import Linux
import Server
import Terminal

/// Starts a server's image in Docker or podman as a user would, in turns with a server that needs nothing, and measures from
/// the engine's command to the first answer through the published port.
struct EngineBench: ~Copyable {
  private let engine: ContainerEngine
  private let image: String
  private let hello: String
  private let record: ImageRecord
  private let probe: Probe
  private let port: UInt16
  private let seccomp: Path
  /// Where the server is published that podman froze.
  private let frozenPort: UInt16
  /// Signals that end this program: looked for while it waits.
  private let signals: SignalDescriptor
  private let lease: BenchLease
  private let folder: BenchFolder
  /// What the image has.
  let ways: [BenchWay]

  /// What all starts have in common.
  private struct Subject {
    var image: String
    var hello: String
    var record: ImageRecord
    var probe: Probe
    var port: UInt16
    var seccomp: Path
    var frozenPort: UInt16
    var ways: [BenchWay]
  }

  private init(
    _ engine: ContainerEngine, _ subject: Subject, _ signals: consuming SignalDescriptor,
    _ lease: consuming BenchLease, _ folder: consuming BenchFolder
  ) {
    self.engine = engine
    image = subject.image
    hello = subject.hello
    record = subject.record
    probe = subject.probe
    port = subject.port
    seccomp = subject.seccomp
    frozenPort = subject.frozenPort
    ways = subject.ways
    self.signals = signals
    self.lease = lease
    self.folder = folder
  }

  /// What is measured is named by `name`: an image of the engine, or else a checkpoint, of which an image is made first.
  static func make(
    _ program: ImageDestination.Program, _ name: String, ways: [BenchWay], answer: Probe?,
    _ thaw: Engine
  ) throws -> EngineBench {
    let lease = try BenchLease()
    let folder = try BenchFolder(thaw)
    let signals = try SignalDescriptor([.terminate, .interrupt, .quit, .hangup])
    let engine = ContainerEngine(program: program, id: lease.id)
    engine.sweep()
    let subject: Subject
    do {
      subject = try Self.subject(engine, name, ways: ways, answer: answer, thaw, folder.path)
    } catch {
      engine.sweep(own: true)
      throw error
    }
    return EngineBench(engine, subject, signals, lease, folder)
  }

  private static func subject(
    _ engine: ContainerEngine, _ name: String, ways: [BenchWay], answer: Probe?, _ thaw: Engine,
    _ folder: Path
  ) throws -> Subject {
    let image = try image(name, engine, thaw)
    let (record, isWarm) = try engine.record(of: image, below: folder)
    guard let probe = answer ?? record.recipe.firstAnswer, let port = probe.port else {
      throw Failure(
        Failure.failed, "\(name): nothing can be asked for a first answer; give --answer")
    }
    guard isWarm || !ways.contains(.warm) || ways == BenchEngine(engine.program).ways else {
      throw Failure(Failure.notFound, "\(name): holds no checkpoint from before its main")
    }
    let seccomp = folder / "seccomp.json"
    try FileSystem.writeFile(seccomp, Seccomp.standardProfile, mode: 0o644)
    let user = "\(record.program.user):\(record.program.group)"
    return Subject(
      image: image, hello: try engine.makeHello(below: folder, user: user), record: record,
      probe: probe, port: port, seccomp: seccomp, frozenPort: try Bench.freePort(),
      ways: ways.filter { $0 != .warm || isWarm })
  }

  deinit { engine.sweep(own: true) }

  /// The name of the server.
  var server: String { record.recipe.name }

  private static func image(
    _ name: String, _ engine: ContainerEngine, _ thaw: Engine
  ) throws -> String {
    if try engine.has(name) { return name }
    let checkpoint: String
    do {
      checkpoint = try thaw.checkpoints.find(name).id
    } catch {
      throw Failure(
        Failure.notFound,
        "\(name): neither an image of \(engine.program.rawValue) nor a checkpoint; "
          + "make the one with `thaw build`, or the other with `thaw freeze`")
    }
    let made = engine.imageName("image")
    let words =
      ["--root", thaw.root.string, "build", "--quiet", "--from", checkpoint]
      + ["--tag", made, "--to", engine.program.rawValue, "--level", "1"]
    let finished = try Spawn("/proc/self/exe", words).run(deadline: .after(.seconds(600)))
    guard finished.isSuccess else {
      throw Failure(Failure.failed, "thaw build: \(finished.errorText)")
    }
    return made
  }

  // MARK: Starts

  /// Makes ready what the ways need besides the image, and starts each once: what an engine brings in for the first time does
  /// not count.
  func prepare() throws {
    if ways.contains(.restore) { try freezeByPodman() }
    for way in ways { _ = try measure(way) }
  }

  /// Starts a container one way, measures, checks what was started, and removes it.
  func measure(_ way: BenchWay) throws -> BenchSample {
    if way == .restore { return try measureRestore() }
    let container = engine.containerName("server")
    let published = try Bench.freePort()
    let words =
      ["run", "--detach", "--name", container, "--publish", "127.0.0.1:\(published):\(port)"]
      + options(way) + (way == .hello ? [hello, "\(port)"] : [image])
    do {
      var sample = BenchSample()
      sample.firstAnswer = try time(words, question(way, published), log: container)
      if way != .hello {
        let told = try told(container)
        sample.tier = told?.tier
        sample.thawed = told?.milliseconds
        try sample.check(way)
      }
      try engine.remove(container)
      return sample
    } catch {
      // The first error is the one to tell.
      try? engine.remove(container)
      throw error
    }
  }

  /// What a user gives so that a server is thawed: for a server that needs nothing the same, since rights cost time, too.
  private func options(_ way: BenchWay) -> [String] {
    guard way != .cold else { return [] }
    var words = ["--cap-drop", "ALL", "--cap-add", "CHECKPOINT_RESTORE"]
    words += ["--security-opt", "no-new-privileges"]
    // podman's own profile has what a thaw takes.
    if engine.program == .docker { words += ["--security-opt", "seccomp=\(seccomp)"] }
    if way == .warm { words += ["--env", "\(WarmVolumes.variable)=warm"] }
    return words
  }

  private func question(_ way: BenchWay, _ published: UInt16) -> Probe {
    guard way == .hello else {
      return probe.moved(host: "127.0.0.1", ports: [port: published])
    }
    return .http(HTTPRequest(endpoint: Endpoint(port: published)))
  }

  /// The milliseconds from a command of the engine to the answer.
  private func time(_ words: [String], _ question: Probe, log container: String) throws -> Double {
    let said = try Descriptor.memoryFile("bench")
    var spawn = Spawn(Path(engine.program.rawValue), words)
    spawn.descriptors = [1: said.rawValue, 2: said.rawValue]
    spawn.parentDeathSignal = .terminate
    let wait = try AnswerWait()
    let began = Clock.monotonic()
    let child = try spawn.start()
    var status: ExitStatus?
    let answered: Duration?
    do {
      answered = try wait.answer(
        to: question, deadline: .after(record.recipe.ready.within.duration)
      ) {
        if let signal = try signals.next(deadline: .after(.zero)) {
          throw Failure(Failure.stopped, "stopped by \(signal.signal)")
        }
        if status == nil { status = try child.poll() }
        return status?.isSuccess ?? true
      }
      if status == nil { status = try child.wait(deadline: .after(.seconds(30))) }
    } catch {
      _ = try? child.killTree()
      throw error
    }
    guard status?.isSuccess == true else {
      if status == nil { _ = try? child.killTree() }
      let text = String(decoding: (try? said.read(upTo: 1 << 14, at: 0)) ?? [], as: UTF8.self)
      throw ContainerEngine.failure(engine.program, words, text)
    }
    guard let answered else {
      // A container that is gone has no log.
      let log = (try? engine.log(container)) ?? ""
      throw Failure(
        Failure.serverFailed, "\(container) gave no answer (\(wait.reason)): \(log.suffix(2000))")
    }
    return (answered - began).milliseconds
  }

  /// What PID 1 said of its start; nil if nothing.
  private func told(_ container: String) throws -> ToldStart? {
    // An engine writes its log when it comes to it.
    let deadline = Deadline.after(.seconds(5))
    while true {
      if let told = ToldStart(log: try engine.log(container)) { return told }
      guard !deadline.hasPassed else { return nil }
      deadline.or(after: .milliseconds(50)).pass()
    }
  }

  // MARK: podman's own checkpoint

  private var frozen: String { engine.containerName("frozen") }

  /// Starts the server from the same image without Thaw, waits for its answer, and has podman make a checkpoint of it.
  private func freezeByPodman() throws {
    guard let program = record.program.words.first else { return }
    _ = try time(
      ["run", "--detach", "--name", frozen, "--publish", "127.0.0.1:\(frozenPort):\(port)"]
        // What it writes is to go with its container.
        + ["--image-volume", "ignore"]
        // CRIU asks for the limits of each process, which of another user's only CAP_SYS_RESOURCE allows: root's own.
        + ["--user", "0:0", "--entrypoint", program, image] + record.program.words.dropFirst(),
      question(.restore, frozenPort), log: frozen)
    let words = ["container", "checkpoint", "--keep", "--file-locks", frozen]
    // CRIU refuses connections, and the one that was answered may not be closed yet.
    let deadline = Deadline.after(.seconds(20))
    while true {
      let finished = try engine.attempt(words)
      if finished.isSuccess { break }
      guard !deadline.hasPassed else {
        throw ContainerEngine.failure(engine.program, words, finished.errorText)
      }
      deadline.or(after: .milliseconds(500)).pass()
    }
  }

  /// Restores it where it was frozen, which is faster than from an archive, and kills it again.
  private func measureRestore() throws -> BenchSample {
    var sample = BenchSample()
    sample.firstAnswer = try time(
      ["container", "restore", "--keep", "--file-locks", frozen],
      question(.restore, frozenPort), log: frozen)
    try engine.run(["kill", frozen])
    try engine.run(["wait", frozen])
    return sample
  }
}

extension BenchEngine {
  init(_ program: ImageDestination.Program) {
    switch program {
    case .docker: self = .docker
    case .podman: self = .podman
    }
  }
}
