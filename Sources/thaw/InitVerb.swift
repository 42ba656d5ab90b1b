import Arguments
import Checkpoint
import Lifecycle
import Linux

/// `thaw init`: PID 1 of a container.
enum InitVerb {
  static let plan = Option(
    "plan", .file, default: InitPlan.path.string, "What to do, as the engine wrote it.")

  static let command = Command(
    "init", summary: "Be PID 1 of a container: thaw or start the server and supervise it.",
    discussion: """
      Passes the server's output through, forwards signals, reaps orphans, and ends with the \
      server's own status. The engine gives it a plan; it is not called by hand.
      """,
    options: [plan],
    examples: [
      .init("thaw init --plan /run/thaw/plan.json", "What the engine runs in a container.")
    ],
    exitCodes: [
      .init(125, "The server could not be frozen or thawed."),
      .init(126, "The server's program could not be started."),
      .others("The server's own status, 128 and the number of the signal that ended it."),
    ],
    run: run)

  static func run(_ parsed: Parsed) throws -> ExitCode {
    // From here on, whatever comes is read and handed on.
    SignalSet.forwardable.block()
    let path = Path(try parsed[plan])
    let decoded: InitPlan
    do {
      decoded = try JSONText.decode(InitPlan.self, from: try FileSystem.readFile(path))
    } catch {
      throw InitFailure(.badPlan, "\(path): \(JSONText.explain(error))", fix: "it is the engine's")
    }
    let status = Init.run(
      decoded, events: given(EventChannel.descriptor), leash: given(Control.leash))
    return ExitCode(status, "The server's own status.")
  }

  /// A descriptor that the engine gave; nil if it gave none.
  private static func given(_ raw: Int32) -> Int32? {
    Descriptor.isOpen(raw) ? raw : nil
  }
}
