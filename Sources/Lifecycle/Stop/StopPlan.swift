package import Linux
package import Server

/// What PID 1 knows of its server's volumes, and what it does with the server when the container is told to end.
package struct StopPlan: Sendable, Codable {
  /// The volumes that hold the server's data, as the server sees them: its data folders, or folders around them.
  package var volumes: [Path]
  /// What else of the host the server sees: compared before a thaw, as the volumes are, but not marked.
  package var besides: [Path] = []
  /// Why the server cannot be hibernated; nil: it can, as far as is known.
  package var obstacle: String?
  package var wish = OnStop.hibernate
  /// Whether somebody said so, who is told if it cannot be done.
  package var isAsked = false
  /// How long a hibernation may take.
  package var patience = OnStop.patience

  package init(volumes: [Path]) {
    self.volumes = volumes
  }

  /// Takes what the command line and the environment say.
  ///
  /// - Returns: false for values in the environment that cannot be understood; the server is then stopped.
  package mutating func take(_ word: OnStop?, _ environment: [String: String]) -> Bool {
    let wanted = OnStop.wanted(word, environment)
    wish = wanted ?? .stop
    isAsked = word != nil || environment["THAW_ON_STOP"]?.isEmpty == false
    guard let text = environment["THAW_STOP_TIMEOUT"], !text.isEmpty else { return wanted != nil }
    guard let span = TimeSpan(text) else { return false }
    patience = span
    return wanted != nil
  }
}
