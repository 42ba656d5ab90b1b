import Arguments
import Checkpoint
import Images
import Lifecycle
import Linux
import Server
import Terminal

/// `thaw freeze`: start a server, warm it up, freeze it.
enum FreezeVerb {
  static let name = Option(
    "name", .text("NAME"), "The checkpoint's name; the recipe's, unless told.")
  static let recipe = Option(
    "recipe", .text("RECIPE"),
    "A recipe: its folder or file, or the name of one that came with Thaw.")
  static let image = Option(
    "image", .text("IMAGE"),
    "The image under the server, such as oci:/folder:tag or docker://name; without it this machine's own file system."
  )
  static let jars = Option(
    "jars", .directory,
    "A folder with a JVM server's jars, and what else it needs there: it becomes the server's working folder, above an image with a JDK."
  )
  static let ready = Option(
    repeated: "ready", .text("URL"),
    "When it is ready: http://, tcp://, postgresql:// or exec:COMMAND. May be repeated.")
  static let within = Option("within", .duration, "How long the server may take to be ready.")
  static let environment = Option(
    repeated: "env", short: "e", .assignment, "Set a variable; NAME alone takes the caller's.")
  static let user = Option("user", short: "u", .text("UID[:GID]"), "Whom the server runs as.")
  static let folder = Option("workdir", short: "w", .directory, "Where the server is started.")
  static let memory = Option(
    "memory", .choice("RULE", of: Recipe.MemoryRule.self),
    "How its memory comes back at a thaw: `map`, mapped from a file where that is safe, or `copy`; the recipe's, or map."
  )
  static let warmUp = Option(
    repeated: "warm-up", .file,
    "Statements for the warm-up, after the recipe's own, over the connection of its PostgreSQL probe."
  )
  static let warmUpCommands = Option(
    repeated: "warm-up-command", .text("COMMAND"),
    "A command for the warm-up, run beside the server, words as a shell takes them.")
  static let warmUpTime = Option(
    "warm-up-time", .duration,
    "How long the warm-up lasts at least: until then all of its steps are done again.")
  static let tier = Option(
    "tier", .choice("TIER", of: FreezeRequest.Tiers.self),
    "What is frozen: the server running (`hot`), its code loaded and exercised before its main (`warm`), or `all`; unless told, what the recipe can."
  )
  static let noTrial = Option(
    flag: "no-trial", "Keep the checkpoint without having thawed it once.")
  static let words = Positional(
    repeated: "WORD", .text(), "The command line; with --recipe the server's arguments.")

  /// All of them: `thaw build` has them, too.
  static let options: [any OptionEntry] = [
    name, recipe, image, jars, ready, within, environment, user, folder, memory, warmUp,
    warmUpCommands,
    warmUpTime, tier, noTrial,
  ]

  static let command = Command(
    "freeze", summary: "Start a server, warm it up and freeze it into a checkpoint.",
    discussion: """
      The server runs in a container of its own, above the image or above this machine's own file \
      system; files that it writes are kept with the checkpoint. When it is ready it is warmed up \
      as its recipe says, frozen with CRIU, and thawed once as a trial.

      A recipe that says how gets a second checkpoint, of the server before its main: it is thawed \
      where arguments, environment or data are others than at the freeze.

      Give a recipe, or any command line with a way to tell when it is ready.
      """,
    arguments: [words],
    options: options,
    examples: [
      .init(
        "thaw freeze --recipe ledger --image oci:/var/cache/thaw/ledger:latest",
        "Freezes the sample server."),
      .init(
        "thaw freeze --name shop --ready http://127.0.0.1:8080/ -- java -jar shop.jar",
        "Freezes any command line on this machine's file system."),
    ],
    exitCodes: Failure.common + [Failure.serverFailed, Failure.badRecipe, Failure.stopped], run: run
  )

  static func run(_ parsed: Parsed) throws -> ExitCode {
    let output = try Globals.output(parsed)
    let request = try FreezeRequest(parsed)
    let engine = try Globals.engine(parsed)
    let freezing = try request.freezing(engine, output)
    let progress = FreezeProgress(output)
    let checkpoint: Checkpoint
    do {
      checkpoint = try freezing.run(engine) { progress.take($0) }
    } catch {
      progress.fail()
      throw error
    }
    progress.finish()
    try output.result(
      CheckpointLine(checkpoint, names: [freezing.name]),
      output.isQuiet ? freezing.name : summary(checkpoint.manifest, freezing.name))
    return .success
  }

  private static func summary(_ manifest: Manifest, _ name: String) -> String {
    let cold = Human.text(.milliseconds(Int64(manifest.history.coldStart)))
    let trial = manifest.history.trialThaw.map {
      ", thawed in \(Human.text(.milliseconds(Int64($0)))) in the trial"
    }
    return "\(name) is frozen: \(manifest.size), cold start \(cold)\(trial ?? "")\n"
      + "Run it with: thaw run -d \(name)"
  }
}
