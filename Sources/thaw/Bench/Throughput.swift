import Lifecycle
import Linux

/// Requests per second of two servers that run side by side, a thawed one and one that was started cold.
///
/// Both are warmed up alike, then loaded in turns: what disturbs the machine disturbs both.
struct Throughput {
  /// How long one turn takes.
  var turn = Duration.seconds(2)
  /// How long after its first answer the thawed server is measured.
  var warmUp = Duration.seconds(30)
  var turns = 5

  /// Requests per second of each turn.
  struct Sample: Sendable {
    var cold: [Double] = []
    var hot: [Double] = []

    /// The figures of both.
    func figures(server: String) -> [Figure] {
      guard !hot.isEmpty, !cold.isEmpty else { return [] }
      return [
        Figure(server: server, Figure.Name.throughput, .cold, unit: "requests/s", cold),
        Figure(server: server, Figure.Name.throughput, .hot, unit: "requests/s", hot),
      ]
    }
  }

  /// Loads both servers in turns until they are warm, then measures in turns.
  func measure(_ cold: borrowing BenchedServer, _ hot: borrowing BenchedServer) throws -> Sample {
    // As many requests to each as the other gets, until both have run for long enough.
    let warm = Deadline.after(warmUp)
    while !warm.hasPassed {
      _ = try Self.load(cold, for: .milliseconds(500))
      _ = try Self.load(hot, for: .milliseconds(500))
    }
    var sample = Sample()
    for index in 0..<turns {
      // Who comes first changes, too.
      if index % 2 == 0 { sample.cold.append(try Self.load(cold, for: turn)) }
      sample.hot.append(try Self.load(hot, for: turn))
      if index % 2 == 1 { sample.cold.append(try Self.load(cold, for: turn)) }
    }
    return sample
  }

  /// Asks one question after the other; the result is how many were answered in a second.
  private static func load(_ server: borrowing BenchedServer, for time: Duration) throws -> Double {
    let began = Clock.monotonic()
    var requests = 0.0
    while Clock.monotonic() - began < time {
      try server.ask()
      requests += 1
    }
    return requests * 1000 / (Clock.monotonic() - began).milliseconds
  }
}
