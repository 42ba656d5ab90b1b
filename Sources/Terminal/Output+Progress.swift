import Linux
import Synchronization

/// Long work, phase by phase, on stderr.
///
/// On a terminal each running phase is one line that is redrawn; it becomes one line that stays
/// when it ends. The cursor is never hidden and always stands below, so that a process that is
/// killed leaves nothing to be restored. Plain: one line when a phase starts and one when it ends.
/// JSON: one line an event, for one phase at most two a second.
extension Output {
  /// Starts a phase.
  ///
  /// `name` is a short sentence without a full stop, such as `Warm up`. On a terminal a thread of
  /// its own redraws the lines until no phase is left.
  package func begin(_ name: String, _ amount: Phase.Amount = .unknown) -> Phase {
    state.withLock { state in
      let now = self.now()
      let phase = PhaseState(
        number: state.nextPhase, name: TextWidth.safe(name), started: now, amount: amount,
        lastEvent: now)
      state.nextPhase += 1
      state.phases.append(phase)
      if isQuiet {
      } else if isJSON {
        show(jsonText(PhaseEvent("phase started", phase, at: now)))
      } else if !notes.isTerminal {
        show(phase.name + notes.symbols.ellipsis + "\n")
      }
      redraw(&state)
      return Phase(self, number: phase.number)
    }
  }

  /// Runs work as a phase, which ends well when the work returns and badly when it throws.
  package func phase<Value: ~Copyable, Failure: Error>(
    _ name: String, _ amount: Phase.Amount = .unknown,
    _ work: (Phase) throws(Failure) -> Value
  ) throws(Failure) -> Value {
    let phase = begin(name, amount)
    do throws(Failure) {
      let value = try work(phase)
      phase.finish()
      return value
    } catch {
      phase.fail()
      throw error
    }
  }

  func update(_ number: Int, _ change: (inout PhaseState) -> Void) {
    state.withLock { state in
      guard let index = state.phases.firstIndex(where: { $0.number == number }) else { return }
      change(&state.phases[index])
      guard isJSON, !isQuiet else { return }
      let now = self.now()
      guard now - state.phases[index].lastEvent >= .milliseconds(500) else { return }
      state.phases[index].lastEvent = now
      show(jsonText(PhaseEvent("phase progress", state.phases[index], at: now)))
    }
  }

  func end(_ number: Int, _ end: PhaseState.End) {
    state.withLock { state in
      guard let index = state.phases.firstIndex(where: { $0.number == number }) else { return }
      let phase = state.phases.remove(at: index)
      guard !isQuiet else { return }
      clear(&state)
      show(text(of: phase, end))
      redraw(&state)
    }
  }

  /// Marks all phases that still run as failed; an error follows.
  func failPhases() {
    let running = state.withLock { state in state.phases.map(\.number) }
    for number in running { end(number, .failed(nil)) }
  }

  private func text(of phase: PhaseState, _ end: PhaseState.End) -> String {
    let now = self.now()
    let time = Human.text(now - phase.started)
    switch end {
    case .finished(let result):
      if isJSON { return jsonText(PhaseEvent("phase finished", phase, at: now, result: result)) }
      let result = result ?? phase.total
      guard notes.isTerminal else {
        return "\(phase.name): done in \(time)\(result.isEmpty ? "" : " (\(result))")\n"
      }
      return PhaseLine(surface: surfaceNow()).ended(
        phase, sign: notes.symbols.success, .green, text: result, time: time)
    case .failed(let reason):
      if isJSON { return jsonText(PhaseEvent("phase failed", phase, at: now, result: reason)) }
      let reason = reason ?? ""
      guard notes.isTerminal else {
        return "\(phase.name): failed after \(time)\(reason.isEmpty ? "" : " (\(reason))")\n"
      }
      return PhaseLine(surface: surfaceNow()).ended(
        phase, sign: notes.symbols.failure, .red, text: reason, time: time)
    }
  }
}

/// A line of JSON about a phase.
private struct PhaseEvent: Encodable {
  let event: String
  let phase: String
  let seconds: Double
  var fraction: Double?
  var done: Double?
  var total: Double?
  var unit: String?
  var detail: String?
  var result: String?

  init(_ event: String, _ phase: PhaseState, at now: Duration, result: String? = nil) {
    self.event = event
    self.phase = phase.name
    self.result = result
    seconds = ((now - phase.started).seconds * 1e6).rounded() / 1e6
    fraction = phase.fraction.map { ($0 * 1000).rounded() / 1000 }
    detail = phase.detail.isEmpty ? nil : phase.detail
    switch phase.amount {
    case .unknown, .fraction: break
    case .count(of: let total, let noun):
      (done, self.total, unit) = (phase.done, total.map(Double.init), noun)
    case .bytes(of: let total):
      (done, self.total, unit) = (phase.done, total.map { Double($0.bytes) }, "bytes")
    }
  }
}
