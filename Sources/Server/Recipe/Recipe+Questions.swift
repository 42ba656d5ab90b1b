extension Recipe {
  /// What a thawed server is asked to compare two checkpoints of it: its training, or else each step of its warm-up, once.
  ///
  /// Without a step: there is nothing but the first answer to ask for.
  package var firstQuestions: WarmUp {
    if !training.steps.isEmpty { return training }
    // Those that are asked before `main` may have another server behind them.
    guard warmUp.on == nil else { return WarmUp() }
    return WarmUp(
      steps: warmUp.steps.map { step in
        var step = step
        step.repetitions = 1
        return step
      })
  }
}
