package import Linux

/// A part of long work that is shown while it runs; made by ``Output/begin(_:_:)``.
///
/// It ends with ``finish(_:)`` or ``fail(_:)``, once; what is called after that has no effect. One
/// that is dropped without an end counts as failed.
package final class Phase: Sendable {
  /// What is counted.
  package enum Amount: Hashable, Sendable {
    /// Nothing; a sign turns and the time runs.
    case unknown
    /// Parts of work: `62 of 120 queries`; without a total the number alone.
    case count(of: Int?, String)
    /// Bytes: `62 of 144 MB`; without a total the number alone.
    case bytes(of: ByteCount?)
    /// A part from 0 to 1.
    case fraction
  }

  private let output: Output
  private let number: Int

  init(_ output: Output, number: Int) {
    self.output = output
    self.number = number
  }

  deinit { output.end(number, .failed("not finished")) }

  /// Sets how much is done: so many of the count, so many bytes.
  package func advance(to done: Int) { output.update(number) { $0.done = Double(done) } }

  /// Adds to what is done.
  package func advance(by more: Int) { output.update(number) { $0.done += Double(more) } }

  /// Sets what part is done, from 0 to 1.
  package func advance(toFraction done: Double) { output.update(number) { $0.done = done } }

  /// Sets how much there is to do, once it is known.
  package func set(_ amount: Amount) { output.update(number) { $0.amount = amount } }

  /// Sets what is being done at the moment, such as the name of a file.
  package func detail(_ text: String) {
    output.update(number) { $0.detail = TextWidth.safe(text) }
  }

  /// Ends it well; `result` is told in place of what was counted.
  package func finish(_ result: String? = nil) { output.end(number, .finished(result)) }

  /// Ends it badly; `reason` in a few words, the error is told by ``Output/error(_:code:)``.
  package func fail(_ reason: String? = nil) { output.end(number, .failed(reason)) }
}

/// What is known of a phase.
struct PhaseState: Sendable {
  let number: Int
  let name: String
  let started: Duration
  var amount: Phase.Amount
  var done = 0.0
  var detail = ""
  /// When the last event of it was written in JSON.
  var lastEvent: Duration

  /// How it ended.
  enum End {
    case finished(String?)
    case failed(String?)
  }

  /// What part is done, from 0 to 1; nil when the whole is not known.
  var fraction: Double? {
    switch amount {
    case .unknown, .count(of: nil, _), .bytes(of: nil): nil
    case .count(of: let total?, _): part(of: Double(total))
    case .bytes(of: let total?): part(of: Double(total.bytes))
    case .fraction: part(of: 1)
    }
  }

  /// What is done, in words; empty when nothing is counted.
  var counter: String {
    switch amount {
    case .unknown, .fraction: ""
    case .count(of: nil, let noun): Human.text(whole) + " " + noun
    case .count(of: let total?, let noun):
      "\(Human.text(whole)) of \(Human.text(total)) \(noun)"
    case .bytes(of: nil): Human.text(ByteCount(whole))
    case .bytes(of: let total?): Human.text(ByteCount(whole), of: total)
    }
  }

  /// What was counted in the end.
  var total: String {
    switch amount {
    case .unknown, .fraction: ""
    case .count(of: _, let noun): done > 0 ? Human.text(whole) + " " + noun : ""
    case .bytes: done > 0 ? Human.text(ByteCount(whole)) : ""
    }
  }

  private var whole: Int { Int(exactly: max(0, done).rounded()) ?? 0 }

  private func part(of total: Double) -> Double {
    guard total > 0, done.isFinite else { return 0 }
    return min(1, max(0, done / total))
  }
}
