import Checkpoint
import Linux
import Server
import Terminal

/// Freezes a thawed server again, to measure how long that takes and how much it stores.
struct HibernationSeries {
  /// One freeze of a thawed server.
  struct Sample: Sendable {
    /// From the start of the freeze until the checkpoint is whole and has its name.
    var milliseconds: Double
    /// What it stores besides what it shares with its parent, in millions of bytes.
    var megabytes: Double
  }

  /// What `thaw hibernate --json` tells, as far as it matters here.
  private struct Told: Decodable {
    var bytes: UInt64
    var milliseconds: Double
  }

  /// Hibernates a server into the store that it was thawed from.
  static func measure(_ server: borrowing BenchedServer) throws -> Sample {
    let finished = try Spawn(
      "/proc/self/exe",
      ["--root", server.root.string, "hibernate", "--json", "--name", "again", server.name]
    ).run(deadline: .after(.seconds(120)))
    let line = finished.output.split(separator: UInt8(ascii: "\n")).last ?? []
    guard finished.isSuccess, let told = try? JSONText.decode(Told.self, from: Array(line)) else {
      throw Failure(Failure.failed, "thaw hibernate: \(finished.errorText)")
    }
    return Sample(
      milliseconds: told.milliseconds, megabytes: ByteCount(told.bytes).megabytes)
  }
}

extension [HibernationSeries.Sample] {
  /// The figures of second freezes.
  func figures(server: String) -> [Figure] {
    guard !isEmpty else { return [] }
    return [
      Figure(server: server, Figure.Name.secondFreeze, .hot, unit: "ms", map(\.milliseconds)),
      Figure(server: server, Figure.Name.secondSize, .hot, unit: "MB", map(\.megabytes)),
    ]
  }
}
