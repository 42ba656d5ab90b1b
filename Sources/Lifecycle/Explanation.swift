package import Checkpoint
import CRIU

/// Which start a server would get here, and why: what each of its checkpoints needs, and what was found.
package struct Explanation: Sendable, Codable, Hashable {
  /// What was found of a checkpoint.
  package struct Candidate: Sendable, Codable, Hashable {
    /// How much of a start it saves; nil where its manifest cannot be read.
    package var tier: Manifest.Tier?
    /// Whether it lies on a volume, where a container was told to end.
    package var isHibernated = false
    /// What it is called, where an image has several of running servers.
    package var variant: String?
    /// Why it cannot be used at all; nil: the conditions decide.
    package var doubt: String?
    /// Each condition, in the order in which they are looked at.
    package var conditions: [Verdict.Condition]

    package init(tier: Manifest.Tier?, doubt: String? = nil, conditions: [Verdict.Condition] = []) {
      self.tier = tier
      self.doubt = doubt
      self.conditions = conditions
    }

    /// Whether it would be thawed.
    package var mayThaw: Bool { doubt == nil && conditions.allSatisfy(\.holds) }
  }

  /// The checkpoints, the best first.
  package var candidates: [Candidate]
  /// Why nothing would be thawed, whatever the checkpoints are; nil: they decide.
  package var coldBecause: String?
  /// What becomes of the server when its container is told to end; nil where it has no volumes.
  package var onStop: OnStop?
  /// Why it cannot be hibernated then.
  package var stopsBecause: String?

  package init(candidates: [Candidate], coldBecause: String? = nil) {
    self.candidates = candidates
    self.coldBecause = coldBecause
  }

  /// `hot`, `warm` or `cold`.
  package var tier: String {
    let first = coldBecause == nil ? candidates.first(where: \.mayThaw) : nil
    return first.map { ($0.tier ?? .hot).rawValue } ?? "cold"
  }

  /// Looks at everything as a start would, and starts nothing.
  static func of(_ plan: InitPlan, cancel: Int32) -> Explanation {
    var plan = plan
    FencedStart.look(&plan)
    var explanation = Explanation(
      candidates: plan.candidates.map { candidate in
        var found = look(candidate, plan, cancel: cancel)
        found.isHibernated = candidate.isHibernated
        found.variant = candidate.variant
        return found
      }, coldBecause: plan.coldBecause)
    if let stop = plan.stop, !stop.volumes.isEmpty {
      explanation.onStop = stop.obstacle == nil ? .hibernate : .stop
      explanation.stopsBecause = stop.obstacle
    }
    return explanation
  }

  private static func look(
    _ candidate: InitPlan.Candidate, _ plan: InitPlan, cancel: Int32
  ) -> Candidate {
    let checkpoint: Checkpoint
    do throws(CheckpointError) {
      checkpoint = try Init.open(candidate, plan)
    } catch {
      return Candidate(tier: nil, doubt: candidate.doubt ?? "\(error)")
    }
    let tier = checkpoint.manifest.tier
    if let doubt = candidate.doubt { return Candidate(tier: tier, doubt: doubt) }
    var thaw = Thaw(plan: plan, checkpoint: checkpoint)
    thaw.isHibernated = candidate.isHibernated
    thaw.hasOtherData = candidate.hasOtherData
    // What cannot be put back is missed by the conditions.
    if candidate.isHibernated { try? LayerFiles(checkpoint: checkpoint.path).put(plan) }
    do throws(Thaw.Hindrance) {
      let verdict = try thaw.verdict(thaw.client(), cancel: cancel)
      return Candidate(tier: tier, conditions: verdict.conditions)
    } catch {
      return Candidate(tier: tier, doubt: error.reason)
    }
  }
}
