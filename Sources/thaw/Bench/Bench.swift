import Checkpoint
import Images
import Lifecycle
import Linux
import Server
import Terminal

/// Starts a server as a user would, and measures until its first answer.
struct Bench: ~Copyable {
  private let store: BenchStore
  private let recipe: Recipe
  private let probe: Probe
  private let port: UInt16
  private let volumes: WarmVolumes

  /// How many requests a server gets before its memory is looked at again.
  static let requests = 100

  /// Makes all that the ways need.
  init(_ engine: Engine, _ checkpoint: Checkpoint, ways: Set<BenchWay>) throws {
    let recipe = try checkpoint.readRecipe()
    guard let probe = recipe.firstAnswer, let port = probe.port else {
      throw Failure(
        Failure.failed,
        "\(checkpoint.manifest.server): nothing can be asked for a first answer; "
          + "give its recipe a `first-answer`")
    }
    store = try BenchStore(engine, checkpoint, ways)
    self.recipe = recipe
    self.probe = probe
    self.port = port
    volumes = WarmVolumes(
      folders: ways.contains(.warm) ? checkpoint.manifest.data : [], below: store.folder)
  }

  /// Has the server, thawed hot onto empty volumes, leave its data there and end as its recipe says.
  func makeData() throws {
    guard !volumes.folders.isEmpty else { return }
    try volumes.makeEmpty()
    let started = try start(BenchSeries(way: .hot), on: volumes.words(volumes.original))
    try started.server.stop(within: recipe.stop.within.duration)
  }

  /// A folder for what goes with this value.
  var folder: Path { store.folder }

  /// A server that was started, with all that was measured so far.
  struct Started: ~Copyable {
    var sample: BenchSample
    let server: BenchedServer
  }

  /// Starts the server one way, measures, and ends it.
  func measure(_ series: BenchSeries) throws -> BenchSample {
    let started = try start(series)
    var sample = started.sample
    if series.way == .cold || series.way == .hot, series.cache == .warm {
      for _ in 0..<Self.requests { try started.server.ask() }
      sample.memoryAfterRequests = started.server.memory()
    }
    try started.server.kill()
    return sample
  }

  /// A copy of the checkpoint in a store that goes with this value.
  func copy() throws -> BenchStore.Place { try store.copy() }

  /// Starts the server one way and waits for its first answer; from another place than the way's own if told, with further
  /// options.
  func start(
    _ series: BenchSeries, at other: BenchStore.Place? = nil, on options: [String] = []
  ) throws -> Started {
    guard let place = other ?? store.places[series.way] else {
      throw Failure(Failure.failed, "\(series.way.rawValue) was not prepared")
    }
    // What a server left that was killed is not what the next one is to find.
    let words =
      series.way == .warm
      ? ["-e", "\(WarmVolumes.variable)=warm"] + (try volumes.words(volumes.copy())) : []
    if series.cache == .cold { try ColdCache.drop(place.thawed) }
    let name = "bench-\(Host.randomName())"
    let published = try Self.freePort()
    let errors = try Descriptor.memoryFile("bench")
    let pipe = try Pipe()
    var spawn = Spawn(
      "/proc/self/exe",
      ["--root", place.root.string, series.way == .cold ? "run" : "restore", "--rm"]
        + [
          "--name", name, "--on-stop", "stop", "--timeline", "3", "-p",
          "127.0.0.1:\(published):\(port)",
        ]
        + Self.words(series.way) + words + options + [place.checkpoint.id])
    spawn.descriptors = [2: errors.rawValue, 3: pipe.writer.rawValue]
    spawn.parentDeathSignal = .terminate
    let began = Clock.monotonic()
    let child = try spawn.start()
    var timeline = TimelineReader(pipe.intoReader())
    let server = BenchedServer(
      child: child, root: place.root, name: name,
      question: probe.moved(host: "127.0.0.1", ports: [port: published]))
    var entries: [TimelineEntry] = []
    let deadline = Deadline.after(recipe.ready.within.duration)
    while !entries.contains(where: { $0.isEnd(of: series.way) }) {
      let more = try timeline.next(deadline: deadline)
      guard !more.isEmpty else {
        let said = String(decoding: (try? errors.read(upTo: 1 << 14, at: 0)) ?? [], as: UTF8.self)
        try server.kill()
        throw Failure(
          Failure.serverFailed, "a start by \(series.way.rawValue) gave no answer: \(said)")
      }
      entries += more
    }
    var sample = BenchSample()
    if series.way != .empty {
      // PID 1 has had its answer: this one comes through the published port, and disturbs no other.
      try server.ask()
      sample.firstAnswer = (Clock.monotonic() - began).milliseconds
      sample.memory = server.memory()
    }
    sample.takePhases(entries, began: began.milliseconds)
    do {
      try sample.check(series.way)
    } catch {
      try server.kill()
      throw error
    }
    return Started(sample: sample, server: server)
  }

  private static func words(_ way: BenchWay) -> [String] {
    switch way {
    case .cold: ["--cold"]
    case .lazyPages: ["--comparison", Running.Comparison.lazyPages.rawValue]
    case .empty: ["--comparison", Running.Comparison.stopped.rawValue]
    case .hot, .warm, .criu, .hello, .restore: []
    }
  }

  /// A port that nobody listens on now.
  static func freePort() throws -> UInt16 {
    let socket = try Descriptor.listen(on: .loopback(port: 0), backlog: 1)
    switch try socket.localAddress() {
    case .ipv4(_, let port), .ipv6(_, let port): return port
    case .unix: throw Failure(Failure.failed, "no free port")
    }
  }
}

extension TimelineEntry {
  /// Whether nothing more is to come that a way is measured by.
  fileprivate func isEnd(of way: BenchWay) -> Bool {
    guard case .server(let event) = what else { return false }
    switch event {
    case .answered: return true
    case .thawed: return way == .empty
    default: return false
    }
  }
}
