import Checkpoint
import Linux
import Server

/// Thaws the first of several checkpoints that may be.
extension Init {
  /// What came of all candidates.
  enum Outcome {
    case thawed(Thawed)
    /// Why none could be thawed, and what the first of them was refused for.
    case refused([String], over: Verdict.Subject?)
    case cancelled
  }

  struct Thawed {
    var pid: Int32
    var phases: ThawPhases
    var tier: Manifest.Tier
    /// Whether it goes on where a container was told to end.
    var isHibernated: Bool
    /// What it is called, if it is not the image's main one.
    var variant: String?
    /// Why it is none of those before it.
    var refusals: [String]
  }

  /// Tries the candidates in turn, the best first.
  static func thaw(
    _ plan: InitPlan, _ pipes: borrowing ServerPipes, cancel: Int32
  ) -> Outcome {
    if let reason = plan.coldBecause { return .refused([reason], over: .request) }
    var refusals = Refusals()
    for candidate in plan.candidates {
      var tier: Manifest.Tier?
      switch thaw(candidate, plan, pipes, cancel: cancel, tier: &tier) {
      case .thawed(let pid, let phases):
        return .thawed(
          Thawed(
            pid: pid, phases: phases, tier: tier ?? .hot, isHibernated: candidate.isHibernated,
            variant: candidate.path == plan.main ? nil : candidate.variant,
            refusals: refusals.reasons))
      case .cancelled: return .cancelled
      case .refused(let why, let lines, let subject):
        for line in lines { log("CRIU: \(line)") }
        refusals.add(why, of: tier ?? .hot, candidate.variant, over: subject)
      }
    }
    return .refused(refusals.all, over: refusals.subject)
  }

  /// Why candidates were not thawed.
  private struct Refusals {
    private var whys: [(what: String, why: String)] = []
    /// What the first of them was refused for.
    private(set) var subject: Verdict.Subject? = .checkpoint

    mutating func add(
      _ why: String, of tier: Manifest.Tier, _ variant: String?, over subject: Verdict.Subject?
    ) {
      if whys.isEmpty { self.subject = subject }
      whys.append((tier.rawValue + (variant.map { " (\($0))" } ?? ""), why))
    }

    /// Each with its tier, once.
    var reasons: [String] {
      whys.map { "not \($0.what): \($0.why)" }
        .reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    }

    /// Why there is nothing to thaw: one reason is enough where all have the same.
    var all: [String] {
      guard let first = whys.first else { return ["there is no checkpoint"] }
      return whys.allSatisfy { $0.why == first.why } ? [first.why] : reasons
    }
  }

  private static func thaw(
    _ candidate: InitPlan.Candidate, _ plan: InitPlan, _ pipes: borrowing ServerPipes,
    cancel: Int32, tier: inout Manifest.Tier?
  ) -> Thaw.Outcome {
    if let doubt = candidate.doubt { return .refused(doubt, over: .checkpoint) }
    if let misfit = candidate.misfit { return .refused(misfit, over: .request) }
    do throws(CheckpointError) {
      var phases = ThawPhases()
      let checkpoint = try open(candidate, plan)
      tier = checkpoint.manifest.tier
      phases.end("checkpoint opened")
      var thaw = Thaw(plan: plan, checkpoint: checkpoint)
      thaw.isHibernated = candidate.isHibernated
      thaw.hasOtherData = candidate.hasOtherData
      let outcome = thaw.run(pipes, cancel: cancel, phases)
      guard tier == .hot, case .thawed(let server, _) = outcome else { return outcome }
      return afterThaw(outcome, server, plan, pipes, cancel: cancel)
    } catch {
      return .refused("\(error)", over: .checkpoint)
    }
  }

  /// Has done what the recipe says to a server that goes on where it was; one that could not be made unique is no thawed one.
  private static func afterThaw(
    _ outcome: Thaw.Outcome, _ server: Int32, _ plan: InitPlan, _ pipes: borrowing ServerPipes,
    cancel: Int32
  ) -> Thaw.Outcome {
    guard !plan.recipe.afterThaw.isEmpty else { return outcome }
    // A server that waits for its log to be taken would not answer.
    guard let pump = try? LogPump.start(pipes) else { return outcome }
    let failure = AfterThaw(plan: plan).run(server, cancel: cancel)
    pump.finish()
    guard let failure else { return outcome }
    Thaw.end(server)
    return .refused(failure, over: .request)
  }

  /// A checkpoint, as far as this process makes sure of it.
  static func open(
    _ candidate: InitPlan.Candidate, _ plan: InitPlan
  ) throws(CheckpointError) -> Checkpoint {
    // The image's own were verified by who pulled it.
    let isVerified = plan.isInImage && !candidate.isHibernated
    return try isVerified ? Checkpoint.look(at: candidate.path, reading: 0) : .open(candidate.path)
  }
}
