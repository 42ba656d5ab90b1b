import Checkpoint
import Images
import Lifecycle
import Linux

/// What one start told; durations in milliseconds.
struct BenchSample: Sendable {
  /// From the start of `thaw run` to the first answer through the published port.
  var firstAnswer: Double?
  /// From the start of PID 1 to the first answer.
  var firstAnswerFromInit: Double?
  /// From the start of PID 1 until the server ran, as a container's log tells it.
  var thawed: Double?
  /// The parts of the start in their order, each with its length.
  var phases: [Phase] = []
  /// Which tier PID 1 said that the start was of, and why of no better one.
  var tier: Tier?
  /// What its processes had in memory at the first answer.
  var memory: ProcessMemory?
  /// The same after more requests.
  var memoryAfterRequests: ProcessMemory?

  /// How warm a start was.
  struct Tier: Sendable, Hashable {
    /// What was thawed; nil: nothing, it was a cold start.
    var thawed: Manifest.Tier?
    /// Why it was no better one.
    var because: String?
  }

  /// A part of a start.
  struct Phase: Sendable, Hashable {
    var name: String
    var length: Double
  }

  /// The time that CRIU took.
  var criu: Double? { phases.first { $0.name == Self.criuPhase }?.length }

  static let criuPhase = "CRIU"

  /// Throws unless the start was of the tier that its way claims.
  func check(_ way: BenchWay) throws {
    guard let tier else {
      throw Failure(Failure.failed, "a start by \(way.rawValue) told nothing of its tier")
    }
    guard tier.thawed != way.tier else { return }
    throw Failure(
      Failure.notThawed,
      "a start by \(way.rawValue) was \(tier.thawed?.rawValue ?? "cold")"
        + (tier.because.map { ": \($0)" } ?? ""))
  }

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
      case .server(.cold(let reason)): tier = Tier(because: reason)
      case .server(.thawed(let milliseconds, let phases, let thawed, let because)):
        tier = Tier(thawed: thawed, because: because)
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
