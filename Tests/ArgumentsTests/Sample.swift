import Arguments

/// A program in the shape of Thaw, for the tests.
enum Sample {
  enum Engine: String, CaseIterable, Sendable { case host, runc, docker, podman }

  static let json = Option(flag: "json", "Print JSON lines.")
  static let quiet = Option(flag: "quiet", short: "q", "Print names only.")
  static let root = Option(
    "root", .directory, default: "/var/lib/thaw", environment: "THAW_ROOT",
    "The folder of checkpoints and servers.")

  static let program = Program(
    "thaw", version: "1.2.3", summary: "Start slow servers in milliseconds.",
    discussion: "Servers are frozen once and thawed whenever they are needed.",
    options: [json, quiet, root],
    groups: [
      .init("Freeze and thaw", [Freeze.command, Run.command]),
      .init("Look and clean up", [list, servers, stop, initialise]),
    ],
    examples: [.init("thaw run shop", "Thaws 'shop'.")],
    environment: [.init("THAW_ROOT", "The default of --root.")])

  static let list = Command("ls", summary: "List the checkpoints.") { _ in .success }
  static let servers = Command("ps", summary: "List the running servers.") { _ in .success }
  static let initialise = Command("init", summary: "Run as process 1.", hidden: true) { _ in
    .success
  }

  static let stopped = Positional(repeated: "SERVER", .container, atLeast: 1, "The servers.")
  static let stop = Command("stop", summary: "Stop servers.", arguments: [stopped]) { _ in
    .success
  }

  enum Run {
    static let detach = Option(flag: "detach", short: "d", "Return when the server answers.")
    static let remove = Option(flag: "rm", "Remove the server when it ends.")
    static let name = Option("name", .text("NAME"), "The server's name.")
    static let engine = Option(
      "engine", .choice("ENGINE", of: Engine.self), default: .runc, "What runs the server.")
    static let within = Option(
      "within", .duration, default: .seconds(30), "How long the first answer may take.")
    static let publish = Option(
      repeated: "publish", short: "p", .portMapping, "Publish a port: [ADDRESS:][HOST:]PORT.")
    static let variables = Option(repeated: "env", short: "e", .assignment, "Set a variable.")
    static let memory = Option("memory", short: "m", .byteCount, "The most memory it may have.")
    static let copies = Option("count", .number(in: 1...64), default: 1, "How many.")
    static let recipe = Option("recipe", .file, "A recipe, such as 'it'\\''s'.")
    static let hot = Option(flag: "hot-only", "Fail rather than start in another way.")
    static let cold = Option(flag: "cold", "Start without the checkpoint.")
    static let seed = Option("seed", .number(), hidden: true, "For tests.")

    static let checkpoint = Positional("CHECKPOINT", .checkpoint, "What to thaw.")
    static let words = Positional(repeated: "ARGUMENT", .file, "For the server.")

    static let command = Command(
      "run", summary: "Thaw a checkpoint, or start its server cold.",
      discussion: """
        Tries the hot tier, then the warm one, then a cold start, and says in one line which
        it took.

          thaw run shop   # stays as it is

        .A paragraph that begins with a dot – and ends with a \\ backslash.
        """,
      arguments: [checkpoint, words],
      options: [
        detach, remove, name, engine, within, publish, variables, memory, copies, recipe, hot,
        cold, seed,
      ],
      exclusive: [[hot, cold]], passThrough: true,
      examples: [.init("thaw run -dp 8080:8080 shop", "Thaws 'shop' in the background.")],
      exitCodes: [ExitCode(3, "No such checkpoint."), .others("The server's own status.")],
      run: { _ in .success })
  }

  enum Freeze {
    static let name = Option(required: "name", .text("NAME"), "The checkpoint's name.")
    static let server = Positional(
      repeated: "COMMAND", .program, atLeast: 1, "The server's command line.")
    static let command = Command(
      "freeze", summary: "Start a server, warm it up and freeze it.", arguments: [server],
      options: [name], passThrough: true, run: { _ in .success })
  }

  /// Parses a line that is cut at spaces, and expects that it asks to run a verb.
  static func parsed(
    _ line: String, environment: [String: String] = [:]
  ) throws -> Parsed {
    let words = line.split(separator: " ").map(String.init)
    switch try program.parse(words, environment: environment) {
    case .run(_, let parsed): return parsed
    case .show(let text): throw Shown(text: text)
    }
  }

  /// The text that a line asks for.
  static func shown(_ line: String) throws -> String {
    let words = line.split(separator: " ").map(String.init)
    switch try program.parse(words) {
    case .run(let command, _): throw Shown(text: "runs \(command.name)")
    case .show(let text): return text
    }
  }

  /// Something other than what the test asked for.
  struct Shown: Error { let text: String }
}
