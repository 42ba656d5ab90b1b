import Checkpoint
import Lifecycle
import Linux

/// The engine's side of a running container: takes its log, its events and its end, and hands signals on.
struct Monitor: ~Copyable {
  /// The ends of pipes that the container gets.
  struct Pipes: ~Copyable {
    let output: Pipe
    let errors: Pipe
    let events: Pipe
    let leash: Pipe

    init() throws(EngineError) {
      let output = try Self.pipe()
      let errors = try Self.pipe()
      let events = try Self.pipe()
      leash = try Self.pipe()
      self.output = output
      self.errors = errors
      self.events = events
    }

    private static func pipe() throws(EngineError) -> Pipe {
      try attempt("making a pipe", on: "container") { () throws(Errno) in
        let pipe = try Pipe()
        try pipe.reader.setNonBlocking(true)
        return pipe
      }
    }
  }

  private let container: Child
  private let pipes: Pipes
  private let signals: SignalDescriptor
  private var pending: [UInt8] = []
  private var requests = 0
  private var kill = Deadline.never
  /// Whether PID 1 has said that it listens; before, signals are kept back, for the kernel and runc would drop them.
  private var listens = false
  private var heldBack: [Signal] = []

  /// The time that a container gets to end before it is killed, once it was told to.
  let patience: Duration

  private enum Token: UInt64 {
    case container
    case output
    case errors
    case events
    case signals
  }

  /// Takes over a container that was started with these pipes.
  ///
  /// `signals`, SIGTERM, SIGINT and their like, which must be blocked, are handed on to it.
  init(
    _ container: consuming Child, _ pipes: consuming Pipes, signals: consuming SignalDescriptor,
    patience: Duration
  ) {
    self.container = container
    self.pipes = pipes
    self.signals = signals
    self.patience = patience
  }

  /// Runs until the container has ended; the result is how.
  ///
  /// `log` gets what it writes, `event` what PID 1 tells; a signal that `event` returns is sent to the container, as
  /// it is killed when the deadline has passed. `refresh` is looked at when it asks for it, and its news are told to `news`.
  mutating func run(
    deadline: Deadline = .never, log: (LogLine.Stream, [UInt8]) -> Void,
    event: (InitEvent) -> Signal?, refresh: inout RefreshWatch?,
    news: (RefreshWatch.News) -> Void
  ) throws(Errno) -> ExitStatus {
    kill = deadline
    let epoll = try Epoll()
    try epoll.add(container.pidfd, .readable, token: Token.container.rawValue)
    try epoll.add(pipes.output.reader.rawValue, .readable, token: Token.output.rawValue)
    try epoll.add(pipes.errors.reader.rawValue, .readable, token: Token.errors.rawValue)
    try epoll.add(pipes.events.reader.rawValue, .readable, token: Token.events.rawValue)
    try epoll.add(signals.rawValue, .readable, token: Token.signals.rawValue)
    while true {
      // One that was told to end is not frozen for others any more.
      let next = requests == 0 ? refresh?.deadline ?? .never : .never
      for ready in try epoll.wait(deadline: next.remaining < kill.remaining ? next : kill) {
        switch Token(rawValue: ready.token) {
        case .signals: try handOn()
        case .output: Self.read(pipes.output.reader) { log(.output, $0) }
        case .errors: Self.read(pipes.errors.reader) { log(.errors, $0) }
        case .events:
          try readEvents { told in
            refresh?.note(told, news)
            return event(told)
          }
        case .container, nil: break
        }
      }
      if let status = try container.poll() {
        Self.read(pipes.output.reader) { log(.output, $0) }
        Self.read(pipes.errors.reader) { log(.errors, $0) }
        try readEvents(event)
        return status
      }
      if kill.hasPassed { try end(with: .kill) }
      if requests == 0 { refresh?.look(news) }
    }
  }

  /// Tells the container to end: first as `docker stop` does, the second time by force.
  mutating func end(with signal: Signal = .terminate) throws(Errno) {
    requests += 1
    let wanted = requests > 1 ? Signal.kill : signal
    kill = wanted == .kill ? .never : .after(patience)
    try send(wanted)
  }

  private mutating func send(_ signal: Signal) throws(Errno) {
    guard listens || signal == .kill else { return heldBack.append(signal) }
    do throws(Errno) {
      try container.signal(signal)
    } catch {
      // It has just ended: its pidfd tells.
      guard error == .noSuchProcess else { throw error }
    }
  }

  /// PID 1 listens now.
  private mutating func release() throws(Errno) {
    guard !listens else { return }
    listens = true
    for signal in heldBack { try send(signal) }
    heldBack = []
  }

  private mutating func handOn() throws(Errno) {
    while let arrival = try signals.next(deadline: .after(.zero)) {
      switch arrival.signal {
      case .terminate, .interrupt, .quit, .hangup: try end()
      default: try send(arrival.signal)
      }
    }
  }

  private mutating func readEvents(_ event: (InitEvent) -> Signal?) throws(Errno) {
    var bytes: [UInt8] = []
    Self.read(pipes.events.reader) { bytes += $0 }
    pending += bytes
    while let end = pending.firstIndex(of: UInt8(ascii: "\n")) {
      let line = Array(pending[..<end])
      pending.removeSubrange(...end)
      // What PID 1 says and this program does not understand was not said by its own kind.
      guard let told = try? JSONText.decode(InitEvent.self, from: line) else { continue }
      try release()
      if let signal = event(told) { try self.end(with: signal) }
    }
  }

  private static func read(_ reader: borrowing Descriptor, _ take: ([UInt8]) -> Void) {
    // `.again` is the usual end.
    while let bytes = try? reader.read(upTo: 1 << 16), !bytes.isEmpty { take(bytes) }
  }
}
