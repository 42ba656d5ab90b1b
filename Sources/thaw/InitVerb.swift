import Arguments
import Checkpoint
import Lifecycle
import Linux

/// `thaw init`: PID 1 of a container.
enum InitVerb {
  static let plan = Option(
    "plan", .file, default: InitPlan.path.string, "What to do, as the engine wrote it.")
  static let image = Option(
    flag: "image", "Do what the image that this runs in says, with WORDS as its arguments.")
  static let health = Option(
    flag: "health", "Ask the image's server for an answer, as a health check.")
  static let words = Positional(
    repeated: "WORD", .text(),
    "With --image: `--restore-only` never starts cold, `--explain` says which start it would be; all else is the server's."
  )

  static let command = Command(
    "init", summary: "Be PID 1 of a container: thaw or start the server and supervise it.",
    discussion: """
      Passes the server's output through, forwards signals, reaps orphans, and ends with the \
      server's own status. The engine gives it a plan, or the image that `thaw build` made; it is \
      not called by hand.
      """,
    arguments: [words],
    options: [plan, image, health],
    examples: [
      .init("thaw init --plan /run/thaw/plan.json", "What Thaw's engine runs in a container."),
      .init("thaw init --image -- -f config.yaml", "What other engines run in Thaw's images."),
    ],
    exitCodes: [
      .init(120, "Not thawed: other arguments, environment, user or folder than at the freeze."),
      .init(121, "Not thawed: the container lacks a right; the message says which."),
      .init(122, "Not thawed: kernel, processor or clock are not as the checkpoint needs them."),
      .init(123, "Not thawed: the server's data or files are not those of the freeze."),
      .init(124, "Not thawed: there is no checkpoint, or a damaged one."),
      .init(125, "The server could not be frozen or thawed."),
      .init(126, "The server's program could not be started."),
      .others("The server's own status, 128 and the number of the signal that ended it."),
    ],
    run: run)

  static func run(_ parsed: Parsed) throws -> ExitCode {
    if try parsed[health] { return ExitCode(ImageStart.health(), "Whether it answers.") }
    // From here on, whatever comes is read and handed on.
    SignalSet.forwardable.block()
    if try parsed[image], ImageStart.Request(try parsed[words]).mode == .explain {
      let output = try Globals.output(parsed)
      try ExplainVerb.show(try ImageStart.explain(try parsed[words]), output)
      return try output.ended()
    }
    if try parsed[image] {
      return ExitCode(ImageStart.run(try parsed[words]), "The server's own status.")
    }
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

  /// The line of an image's entry point, a script that has `thaw init` as its interpreter: the kernel puts the script's
  /// path before its arguments, which are all the server's.
  static func unscripted(_ words: [String]) -> [String] {
    guard words.count > 1, words[0] == command.name,
      Path(words[1]).lastComponent == ImageHome.entryPoint
    else { return words }
    return [command.name, "--\(image.definition.name)", "--"] + words.dropFirst(2)
  }

  /// A descriptor that the engine gave; nil if it gave none.
  private static func given(_ raw: Int32) -> Int32? {
    Descriptor.isOpen(raw) ? raw : nil
  }
}
