package import Linux

extension WarmUp {
  /// Does the steps in order, again and again for as long as the warm-up is to last; blocks.
  ///
  /// A step whose time limit, or the whole warm-up's, passes is stopped, recorded as cut short, and
  /// the next one begins. A statement that fails, an answer with a wrong status, a command that
  /// does not end with 0 end the warm-up; only transactions that the server asks to try again
  /// (SQLSTATE class 40) do not.
  /// - Parameters:
  ///   - watch: the server's pidfd, and what cancels; both are noticed at once.
  ///   - commands: how commands are run.
  ///   - deadline: a time limit besides the recipe's own.
  ///   - progress: told when a repetition begins.
  /// - Returns: what was done, and how it ended.
  package func run(
    watch: Watch = Watch(), commands: CommandContext = CommandContext(),
    deadline: Deadline = .never, progress: (Progress) -> Void = { _ in }
  ) -> Result {
    let start = Clock.monotonic()
    let limit = within.map { deadline.or(after: $0.duration) } ?? deadline
    var records: [StepRecord] = []
    var ending = Ending.finished
    repeat {
      for (index, step) in steps.enumerated() where ending == .finished {
        let runner = StepRunner(
          step: step, watch: watch, commands: commands,
          deadline: step.within.map { limit.or(after: $0.duration) } ?? limit)
        let place = (number: index + 1, of: steps.count)
        var record = StepRecord(step)
        let title = step.title
        let end = runner.run(&record) { repetition in
          progress(
            Progress(
              step: place.number, steps: place.of, title: title, repetition: repetition,
              repetitions: step.repetitions, elapsed: Clock.monotonic() - start))
        }
        if records.count > index { records[index].add(record) } else { records.append(record) }
        switch end {
        case .finished: break
        case .failed(let reason):
          ending = .failed("step \(place.number) of \(place.of), \(title): \(reason)")
        case .died, .cancelled: ending = end
        }
      }
    } while isAgain(since: start, ending, limit)
    let duration = TimeSpan(Clock.monotonic() - start)
    return Result(record: Record(duration: duration, steps: records), ending: ending)
  }

  /// Whether the steps are done once more.
  private func isAgain(since start: Duration, _ ending: Ending, _ limit: Deadline) -> Bool {
    guard let lasting, ending == .finished, !steps.isEmpty, !limit.hasPassed else { return false }
    return Clock.monotonic() - start < lasting.duration
  }
}
