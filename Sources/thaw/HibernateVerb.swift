import Arguments
import Checkpoint
import Images
import Linux
import Terminal

/// `thaw hibernate`: freezes a server that runs, to go on later where it stopped.
enum HibernateVerb {
  static let name = Option(
    "name", .text("NAME"), "The checkpoint's name; the container's, unless told.")
  static let leaveRunning = Option(
    flag: "leave-running", "Let the server go on, as a copy of which the checkpoint is kept.")
  static let container = Positional("CONTAINER", .container, "A server that runs: its name or id.")

  static let command = Command(
    "hibernate", summary: "Freeze a server that runs, to go on later where it stopped.",
    discussion: """
      The server is frozen as it is, with all that happened since it was started, into a new \
      checkpoint, and its container ends with status 0. Memory that it did not change stays in the \
      checkpoint that it was thawed from, which is kept for as long as this one needs it. \
      Connections are closed; files that it wrote are kept with the checkpoint.

      The checkpoint gets the container's name, in place of an earlier hibernation of that name; \
      one that `thaw freeze` made is only replaced if --name says so. If anything fails, or the \
      command is stopped, the server goes on.

      A server whose data is on volumes is frozen onto these, as by `thaw stop`, and no checkpoint \
      gets a name: the next start of its checkpoint on the volumes goes on where it stopped. It \
      cannot be left running, for what it writes from then on would be the volume's. If it fails \
      the server goes on. With other folders of this machine alone it cannot be hibernated.
      """,
    arguments: [container], options: [name, leaveRunning],
    examples: [
      .init("thaw hibernate shop", "Freezes the server `shop` and ends it."),
      .init("thaw run -d --rm shop", "Goes on where it stopped."),
      .init(
        "thaw hibernate --leave-running --name shop-noon shop",
        "Keeps it as it is now, and lets it go on."),
    ],
    exitCodes: Failure.common + [Failure.serverFailed, Failure.stopped], run: run)

  static func run(_ parsed: Parsed) throws -> ExitCode {
    let output = try Globals.output(parsed)
    let onVolume = try HibernatingOnVolume.applies(
      to: try parsed[container], try Globals.engine(parsed))
    guard !onVolume else { return try runOnVolume(parsed, output) }
    var request = Hibernating(container: try parsed[container])
    request.name = try parsed[name]
    request.leavesRunning = try parsed[leaveRunning]
    let engine = try Globals.engine(parsed)
    // What would end this command ends the dump, and the server goes on.
    let signals = try SignalDescriptor([.terminate, .interrupt, .quit, .hangup])
    var phase: Phase?
    let done: Hibernating.Hibernated
    do {
      done = try request.run(engine, cancel: signals.rawValue) { step in
        phase?.finish()
        phase = output.begin(step.rawValue)
      }
    } catch {
      phase?.fail()
      throw error
    }
    phase?.finish()
    if !request.leavesRunning, !done.hasEnded {
      output.warning("\(done.record.name): its container has not ended yet; see: thaw ps")
    }
    let told = Told(done, leavesRunning: request.leavesRunning)
    try output.result(told, output.isQuiet ? told.name : told.text)
    return .success
  }

  /// A server whose data is on volumes.
  private static func runOnVolume(_ parsed: Parsed, _ output: Output) throws -> ExitCode {
    guard try parsed[name] == nil, try !parsed[leaveRunning] else {
      throw UsageError(
        .other(
          "the server's data is on a volume, and it is frozen onto that: neither --name nor --leave-running can be had"
        ), verb: "hibernate")
    }
    let signals = try SignalDescriptor([.terminate, .interrupt, .quit, .hangup])
    let done = try output.phase("Hibernate") { _ in
      try HibernatingOnVolume(container: try parsed[container])
        .run(try Globals.engine(parsed), signals: signals)
    }
    let told = ToldOnVolume(done)
    try output.result(told, output.isQuiet ? told.container : told.text)
    return .success
  }

  /// What was done, onto volumes.
  struct ToldOnVolume: Encodable {
    var container: String
    var checkpoint: String?
    var volumes: [String]
    var milliseconds: Double

    init(_ done: HibernatingOnVolume.Hibernated) {
      container = done.record.name
      checkpoint = done.record.checkpoint
      volumes = done.record.volumes.map { "\($0.source):\($0.destination)" }
      milliseconds = done.milliseconds
    }

    /// Two lines for people.
    var text: String {
      let options = volumes.map { "-v \($0) " }.joined()
      return
        "\(container) is hibernated onto its volume, in \(Human.text(milliseconds: milliseconds))\n"
        + "Run it with: thaw run -d \(options)\(checkpoint ?? "")"
    }
  }

  /// What was done.
  struct Told: Encodable {
    var name: String
    var id: String
    var container: String
    var parent: String?
    var bytes: UInt64
    var copied: ByteCount
    var milliseconds: Double
    var dumpMilliseconds: Double
    var runs: Bool

    init(_ done: Hibernating.Hibernated, leavesRunning: Bool) {
      let manifest = done.checkpoint.manifest
      name = done.name
      id = done.checkpoint.id
      container = done.record.name
      parent = manifest.memory.file?.checkpoint
      bytes = manifest.size.bytes
      copied = manifest.memory.copied
      milliseconds = done.milliseconds
      dumpMilliseconds = manifest.history.dump
      runs = leavesRunning
    }

    /// Two lines for people.
    var text: String {
      let what = runs ? "is frozen and goes on" : "is hibernated"
      return
        "\(container) \(what): checkpoint \(name), \(ByteCount(bytes)), in \(Human.text(milliseconds: milliseconds))\n"
        + "Run it with: thaw run -d \(name)"
    }
  }
}
