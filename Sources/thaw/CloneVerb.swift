import Arguments
import Checkpoint
import Images
import Linux
import Terminal

/// `thaw clone`: several servers of one checkpoint at once, each with its own data and ports.
enum CloneVerb {
  static let count = Option(
    "count", short: "n", .number("NUMBER", in: 1...1000), default: 2, "How many.")
  static let name = Option(
    "name", .text("NAME"),
    "What their names begin with: NAME-1, NAME-2; the checkpoint's, unless told.")

  static let command = Command(
    "clone", summary: "Thaw several servers of one checkpoint, each on ports of its own.",
    discussion: """
      All are started at once. Each has the data that the server was frozen with, in a private \
      copy, and its own memory; what none of them changes they share. Their ports are published on \
      free ports of 127.0.0.1, which the table tells.

      If one cannot be started, none is left running.
      """,
    arguments: [RunVerb.checkpoint],
    options: [count, name, RunVerb.environment, RunVerb.memory, RunVerb.remove],
    examples: [
      .init("thaw clone --rm -n 8 ledger", "Eight databases for a test suite."),
      .init("thaw clone -n 8 --json ledger | jq '.ports[0].hostPort'", "The first port of each."),
      .init("thaw stop $(thaw clone --rm -n 3 -q ledger)", "Starts three and stops them."),
    ],
    exitCodes: Failure.common + [Failure.serverFailed], run: run)

  static func run(_ parsed: Parsed) throws -> ExitCode {
    SignalSet.endThisProgram()
    let output = try Globals.output(parsed)
    let engine = try Globals.engine(parsed)
    let checkpoint = try parsed[RunVerb.checkpoint]
    let found = try engine.checkpoints.find(checkpoint)
    let prefix = try parsed[name] ?? checkpoint
    var pending: [Pending] = []
    for number in 1...(try parsed[count]) {
      var request = Running(checkpoint: found.id)
      request.name = "\(prefix)-\(number)"
      request.environment = try FreezeRequest.variables(try parsed[RunVerb.environment])
      request.memoryLimit = try RunVerb.memoryLimit(parsed)
      request.isTransient = try parsed[RunVerb.remove]
      request.ports = found.manifest.ports.map {
        PublishedPort(hostAddress: "127.0.0.1", hostPort: 0, containerPort: $0)
      }
      let words = request.words(root: try parsed[Globals.root], verb: "run")
      pending.append(Pending(try DetachedRun(words)))
    }
    return try tell(collect(pending, engine).map { try Line($0, engine) }, output)
  }

  /// Waits for all; if one failed, the others are stopped and its error is thrown.
  private static func collect(
    _ pending: [Pending], _ engine: Engine
  ) throws -> [DetachedRun.Told] {
    var clones: [DetachedRun.Told] = []
    var failure: Failure?
    for one in pending {
      do {
        if let told = try one.told() { clones.append(told) }
      } catch {
        failure = failure ?? Failure(error)
      }
    }
    guard let failure else { return clones }
    for clone in clones {
      // One that has ended by now is what is wanted.
      guard let name = clone.name, let record = try? engine.containers.find(name) else { continue }
      _ = try? engine.containers.stop(record, runc: engine.runc, patience: .seconds(1))
    }
    throw failure
  }

  private static func tell(_ clones: [Line], _ output: Output) throws -> ExitCode {
    var table = Table([
      .init("NAME"), .init("TIER"), .init("FIRST ANSWER", .right),
      .init(flexible: "PORTS", minimum: 21),
    ])
    for clone in clones {
      if output.isQuiet, !output.isJSON {
        output.line(clone.name)
        continue
      }
      try output.json(clone)
      table.add([
        .init(clone.name), .init(clone.tier ?? "-"),
        .init(clone.firstAnswerMilliseconds.map { Human.text(milliseconds: $0) } ?? "-"),
        .init(clone.portsText),
      ])
    }
    if !output.isQuiet { output.table(table) }
    for clone in clones {
      if let reason = clone.reason { output.warning("\(clone.name): \(reason)") }
    }
    return try output.ended()
  }

  /// One of them, as `--json` prints it.
  private struct Line: Encodable {
    var id: String
    var name: String
    var tier: String?
    var reason: String?
    var firstAnswerMilliseconds: Double?
    var ports: [PublishedPort]

    init(_ told: DetachedRun.Told, _ engine: Engine) throws {
      let record = try engine.containers.find(told.id ?? told.name ?? "")
      (id, name, tier, reason) = (record.id, record.name, told.tier, told.reason)
      firstAnswerMilliseconds = told.milliseconds
      ports = record.ports
    }

    /// `127.0.0.1:38597->5432`.
    var portsText: String {
      ports.map { "\($0.hostAddress):\($0.hostPort)->\($0.containerPort)" }
        .joined(separator: ", ")
    }
  }

  /// One that was started, to be kept in an array, which cannot hold values that are not copied.
  private final class Pending {
    private var run: DetachedRun?

    init(_ run: consuming DetachedRun) { self.run = consume run }

    func told() throws -> DetachedRun.Told? {
      guard let run = run.take() else { return nil }
      return try run.told()
    }
  }
}
