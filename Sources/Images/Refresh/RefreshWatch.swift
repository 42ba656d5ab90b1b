package import Checkpoint
import Lifecycle
package import Linux
import Server

/// Has a running server frozen again when its rule says so, by a `thaw refresh` of its own, whose outcome it tells.
///
/// It is done again as long as it makes the checkpoint faster. One that fails is tried again after the same time or as many
/// requests; the server goes on in any case.
struct RefreshWatch: ~Copyable {
  /// What there is to know, for the log and the record.
  enum News {
    case line(String)
    case ended(ContainerRecord.Refresh)
  }

  private let rule: RefreshRule
  private let engine: Engine
  /// The checkpoint's name, which a better one gets.
  private let name: String
  private let container: String
  /// The container's first process, whose network namespace is the server's.
  private let pid: Int32
  /// When the time is over; never: it is not counted, or a refresh is under way.
  private var due = Deadline.never
  /// How many connections there were when counting began; nil: they are not counted now.
  private var counted: Int?
  private var command: Command?
  /// Whether the server was thawed from the checkpoint of that name.
  private var isOwn = false

  /// A refresh that is under way.
  private struct Command: ~Copyable {
    let child: Child
    let results: Descriptor
    let errors: Descriptor
  }

  init(_ rule: RefreshRule, of name: String, container: String, pid: Int32, engine: Engine) {
    self.rule = rule
    self.name = name
    self.container = container
    self.pid = pid
    self.engine = engine
  }

  /// When it is to be looked at again.
  ///
  /// Nobody is told when the kernel counts a connection, and when the command has ended its pidfd is not waited for: both are
  /// looked at each second.
  var deadline: Deadline {
    counted != nil || command != nil ? due.or(after: .seconds(1)) : due
  }

  /// Begins to count: the server has given its first answer, or was frozen again.
  private mutating func begin() {
    due = rule.after.map { .after($0.duration) } ?? .never
    counted = rule.requests == nil ? nil : connections()
  }

  /// Takes note of what PID 1 tells: a server that was not thawed from the checkpoint is nothing for it.
  mutating func note(_ event: InitEvent, _ tell: (News) -> Void) {
    switch event {
    case .thawed(_, _, .hot, _): isOwn = true
    case .thawed, .cold: tell(.line("refresh: left out, since it was not thawed hot"))
    case .answered where isOwn: begin()
    default: break
    }
  }

  /// Counts nothing any more.
  private mutating func giveUp() {
    due = .never
    counted = nil
  }

  /// Looks whether it is time, or whether what was begun is over.
  mutating func look(_ tell: (News) -> Void) {
    if let ended = command.take() {
      guard let status = (try? ended.child.poll()) ?? nil else {
        command = consume ended
        return
      }
      return finish(status, ended, tell)
    }
    guard let why = reason() else { return }
    giveUp()
    tell(.line("refresh: \(why); it is frozen again, and goes on"))
    do {
      command = try start()
    } catch {
      end(.init(name, failure: "it could not be started: \(error)"), tell)
    }
  }

  /// The server has ended: what is under way is of no use any more.
  mutating func end() {
    giveUp()
    guard let running = command.take() else { return }
    // It removes what it has made; killed, the next command does.
    try? running.child.signal(.terminate)
    if ((try? running.child.wait(deadline: .after(.seconds(20)))) ?? nil) == nil {
      _ = try? running.child.killTree()
    }
  }

  private func reason() -> String? {
    if due.hasPassed, let after = rule.after { return "it has run for \(after)" }
    if let counted, let requests = rule.requests, let now = connections(),
      now - counted >= requests
    {
      return "it has accepted \(now - counted) connections"
    }
    return nil
  }

  private func start() throws -> Command {
    let results = try Pipe()
    let errors = try Pipe()
    var spawn = Spawn(
      "/proc/self/exe",
      [
        "--root", engine.root.string, "--quiet", "--json", "refresh", "--from", container, name,
      ])
    spawn.descriptors = [1: results.writer.rawValue, 2: errors.writer.rawValue]
    spawn.parentDeathSignal = .terminate
    let child = try spawn.start()
    return Command(child: child, results: results.intoReader(), errors: errors.intoReader())
  }

  private mutating func finish(
    _ status: ExitStatus, _ ended: consuming Command, _ tell: (News) -> Void
  ) {
    // It writes a line or two: they are all there.
    let text = (try? ended.results.read(upTo: 1 << 16)) ?? []
    if status.isSuccess, let told = try? JSONText.decode(Refreshing.Told.self, from: text) {
      return end(.init(told), tell)
    }
    struct Note: Decodable { var message: String }
    let lines = ((try? ended.errors.read(upTo: 1 << 16)) ?? [])
      .split(separator: UInt8(ascii: "\n"))
    let why = lines.last.flatMap { try? JSONText.decode(Note.self, from: Array($0)) }?.message
    end(.init(name, failure: why ?? "the command ended with \(status)"), tell)
  }

  private mutating func end(_ outcome: ContainerRecord.Refresh, _ tell: (News) -> Void) {
    let isAgain = outcome.isKept || outcome.failure != nil
    if isAgain { begin() }
    tell(.line("refresh: \(outcome.text)" + (isAgain ? "" : "; it is left at that")))
    tell(.ended(outcome))
  }

  /// How many connections the server's network namespace has accepted; nil if that cannot be read.
  private func connections() -> Int? {
    guard let text = try? FileSystem.readText(Path("/proc/\(pid)/net/snmp")) else { return nil }
    return Self.accepted(text)
  }

  /// `PassiveOpens` in the two lines `Tcp:` of `/proc/PID/net/snmp`: names, then numbers.
  static func accepted(_ text: String) -> Int? {
    let lines = text.split(separator: "\n").filter { $0.hasPrefix("Tcp:") }
      .map { $0.split(separator: " ") }
    guard lines.count == 2, let column = lines[0].firstIndex(of: "PassiveOpens"),
      lines[1].indices.contains(column)
    else { return nil }
    return Int(lines[1][column])
  }
}

extension ContainerRecord {
  /// The last time that a running server was frozen again for a better checkpoint; durations in milliseconds.
  package struct Refresh: Sendable, Hashable, Codable {
    package var when: Timestamp
    /// The checkpoint's name.
    package var name: String
    /// Whether the checkpoint's name leads to the new one.
    package var isKept = false
    /// How long it stood still; nil: it did not.
    package var pause: Double?
    /// The first answers of the old checkpoint, and of the new one.
    package var before: MeasuredAnswers?
    package var after: MeasuredAnswers?
    /// Why there is no new one; nil: there was one.
    package var failure: String?

    init(_ name: String, failure: String) {
      when = Clock.wall()
      self.name = name
      self.failure = failure
    }

    init(_ told: Refreshing.Told) {
      when = Clock.wall()
      name = told.name
      isKept = told.isKept ?? false
      pause = told.pauseMilliseconds
      before = told.before
      after = told.after
    }

    /// One line for people.
    package var text: String {
      if let failure { return "not done: \(failure)" }
      func rounded(_ value: Double?) -> String { value.map { "\(Int64($0.rounded()))" } ?? "?" }
      let times = "\(rounded(after?.all)) ms instead of \(rounded(before?.all)) ms"
      return "stood still for \(rounded(pause)) ms; first answers within \(times): "
        + (isKept ? "\(name) is the new checkpoint" : "not faster, \(name) stays as it was")
    }
  }
}
