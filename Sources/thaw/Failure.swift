import Arguments
import Checkpoint
import Images
import Lifecycle
import Server

/// The documented exit codes, and which error leads to which.
struct Failure: Error {
  static let failed = ExitCode(1, "It failed; the message says why and what to do.")
  static let notFound = ExitCode(3, "There is no such checkpoint, container or image.")
  static let taken = ExitCode(4, "A name, a port, a volume or a checkpoint is in use.")
  static let serverFailed = ExitCode(5, "The server did not start, never became ready, or died.")
  static let notThawed = ExitCode(6, "The checkpoint may not or could not be thawed here.")
  static let lacking = ExitCode(7, "CRIU, runc or another tool is missing or too old.")
  static let diskFull = ExitCode(8, "The disk is full.")
  static let badRecipe = ExitCode(65, "The recipe has mistakes; each is told with file and line.")
  static let notRoot = ExitCode(77, "It must be run as root.")
  static let stopped = ExitCode(143, "It was stopped by a signal.")

  /// What any verb may end with.
  static let common = [failed, notFound, taken, lacking, diskFull, notRoot]

  let exitCode: ExitCode
  let message: String

  init(_ exitCode: ExitCode, _ message: String) {
    self.exitCode = exitCode
    self.message = message
  }

  /// Finds the exit code for whatever was thrown.
  init(_ error: any Error) {
    switch error {
    case let failure as Failure: self = failure
    case let error as UsageError: self.init(error.exitCode, error.message)
    case let error as RecipeError: self.init(Self.badRecipe, "\(error)")
    case let error as EngineFailure: self.init(Self.code(error), "\(error)")
    case let error as EngineError: self.init(Self.code(.engine(error)), "\(error)")
    case let error as CheckpointError: self.init(Self.code(.checkpoint(error)), "\(error)")
    case let error as InitFailure: self.init(Self.code(.server(error)), "\(error)")
    default: self.init(Self.failed, "\(error)")
    }
  }

  private static func code(_ failure: EngineFailure) -> ExitCode {
    switch failure {
    case .engine(let error):
      switch error.code {
      case .noBundle, .noRunc: lacking
      case .imageNotFound, .noSuchContainer: notFound
      case .portTaken, .nameTaken, .volumeInUse, .stillRunning: taken
      case .diskFull: diskFull
      case .notRoot: notRoot
      case .cancelled: stopped
      default: failed
      }
    case .checkpoint(let error):
      switch error.code {
      case .notFound: notFound
      case .inUse: taken
      case .diskFull: diskFull
      case .cancelled: stopped
      default: failed
      }
    case .slower: failed
    case .server(let error):
      switch error.code {
      case .neverReady, .serverDied, .notStarted, .warmUpFailed: serverFailed
      case .notThawed: notThawed
      case .noCRIU: lacking
      case .diskFull: diskFull
      case .cancelled: stopped
      default: failed
      }
    }
  }
}
