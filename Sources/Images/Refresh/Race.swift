package import Checkpoint
import Lifecycle
import Linux
import Server

/// Thaws two checkpoints of one server in turns, asks both the same, and tells whose first answers come sooner.
package struct Race {
  /// The name that both want.
  let name: String
  /// The recipe of the new one: what both are asked.
  let recipe: Recipe
  let old: Entrant
  let new: Entrant

  /// A checkpoint, or one in the making.
  struct Entrant {
    var path: Path
    var manifest: Manifest

    init(path: Path, _ manifest: Manifest) {
      self.path = path
      self.manifest = manifest
    }
  }

  /// What came of it: medians.
  package struct Result: Sendable, Hashable {
    package var before: MeasuredAnswers
    package var after: MeasuredAnswers
    /// Whether the new one is better by more than chance.
    package var isFaster: Bool
  }

  /// How often each is thawed.
  private static let turns = 5
  /// How long the questions may take, whatever the recipe says.
  private static let limit = TimeSpan.seconds(10)

  /// Does it.
  ///
  /// - Throws: `.server` if one of them cannot be thawed or does not answer.
  func run(
    _ engine: Engine, _ report: @escaping (Freezing.Report) -> Void
  ) throws(EngineFailure) -> Result {
    report(.step(.race))
    var questions = recipe.firstQuestions
    questions.within = Self.limit
    // Not counted: it brings the files into the page cache, and shows whether the questions can be asked again.
    do throws(EngineFailure) {
      for one in [old, new] { _ = try measure(one, questions, engine, report) }
    } catch {
      guard case .server(let failure) = error, failure.code == .warmUpFailed else { throw error }
      report(
        .note("the questions cannot be asked again, only the first one is: \(failure.message)"))
      questions = WarmUp()
    }
    var (before, after): ([MeasuredAnswers], [MeasuredAnswers]) = ([], [])
    for turn in 0..<Self.turns {
      // What slows the machine down in between meets each of them first.
      if turn % 2 == 0 { before.append(try measure(old, questions, engine, report)) }
      after.append(try measure(new, questions, engine, report))
      if turn % 2 == 1 { before.append(try measure(old, questions, engine, report)) }
    }
    return Self.judge(before: before, after: after)
  }

  /// Whether one is faster: its median is lower by a twentieth, and so it was in all turns but one.
  static func judge(before: [MeasuredAnswers], after: [MeasuredAnswers]) -> Result {
    let (was, now) = (median(before), median(after))
    let won = zip(before, after).filter { $1.all < $0.all }.count
    return Result(
      before: was, after: now, isFaster: now.all <= was.all * 0.95 && won >= before.count - 1)
  }

  private static func median(_ all: [MeasuredAnswers]) -> MeasuredAnswers {
    func middle(_ values: [Double]) -> Double {
      values.isEmpty ? 0 : values.sorted()[values.count / 2]
    }
    return MeasuredAnswers(first: middle(all.map(\.first)), all: middle(all.map(\.all)))
  }

  private func measure(
    _ one: Entrant, _ questions: WarmUp, _ engine: Engine,
    _ report: @escaping (Freezing.Report) -> Void
  ) throws(EngineFailure) -> MeasuredAnswers {
    let base = try Images.engine { () throws(EngineError) in
      try Running.base(one.manifest.base, engine)
    }
    return try Trial(
      name: name, recipe: recipe, base: base, checkpoint: one.path, manifest: one.manifest
    ).measured(questions, engine, report)
  }
}
