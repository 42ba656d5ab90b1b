import Linux

/// A part of a thaw, and when it was over.
package struct ThawPhase: Sendable, Codable, Hashable {
  /// What was done.
  package var name: String
  /// The end of it, after the start of PID 1; it began where the phase before it ended.
  package var milliseconds: Double

  package init(_ name: String, endsAfter milliseconds: Double) {
    self.name = name
    self.milliseconds = milliseconds
  }
}

/// Takes the times of a thaw, for `thaw bench`.
struct ThawPhases: Sendable {
  private(set) var all: [ThawPhase] = []

  /// Notes that something is done now; costs a look at the clock.
  mutating func end(_ name: String) {
    all.append(ThawPhase(name, endsAfter: Init.sinceStart().milliseconds))
  }
}
