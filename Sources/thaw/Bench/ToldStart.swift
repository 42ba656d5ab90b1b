import Checkpoint

/// What PID 1 wrote into its container's log about the start.
struct ToldStart: Hashable {
  var tier: BenchSample.Tier
  /// How long PID 1 took to thaw.
  var milliseconds: Double?

  /// Finds the line; nil if there is none yet.
  init?(log: String) {
    for line in log.split(separator: "\n") {
      guard let mark = line.firstRange(of: "thaw: ") else { continue }
      let said = line[mark.upperBound...]
      if said.hasPrefix("cold: ") {
        tier = .init(because: String(said.dropFirst("cold: ".count)))
        return
      }
      for thawed in [Manifest.Tier.hot, .warm] {
        let start = "\(thawed.rawValue): thawed in "
        guard said.hasPrefix(start) else { continue }
        let rest = said.dropFirst(start.count)
        tier = .init(
          thawed: thawed,
          because: rest.firstRange(of: "; ").map { String(rest[$0.upperBound...]) })
        milliseconds = Double(rest.prefix { $0.isNumber })
        return
      }
    }
    return nil
  }
}
