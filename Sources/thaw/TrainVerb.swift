import Arguments
import Checkpoint
import Images
import Linux
import Server
import Terminal

/// `thaw train`: records anew what a thawed server needs at once.
enum TrainVerb {
  static let sql = Option(
    repeated: "sql", .file,
    "Statements to be asked first, over the connection of the recipe's PostgreSQL probe.")
  static let get = Option(
    repeated: "get", .text("URL"), "A page to be asked for first. May be repeated.")
  static let commands = Option(
    repeated: "command", .text("COMMAND"),
    "A command to be run first beside the server, words as a shell takes them.")
  static let name = Option(
    "name", .text("NAME"), "The new checkpoint's name; it takes the old one's over, unless told.")
  static let checkpoint = Positional("CHECKPOINT", .checkpoint, "What to train: a name or an id.")

  static let command = Command(
    "train", summary: "Record with your own queries what a thawed server needs at once.",
    discussion: """
      The memory that a thawed server writes until its first answers is copied in bulk, the rest is \
      mapped and comes when it is touched. Which answers are the first, the recipe says \
      (`training`); this thaws the checkpoint once more, asks what you give, and lays its memory \
      out anew. Without a question the recipe's are asked.

      More questions make the first answer later and those questions' own answers sooner.
      """,
    arguments: [checkpoint], options: [sql, get, commands, name],
    examples: [
      .init("thaw train ledger --sql queries.sql", "Makes those queries fast after a thaw."),
      .init(
        "thaw train shop --get http://127.0.0.1:8080/cart --name shop-cart",
        "A second checkpoint, for another use."),
    ],
    exitCodes: Failure.common + [
      Failure.serverFailed, Failure.notThawed, Failure.badRecipe, Failure.stopped,
    ], run: run)

  static func run(_ parsed: Parsed) throws -> ExitCode {
    let output = try Globals.output(parsed)
    let engine = try Globals.engine(parsed)
    let old = try parsed[checkpoint]
    let found = try engine.checkpoints.find(old)
    let steps = try self.steps(parsed, found)
    let remaking = Remaking(
      old, .train(steps.isEmpty ? nil : WarmUp(steps: steps)), name: try parsed[name])
    let progress = FreezeProgress(output)
    let made: Checkpoint
    do {
      made = try remaking.run(engine) { progress.take($0) }
    } catch {
      progress.fail()
      throw error
    }
    progress.finish()
    let names = try engine.checkpoints.names(of: made.id)
    let title = names.first ?? made.id
    let trial = Human.text(.milliseconds(Int64(made.manifest.history.trialThaw ?? 0)))
    try output.result(
      CheckpointLine(made, names: names),
      output.isQuiet
        ? title
        : "\(title): \(made.manifest.memory.copied) copied, before \(found.manifest.memory.copied); "
          + "first answer after \(trial) in the trial")
    return .success
  }

  private static func steps(_ parsed: Parsed, _ found: Checkpoint) throws -> [Step] {
    var steps: [Step] = []
    for file in try parsed[sql] { steps.append(try found.readRecipe().step(sql: file)) }
    for url in try parsed[get] {
      guard case .http(let request) = try Probe(url: url) else {
        throw Failure(Failure.badRecipe, "\(url): --get takes http:// only")
      }
      steps.append(Step(.http(request)))
    }
    for text in try parsed[commands] { steps.append(try Step(command: text)) }
    return steps
  }
}
