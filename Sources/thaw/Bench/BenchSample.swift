import Images
import Lifecycle
import Linux

/// What one start told; durations in milliseconds.
struct BenchSample: Sendable {
  /// From the start of `thaw run` to the first answer through the published port.
  var firstAnswer: Double?
  /// From the start of PID 1 to the first answer.
  var firstAnswerFromInit: Double?
  /// The parts of the start in their order, each with its length.
  var phases: [Phase] = []
  /// What its processes had in memory at the first answer.
  var memory: ProcessMemory?
  /// The same after more requests.
  var memoryAfterRequests: ProcessMemory?

  /// A part of a start.
  struct Phase: Sendable, Hashable {
    var name: String
    var length: Double
  }

  /// The time that CRIU took.
  var criu: Double? { phases.first { $0.name == Self.criuPhase }?.length }

  static let criuPhase = "CRIU"

  /// Puts the phases in order: those of the engine and those that PID 1 told.
  ///
  /// `began` is when `thaw run` was started. PID 1's clock is another one: when it began follows from an event of its own that
  /// tells how long it had run by then.
  mutating func takePhases(_ entries: [TimelineEntry], began: Double) {
    var engine: [(name: String, end: Double)] = []
    var inside: [ThawPhase] = []
    var initBegan: Double?
    for entry in entries {
      switch entry.what {
      case .part(.engine): engine.append(("engine", entry.at))
      case .part(.network): engine.append(("network", entry.at))
      case .part(.container): engine.append(("container", entry.at))
      case .server(.thawed(let milliseconds, let phases, _, _)):
        inside += phases + [ThawPhase("taken over", endsAfter: milliseconds)]
        initBegan = initBegan ?? entry.at - milliseconds
      case .server(.answered(let milliseconds)):
        inside.append(ThawPhase("first answer", endsAfter: milliseconds))
        firstAnswerFromInit = milliseconds
        initBegan = initBegan ?? entry.at - milliseconds
      default: break
      }
    }
    // runc returns a moment after PID 1 began.
    if let initBegan, let last = engine.indices.last { engine[last].end = initBegan }
    phases = []
    var reached = began
    for part in engine {
      phases.append(Phase(name: part.name, length: max(0, part.end - reached)))
      reached = max(reached, part.end)
    }
    var inner = 0.0
    for phase in inside {
      phases.append(Phase(name: phase.name, length: max(0, phase.milliseconds - inner)))
      inner = max(inner, phase.milliseconds)
    }
  }
}
