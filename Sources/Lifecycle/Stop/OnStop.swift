package import Server

/// What becomes of a server whose container is told to end: `--on-stop` and `THAW_ON_STOP`.
package enum OnStop: String, Sendable, Hashable, Codable, CaseIterable {
  /// Freezes the server onto its volume, where that is possible.
  case hibernate
  /// Sends the server its recipe's signal.
  case stop

  /// The time that a hibernation gets, unless THAW_STOP_TIMEOUT says otherwise: Docker kills a container ten seconds after
  /// it was told to end.
  package static let patience = TimeSpan.seconds(8)

  /// What is wanted: what the command line says, else the environment, else a hibernation.
  ///
  /// - Returns: nil for a value in the environment that is neither.
  package static func wanted(_ word: OnStop?, _ environment: [String: String]) -> OnStop? {
    if let word { return word }
    guard let value = environment["THAW_ON_STOP"], !value.isEmpty else { return .hibernate }
    return OnStop(rawValue: value)
  }
}
