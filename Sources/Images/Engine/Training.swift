import Checkpoint
import Lifecycle
import Linux
import Memory
import Server

/// Trials under watch, until nothing speaks against what is mapped; then what was learnt is put to use.
///
/// What a trial finds is copied from then on, and the trial made again. Pages that were written until the first answers
/// go to CRIU, which copies them in bulk; what else of the memory file was needed becomes the working set.
struct Training {
  let trial: Trial
  /// The memory file that the draft's images map at first; nil: the draft's own.
  var memory: Path?

  /// How often a trial is made at most, before nothing is mapped at all.
  private static let trials = 4

  /// Does it in the draft's folder; the result is what its memory is made of now.
  func run(
    _ engine: Engine, _ report: @escaping (Freezing.Report) -> Void
  ) throws(EngineFailure) -> Manifest.MemoryFacts {
    var trial = trial
    let own = trial.checkpoint / MemoryFile.name
    var relayout = Relayout(
      folder: trial.checkpoint, trial.manifest, memory: memory ?? own)
    let first = try laidOut { () throws(MemoryError) in
      try relayout.run(readsExactly: true).result
    }
    relayout.memory = own
    trial.manifest.memory.note(first)
    for count in 1...Self.trials {
      let found = try trial.watched(engine, report)
      if let hindrance = found.hindrance { report(.note("trial: \(hindrance)")) }
      guard !found.findings.isEmpty else {
        return try finish(found, relayout, trial.manifest.memory)
      }
      for finding in found.findings {
        report(.note("trial: \(finding.call) in mapped memory: it will be copied"))
      }
      let reason = count == Self.trials ? "each trial found something new" : nil
      let laid = try laidOut { () throws(MemoryError) in
        try relayout.run(findings: found.findings, copiesAll: reason, readsExactly: true).result
      }
      trial.manifest.memory.note(laid)
      if trial.manifest.memory.file == nil { return trial.manifest.memory }
    }
    return trial.manifest.memory
  }

  private func finish(
    _ found: TrialResult, _ relayout: Relayout, _ memory: Manifest.MemoryFacts
  ) throws(EngineFailure) -> Manifest.MemoryFacts {
    let laid = try laidOut { () throws(MemoryError) in
      try relayout.run(written: found.written)
    }
    let set = WorkingSet(cached: found.cachedRanges, holes: laid.report.holes)
    let path = relayout.folder / WorkingSet.name
    do throws(Errno) {
      try FileSystem.writeFile(path, set.encoded, mode: 0o644)
    } catch {
      throw .checkpoint(CheckpointError(error, trying: "writing the working set", on: path))
    }
    var memory = memory
    memory.note(laid.result)
    return memory
  }
}
