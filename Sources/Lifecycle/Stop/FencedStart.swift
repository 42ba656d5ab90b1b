import Checkpoint
import Linux

/// A start on volumes: a server that was hibernated onto them is the first candidate, and they are marked before any
/// server runs.
enum FencedStart {
  /// Looks at the volumes and marks them dirty; chooses the hibernated checkpoint if it may be thawed on them.
  ///
  /// - Returns: what is done when the container is told to end; nil: the server is stopped.
  static func begin(_ plan: inout InitPlan) -> StopHibernation? {
    guard let stop = plan.stop else { return nil }
    let own = plan.candidates.map(\.path)
    let parent = digest(of: plan)
    var fences = VolumeFences(stop, parent: parent)
    fences.begin()
    choose(fences.found, &plan)
    plan.stop?.obstacle = obstacle(stop, fences, parent)
    guard stop.wish == .hibernate else { return nil }
    guard let parent, let main = plan.main ?? own.first, plan.stop?.obstacle == nil else {
      // Where there is no volume, and nobody asked for it, that it cannot be done is nothing to tell.
      if let reason = plan.stop?.obstacle, !stop.volumes.isEmpty || stop.isAsked {
        Init.log("will be stopped, not hibernated: \(reason)")
      }
      return nil
    }
    plan.hibernatesOnStop = true
    return StopHibernation(
      plan: plan, fences: fences, parent: main, parentDigest: parent, patience: stop.patience)
  }

  /// Chooses as a start would; no volume is changed.
  static func look(_ plan: inout InitPlan) {
    guard let stop = plan.stop else { return }
    let parent = digest(of: plan)
    let fences = VolumeFences(stop, parent: parent)
    choose(fences.found, &plan)
    plan.stop?.obstacle = obstacle(stop, fences, parent)
  }

  /// That of the checkpoint that the server is asked to be started from: what is hibernated belongs to that alone.
  private static func digest(of plan: InitPlan) -> Digest? {
    // One that cannot be read has nothing that belongs to it.
    (plan.main ?? plan.candidates.first?.path).flatMap {
      try? Digest(ofFile: $0 / "manifest.json")
    }
  }

  private static func obstacle(
    _ stop: StopPlan, _ fences: VolumeFences, _ parent: Digest?
  ) -> String? {
    if stop.wish == .stop { return "that was asked for" }
    return fences.obstacle ?? (parent == nil ? "its checkpoint cannot be read" : nil)
  }

  /// Puts what was found of an earlier hibernation in front of the server's own checkpoints.
  private static func choose(_ found: VolumeFences.Found, _ plan: inout InitPlan) {
    switch found {
    case .checkpoint(let path):
      // Its memory is that of one of them.
      var hibernated = InitPlan.Candidate(
        path, doubt: plan.candidates.lazy.compactMap(\.doubt).first)
      hibernated.isHibernated = true
      plan.candidates.insert(hibernated, at: 0)
    case .other(let reason): plan.foreignBecause = reason
    case .nothing: break
    }
  }
}
