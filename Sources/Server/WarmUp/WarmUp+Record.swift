extension WarmUp {
  /// How far a warm-up is; told when a repetition begins.
  package struct Progress: Hashable, Sendable {
    /// The step, from 1.
    package var step: Int
    /// How many steps there are.
    package var steps: Int
    /// What the step does, in a few words.
    package var title: String
    /// The repetition that begins, from 1.
    package var repetition: Int
    /// How many are asked for.
    package var repetitions: Int
    /// Since the first step began.
    package var elapsed: Duration
  }

  /// What was done, for a checkpoint's manifest.
  package struct Record: Hashable, Sendable, Codable {
    /// How long all of it took.
    package var duration: TimeSpan
    /// The steps that were begun, and those that the time limit left out.
    package var steps: [StepRecord]
  }

  /// What one step did.
  package struct StepRecord: Hashable, Sendable, Codable {
    /// What the step does, in a few words.
    package var title: String
    /// How many repetitions were done to their end.
    package var repetitions: Int
    /// How many were asked for.
    package var asked: Int
    /// Statements, requests or commands that succeeded.
    package var operations: Int
    /// How long it took.
    package var duration: TimeSpan
    /// Whether a time limit ended it.
    package var cutShort: Bool
    /// What went wrong, at most ten texts.
    package var errors: [String]

    init(_ step: Step) {
      title = step.title
      repetitions = 0
      asked = step.repetitions
      operations = 0
      duration = .milliseconds(0)
      cutShort = false
      errors = []
    }

    /// Adds what the same step did another time.
    mutating func add(_ other: StepRecord) {
      repetitions += other.repetitions
      asked += other.asked
      operations += other.operations
      duration = TimeSpan(duration.duration + other.duration.duration)
      cutShort = cutShort || other.cutShort
      errors = Array((errors + other.errors).prefix(10))
    }

    enum CodingKeys: String, CodingKey {
      case title, repetitions, asked, operations, duration
      case cutShort = "cut-short"
      case errors
    }
  }

  /// How a warm-up ended.
  package enum Ending: Hashable, Sendable {
    /// All steps were done or cut short by a time limit.
    case finished
    /// A step could not be done: which one, with what, and why.
    case failed(String)
    /// The server ended.
    case died
    /// The watch's cancel descriptor became readable.
    case cancelled
  }

  /// What came of a warm-up.
  package struct Result: Hashable, Sendable {
    /// What was done, also when it ended early.
    package var record: Record
    /// How it ended.
    package var ending: Ending
  }
}
