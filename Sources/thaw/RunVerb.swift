import Arguments
import Images
import Lifecycle
import Linux

/// `thaw run`: a server from its checkpoint, thawed where that is safe, else cold.
enum RunVerb {
  static let detach = Option(
    flag: "detach", short: "d", "Return when the server answers, and leave it running.")
  static let name = Option("name", .text("NAME"), "The container's name.")
  static let publish = Option(
    repeated: "publish", short: "p", .portMapping,
    "Publish a port: [ADDRESS:]PORT:SERVER'S PORT. Without it each port of the server is published on 127.0.0.1."
  )
  static let volume = Option(
    repeated: "volume", short: "v", .volumeMapping, "Show the server a folder or a named volume.")
  static let environment = Option(
    repeated: "env", short: "e", .assignment,
    "Set a variable; with another value than at the freeze it is not thawed hot.")
  static let memory = Option(
    "memory", short: "m", .byteCount,
    "How much memory the server may have, such as 512m; if it takes more it is killed.")
  static let onStop = Option(
    "on-stop", .choice("WHAT", of: OnStop.self),
    "What becomes of a server whose data is on volumes when it is told to end: `hibernate` freezes it onto them, `stop` ends it. THAW_ON_STOP, unless told; else hibernate."
  )
  static let refresh = Option(
    "refresh", .refreshRule,
    "Freeze it again while it runs, when that time is over or it has accepted so many connections, and keep the new checkpoint if its first answers come sooner."
  )
  static let remove = Option(flag: "rm", "Keep nothing of the container when it has ended.")
  static let cold = Option(flag: "cold", "Start cold even if it could be thawed.")
  static let report = Option(
    "report", .number("DESCRIPTOR", in: 3...1023), hidden: true,
    "Tell how it went, for the caller of -d.")
  static let comparison = Option(
    "comparison", .choice("WAY", of: Running.Comparison.self), hidden: true,
    "Thaw in another way than Thaw's own, for thaw bench.")
  static let timeline = Option(
    "timeline", .number("DESCRIPTOR", in: 3...1023), hidden: true,
    "Tell each part of the start and when it was over, for thaw bench.")
  static let checkpoint = Positional("CHECKPOINT", .checkpoint, "What to thaw: a name or an id.")
  static let arguments = Positional(
    repeated: "ARGUMENT", .text(), "Arguments for the server instead of its recipe's, after --.")

  /// Below it PID 1 and CRIU cannot do their work.
  private static let smallestMemory: UInt64 = 16 << 20

  static let options: [any OptionEntry] = [
    detach, name, publish, volume, environment, memory, onStop, refresh, remove, report, comparison,
    timeline,
  ]

  static let exitCodes =
    Failure.common + [
      Failure.badRecipe, .init(125, "PID 1 of the container failed."),
      .init(126, "The server's program could not be started."), .others("The server's own status."),
    ]

  static let command = Command(
    "run", summary: "Thaw a server, or start it cold where a thaw would not be safe.",
    discussion: """
      One line in the server's log says whether it was thawed, and if not, why. Its log goes to \
      standard output and error, signals are handed on, and its status is this command's.

      A server that was thawed has the data that it was frozen with, in a private copy. An empty \
      volume on its data folder is filled with that data. On a volume with data of its own, with \
      other arguments or variables, it is thawed before its main where the checkpoint has that \
      (warm), and started cold elsewhere. `thaw explain` tells in advance.

      A server whose data is on volumes is hibernated when it is told to end, by `thaw stop`, \
      SIGTERM or Ctrl-C: frozen onto its volume, and the next start of the checkpoint on it goes \
      on where it stopped. If that fails, or takes longer than THAW_STOP_TIMEOUT (8s), it is \
      stopped as its recipe says, and its log tells why. Data that is on no volume belongs to the \
      container, and ends with it: `thaw hibernate` keeps it, in a checkpoint of its own.

      With --refresh the server is frozen as it is when the time is over or that many connections \
      were accepted, whichever comes first, and goes on; see `thaw refresh --help`. What it did since \
      it was thawed, its compiled code above all, is in the new checkpoint, so this is for servers \
      that keep nothing of their clients: one with data or volumes is refused. It is done again as \
      long as the checkpoint gets faster; the server's log says what came of it.
      """,
    arguments: [checkpoint, arguments], options: options + [cold],
    examples: [
      .init("thaw run -d ledger", "Thaws it and returns when it answers."),
      .init("thaw run --rm -p 15432:5432 ledger", "In the foreground, on another port."),
      .init("thaw run -d -v books:/var/lib/ledger ledger", "With its data on a volume."),
      .init(
        "thaw run -d --on-stop=stop -v books:/var/lib/ledger ledger",
        "Stopped at its end, not hibernated."),
      .init("thaw run -d -m 512m ledger", "With 512 MiB of memory at most."),
      .init(
        "thaw run -d --refresh after=1h,requests=10000 shop",
        "Its code gets better while it runs: the next start has that."),
      .init("thaw run ledger -- -f custom.yaml", "With other arguments."),
    ], exitCodes: exitCodes, run: run)

