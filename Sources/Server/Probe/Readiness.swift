package import Linux

/// Waits until a server is ready: every probe has succeeded once.
package struct Readiness: Sendable {
  /// A probe that has not succeeded yet, and why.
  package struct Pending: Hashable, Sendable, CustomStringConvertible {
    /// The probe.
    package var probe: Probe
    /// What it found out last.
    package var reason: String

    /// `tcp://127.0.0.1:5432: Connection refused (ECONNREFUSED)`.
    package var description: String { "\(probe): \(reason)" }
  }

  /// How the wait ended.
  package enum Outcome: Hashable, Sendable {
    /// All probes have succeeded.
    case ready(after: Duration)
    /// The server ended.
    case died
    /// The watch's cancel descriptor became readable.
    case cancelled
    /// The deadline passed; these probes had not succeeded.
    case timedOut([Pending])
    /// A probe found for some seconds without a break that it can never succeed.
    case refused(Pending)
  }

  private let probes: [Probe]
  private let patience: Duration

  /// Waits for probes; without any, a server that runs is ready.
  ///
  /// `patience` is how long a probe may find that it can never succeed: a server may make its users
  /// only after it listens.
  package init(probes: [Probe], patience: Duration = .seconds(5)) {
    self.probes = probes
    self.patience = patience
  }

  /// Waits for what a recipe asks; its time limit is for the caller to turn into a deadline.
  package init(_ ready: Recipe.Ready) {
    self.init(probes: ready.probes)
  }

  /// Asks all probes in turn, again and again, 5 to 50 ms apart (commands 200 ms), until the
  /// outcome is known.
  ///
  /// Blocks. The end of the server and a cancellation are noticed at once.
  /// - Parameters:
  ///   - deadline: when to give up.
  ///   - watch: the server's pidfd, and what cancels.
  ///   - commands: how command probes are run.
  ///   - waitingFor: told which probe is waited for and why, whenever that changes.
  /// - Returns: how the wait ended.
  package func wait(
    deadline: Deadline, watch: Watch = Watch(), commands: CommandContext = CommandContext(),
    waitingFor: (Probe, _ reason: String?) -> Void = { _, _ in }
  ) -> Outcome {
    let start = Clock.monotonic()
    var attempts = probes.map { Attempt(probe: $0) }
    var told: Pending?
    var pause = Duration.milliseconds(5)
    while true {
      for index in attempts.indices where attempts[index].isDue {
        let now = Pending(probe: attempts[index].probe, reason: attempts[index].reason ?? "")
        if now != told { waitingFor(now.probe, attempts[index].reason) }
        told = now
        attempts[index].ask(deadline, watch, commands)
        if let end = Self.end(watch, .after(.zero)) { return end }
        if attempts[index].isRefused(patience: patience) {
          return .refused(attempts[index].pending)
        }
      }
      let pending = attempts.filter { !$0.isReady }.map(\.pending)
      guard !pending.isEmpty else {
        return Self.end(watch, .after(.zero)) ?? .ready(after: Clock.monotonic() - start)
      }
      guard !deadline.hasPassed else { return .timedOut(pending) }
      if let end = Self.end(watch, deadline.or(after: pause)) { return end }
      pause = min(pause * 3 / 2, .milliseconds(50))
    }
  }

  /// What the watch tells before a deadline.
  private static func end(_ watch: Watch, _ deadline: Deadline) -> Outcome? {
    // Without descriptors left nothing can be watched; the probes then fail as well, and the
    // deadline ends it.
    switch try? watch.wait(deadline: deadline) {
    case .died: .died
    case .cancelled: .cancelled
    case nil: nil
    }
  }
}

/// A probe, asked until it succeeds.
private struct Attempt {
  let probe: Probe
  var isReady = false
  var reason: String?
  private var refusedSince: Duration?
  /// Before then it is not asked again.
  private var pausedUntil = Duration.zero
  /// How long one question may take: a server that hangs at first is asked anew, one that is slow
  /// gets time.
  private var limit = Duration.seconds(1)

  init(probe: Probe) {
    self.probe = probe
  }

  /// Whether it is to be asked now.
  var isDue: Bool { !isReady && Clock.monotonic() >= pausedUntil }

  var pending: Readiness.Pending {
    Readiness.Pending(probe: probe, reason: reason ?? "not asked yet")
  }

  mutating func ask(_ deadline: Deadline, _ watch: Watch, _ commands: CommandContext) {
    let mine = deadline.or(after: limit)
    switch probe.check(deadline: mine, commands: commands, watch: watch) {
    case .ready:
      isReady = true
    case .notYet(let reason):
      // A question that the deadline cut short tells less than the one before.
      if self.reason == nil || !deadline.hasPassed { self.reason = reason }
      refusedSince = nil
      if mine.hasPassed { limit = min(limit * 2, .seconds(10)) }
    case .failed(let reason):
      self.reason = reason
      refusedSince = refusedSince ?? Clock.monotonic()
    }
    // A program started twenty times a second would take from the server what it starts with.
    if case .command = probe { pausedUntil = Clock.monotonic() + .milliseconds(200) }
  }

  func isRefused(patience: Duration) -> Bool {
    guard let refusedSince else { return false }
    return Clock.monotonic() - refusedSince >= patience
  }
}
