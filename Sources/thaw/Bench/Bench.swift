import Checkpoint
import Images
import Linux
import Server
import Terminal

/// Starts a server as a user would, and measures until its first answer.
struct Bench {
  /// One start.
  struct Sample {
    /// From the start of `thaw run` to the first answer, in milliseconds.
    var firstAnswer: Double
    /// What its processes had in memory then.
    var memory: ProcessMemory
  }

  private let engine: Engine
  private let checkpoint: String
  private let root: String
  private let recipe: Recipe
  private let probe: Probe
  private let port: UInt16

  init(_ engine: Engine, checkpoint: String, _ found: Checkpoint, root: String) throws {
    self.engine = engine
    self.checkpoint = checkpoint
    self.root = root
    recipe = try JSONText.decode(Recipe.self, from: try FileSystem.readFile(found.recipe))
    guard let probe = recipe.firstAnswer, let port = probe.port else {
      throw Failure(
        Failure.failed,
        "\(checkpoint): nothing can be asked for a first answer; give its recipe a `first-answer`")
    }
    self.probe = probe
    self.port = port
  }

  /// Starts the server one way, waits for its first answer, and ends it.
  func start(_ way: BenchWay) throws -> Sample {
    let name = "bench-\(Host.randomName())"
    let published = try Self.freePort()
    var spawn = Spawn(
      "/proc/self/exe",
      ["--root", root, way == .hot ? "restore" : "run", "--rm", "--name", name, "-p"]
        + ["127.0.0.1:\(published):\(port)"] + (way == .cold ? ["--cold"] : []) + [checkpoint])
    let errors = try Descriptor.memoryFile("bench")
    spawn.descriptors = [2: errors.rawValue]
    spawn.parentDeathSignal = .terminate
    let question = probe.moved(host: "127.0.0.1", ports: [port: published])
    let began = Clock.monotonic()
    let child = try spawn.start()
    let outcome = Readiness(probes: [question]).wait(
      deadline: .after(recipe.ready.within.duration), watch: Watch(server: child.pidfd, cancel: nil)
    )
    let took = Clock.monotonic() - began
    let record = try? engine.containers.find(name)
    let memory = record?.pid.map { Self.memory(below: $0) }
    try stop(child)
    guard case .ready = outcome, let memory else {
      let said = String(decoding: (try? errors.read(upTo: 1 << 14, at: 0)) ?? [], as: UTF8.self)
      throw Failure(Failure.serverFailed, "a \(way) start gave no answer (\(outcome)): \(said)")
    }
    return Sample(firstAnswer: took.inMilliseconds, memory: memory)
  }

  /// The memory of everything below PID 1, without PID 1 itself.
  private static func memory(below pid: Int32) -> ProcessMemory {
    var sum = ProcessMemory()
    for one in Processes.descendants(of: pid) {
      // CRIU may just be ending: it has none any more.
      if let more = try? Processes.memory(of: one) { sum = sum + more }
    }
    return sum
  }

  private func stop(_ child: borrowing Child) throws {
    // It may have ended by itself.
    try? child.signal(.terminate)
    let patience = recipe.stop.within.duration + .seconds(10)
    if try child.wait(deadline: .after(patience)) == nil { _ = try child.killTree() }
  }

  /// A port that nobody listens on now.
  private static func freePort() throws -> UInt16 {
    let socket = try Descriptor.listen(on: .loopback(port: 0), backlog: 1)
    switch try socket.localAddress() {
    case .ipv4(_, let port), .ipv6(_, let port): return port
    case .unix: throw Failure(Failure.failed, "no free port")
    }
  }
}
