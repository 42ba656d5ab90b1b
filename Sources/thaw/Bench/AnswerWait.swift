import Linux
import Server
import Synchronization

/// Waits for a server's first answer, from outside and with questions that overlap.
///
/// A network that is only just set up loses some, and podman holds a port that is not served yet open: a question that is not
/// answered soon is followed by the next one, and each stays until it fails or any is answered.
final class AnswerWait: Sendable {
  private struct State {
    var underWay = 0
    var answered: Duration?
    var reason: String?
  }

  private let state = Mutex(State())
  /// Wakes the waiting thread.
  private let news: EventDescriptor
  /// Ends all questions that are under way.
  private let over: EventDescriptor

  /// How long a question is waited for before the next one is asked.
  private static let pace = Duration.milliseconds(10)
  private static let most = 64

  init() throws(Errno) {
    news = try EventDescriptor()
    over = try EventDescriptor()
  }

  /// Asks until there is an answer; the result is when it came, by the monotonic clock; nil at the deadline or when `goesOn` is
  /// no longer so.
  func answer(
    to probe: Probe, deadline: Deadline, whileTrue goesOn: () throws -> Bool
  ) throws -> Duration? {
    defer { end() }
    var asked: Duration?
    while !deadline.hasPassed {
      let (answered, underWay) = state.withLock { ($0.answered, $0.underWay) }
      if let answered { return answered }
      guard try goesOn() else { return nil }
      let now = Clock.monotonic()
      let isDue = asked.map { now - $0 >= Self.pace } ?? true
      if underWay == 0 || (isDue && underWay < Self.most) {
        try ask(probe, deadline: deadline)
        asked = now
      }
      _ = try news.wait(deadline: deadline.or(after: .milliseconds(1)))
      // One that was refused at once is not asked again in the same millisecond.
      if state.withLock({ $0.underWay == 0 && $0.answered == nil }) {
        _ = try news.wait(deadline: deadline.or(after: .milliseconds(1)))
      }
    }
    return nil
  }

  /// What the last question came to that was not answered.
  var reason: String { state.withLock(\.reason) ?? "nothing came back" }

  private func ask(_ probe: Probe, deadline: Deadline) throws(Errno) {
    state.withLock { $0.underWay += 1 }
    let thread = try NamedThread("question") { [self] in
      let result = probe.check(
        deadline: deadline.or(after: .seconds(5)), watch: Watch(cancel: over.rawValue))
      let now = Clock.monotonic()
      state.withLock { state in
        state.underWay -= 1
        switch result {
        case .ready: state.answered = state.answered ?? now
        case .notYet(let reason), .failed(let reason): state.reason = reason
        }
      }
      // The waiting thread looks each millisecond anyway.
      try? news.signal()
    }
    thread.detach()
  }

  /// Has all questions end, and waits for that.
  private func end() {
    try? over.signal()
    let deadline = Deadline.after(.seconds(5))
    while state.withLock({ $0.underWay > 0 }), !deadline.hasPassed {
      _ = try? news.wait(deadline: .after(.milliseconds(5)))
    }
  }
}
