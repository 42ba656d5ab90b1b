import Arguments
import Images
import Linux
import Terminal

/// The options of every verb.
enum Globals {
  static let json = Option(flag: "json", "Print results as JSON, and progress as JSON lines.")
  static let quiet = Option(flag: "quiet", short: "q", "Print names only, and no progress.")
  static let root = Option(
    "root", .directory, default: Engine.standardRoot.string, environment: "THAW_ROOT",
    "The folder of checkpoints, images and containers.")

  static let all: [any OptionEntry] = [json, quiet, root]

  /// Where results and progress go, in the way that was asked for.
  static func output(_ parsed: Parsed) throws -> Output {
    Output(
      json: try parsed[json], quiet: try parsed[quiet], environment: Spawn.ownEnvironment())
  }

  /// The engine below the folder that was asked for.
  static func engine(_ parsed: Parsed) throws -> Engine {
    try Engine(root: Path(try parsed[root]))
  }
}