  static func run(_ parsed: Parsed) throws -> ExitCode {
    var request = try request(parsed)
    request.isCold = try parsed[cold]
    return try RunSession(parsed, request, verb: "run").run()
  }

  static func request(_ parsed: Parsed) throws -> Running {
    var request = Running(checkpoint: try parsed[checkpoint])
    let words = try parsed[arguments]
    request.name = try parsed[name]
    request.arguments = words.isEmpty ? nil : words
    request.environment = try FreezeRequest.variables(try parsed[environment])
    let ports = try parsed[publish]
    if !ports.isEmpty { request.ports = try ports.map(PublishedPort.init(_:)) }
    request.volumes = try volumes(parsed)
    request.isTransient = try parsed[remove]
    request.comparison = try parsed[comparison]
    request.memoryLimit = try memoryLimit(parsed)
    request.onStop = try parsed[onStop]
    request.refresh = try parsed[refresh]
    return request
  }

  static func volumes(_ parsed: Parsed) throws -> [VolumeRequest] {
    try parsed[volume].map { mapping in
      VolumeRequest(
        source: mapping.source, destination: Path(mapping.target), isReadOnly: mapping.isReadOnly)
    }
  }

  /// The limit of `--memory`; nil: none.
  static func memoryLimit(_ parsed: Parsed) throws -> ByteCount? {
    guard let bytes = try parsed[memory] else { return nil }
    guard bytes >= smallestMemory else {
      throw UsageError(
        .other("--memory: \(ByteCount(bytes)) is too little for any server: give at least 16m"),
        verb: "run")
    }
    return ByteCount(bytes)
  }
}

/// `thaw restore`: a thaw or nothing.
enum RestoreVerb {
  static let command = Command(
    "restore", summary: "Thaw a server; never start it cold.",
    discussion: """
      As `thaw run`, but where a thaw would not be safe or fails, it ends with status 6 and says \
      why.
      """,
    arguments: [RunVerb.checkpoint, RunVerb.arguments], options: RunVerb.options,
    examples: [
      .init("thaw restore --rm ledger", "Shows whether the checkpoint can be thawed here.")
    ],
    exitCodes: RunVerb.exitCodes + [Failure.notThawed], run: run)

  static func run(_ parsed: Parsed) throws -> ExitCode {
    var request = try RunVerb.request(parsed)
    request.mayStartCold = false
    return try RunSession(parsed, request, verb: "restore").run()
  }
}

extension PublishedPort {
  /// Takes what the command line gave.
  init(_ mapping: PortMapping) throws {
    guard mapping.transport == .tcp else {
      throw Failure(Failure.failed, "\(mapping): only TCP ports can be published")
    }
    self.init(
      hostAddress: mapping.hostAddress ?? "0.0.0.0", hostPort: mapping.hostPort ?? 0,
      containerPort: mapping.containerPort)
  }
}

extension ValueKind where Value == RefreshRule {
  /// When a running server is frozen again.
  static var refreshRule: ValueKind {
    ValueKind(
      "RULE", expecting: "a rule such as after=1h, requests=10000 or both with a comma",
      parse: RefreshRule.init(_:))
  }
}
