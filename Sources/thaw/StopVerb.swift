import Arguments
import Images
import Linux
import Terminal

/// `thaw stop`: ends servers.
enum StopVerb {
  static let time = Option(
    "time", short: "t", .number("SECONDS", in: 0...86_400),
    "How long a server may take before it is killed; what its recipe says, unless told.")
  static let names = Positional(
    repeated: "NAME", .container, atLeast: 1, "A server: its name or id.")

  static let command = Command(
    "stop", summary: "Stop servers that run.",
    discussion: """
      A server whose data is on volumes is hibernated onto them, unless it was started with \
      --on-stop=stop; see `thaw run --help`. Any other gets the signal that its recipe says, and \
      time to end. One that does not is killed. \
      The command returns when all that belonged to it is gone. A server that has ended already is \
      no error.
      """,
    arguments: [names], options: [time],
    examples: [
      .init("thaw stop ledger", "Stops it as its recipe says."),
      .init("thaw stop -t 2 ledger shop", "Stops two, killed after 2 seconds."),
    ],
    exitCodes: [Failure.failed, Failure.notFound, Failure.lacking, Failure.notRoot], run: run)

  static func run(_ parsed: Parsed) throws -> ExitCode {
    SignalSet.endThisProgram()
    let output = try Globals.output(parsed)
    let stock = try Stock(parsed)
    let limit = try parsed[time].map { Duration.seconds($0) }
    let code = forEach(try parsed[names], output) { name in
      let record = try stock.containers.find(name)
      let stopped = try stop(record, patience: limit, stock, output)
      // Nothing is left of one that was to leave nothing.
      let why = (try? stock.containers.find(record.id))?.notHibernated?.reason
      let told = Told(record, stopped, why: record.hibernatesWithin == nil ? nil : why)
      try output.result(told, output.isQuiet ? record.name : told.text)
    }
    return try output.ended(code)
  }

  /// Ends a container, with a sign that turns on a terminal while it is waited for.
  static func stop(
    _ record: ContainerRecord, patience: Duration?, _ stock: Stock, _ output: Output
  ) throws -> Containers.Stopped {
    guard stock.containers.isRunning(record.id) else { return .notRunning }
    let runc = try stock.runc()
    let phase = output.notes.isTerminal ? output.begin("Stop \(record.name)") : nil
    let stopped = try stock.containers.stop(
      record, runc: runc, patience: patience ?? stock.patience(of: record))
    phase?.finish()
    return stopped
  }

  /// What was done.
  struct Told: Encodable {
    var name: String
    var id: String
    var result: String
    var milliseconds: Double?
    /// Why it was not hibernated, if it should have been.
    var why: String?

    init(_ record: ContainerRecord, _ stopped: Containers.Stopped, why: String?) {
      self.why = why
      name = record.name
      id = record.id
      switch stopped {
      case .notRunning: result = "not running"
      case .ended(let time):
        result = record.isHibernatedOnVolumes ? "hibernated" : "stopped"
        milliseconds = time.milliseconds
      case .killed(let time): (result, milliseconds) = ("killed", time.milliseconds)
      }
    }

    /// One line for people.
    var text: String {
      let time = milliseconds.map { Human.text(milliseconds: $0) } ?? ""
      return switch result {
      case "stopped":
        "\(name): stopped after \(time)" + (why.map { "; not hibernated: \($0)" } ?? "")
      case "hibernated": "\(name): hibernated after \(time)"
      case "killed": "\(name): did not end and was killed after \(time)"
      default: "\(name): did not run"
      }
    }
  }
}
