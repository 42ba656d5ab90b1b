package import Linux

/// How the commands of probes and steps are run: beside the server.
package struct CommandContext: Sendable {
  /// The variable that tells commands which process the server is.
  package static let serverPIDName = "THAW_SERVER_PID"

  /// The server; becomes `THAW_SERVER_PID` in the environment and is put in its place in words.
  package var serverPID: Int32?
  /// The whole environment besides that; its `PATH` is where the first word is looked up.
  package var environment: [String: String]
  /// Where commands start, nil: where Thaw runs.
  package var workingDirectory: Path?
  /// The last word on every command: user, group, capabilities, namespaces.
  package var prepare: (@Sendable (inout Spawn) -> Void)?
  /// How a child ended that this process's reaper took away first; for PID 1, which reaps
  /// everything.
  package var reaped: (@Sendable (_ pid: Int32) -> ExitStatus?)?

  /// Makes a context.
  package init(
    serverPID: Int32? = nil, environment: [String: String] = Spawn.ownEnvironment(),
    workingDirectory: Path? = nil, prepare: (@Sendable (inout Spawn) -> Void)? = nil,
    reaped: (@Sendable (_ pid: Int32) -> ExitStatus?)? = nil
  ) {
    self.serverPID = serverPID
    self.environment = environment
    self.workingDirectory = workingDirectory
    self.prepare = prepare
    self.reaped = reaped
  }

  /// The command as it is started, without descriptors.
  func spawn(_ words: [String]) -> Spawn {
    let words = words.map(expanded)
    var spawn = Spawn(Path(words.first ?? ""), Array(words.dropFirst()))
    spawn.name = words.first
    spawn.environment = environment
    if let serverPID { spawn.environment[Self.serverPIDName] = "\(serverPID)" }
    spawn.workingDirectory = workingDirectory
    spawn.newSession = true
    prepare?(&spawn)
    return spawn
  }

  /// The word with `$THAW_SERVER_PID` and `${THAW_SERVER_PID}` replaced; other variables are left
  /// alone.
  func expanded(_ word: String) -> String {
    guard let serverPID else { return word }
    var result = ""
    var rest = word[...]
    while let dollar = rest.firstIndex(of: "$") {
      result += rest[..<dollar]
      let behind = rest[rest.index(after: dollar)...]
      if behind.hasPrefix("{\(Self.serverPIDName)}") {
        result += "\(serverPID)"
        rest = behind.dropFirst(Self.serverPIDName.count + 2)
      } else if behind.hasPrefix(Self.serverPIDName),
        !Self.goesOn(behind.dropFirst(Self.serverPIDName.count))
      {
        result += "\(serverPID)"
        rest = behind.dropFirst(Self.serverPIDName.count)
      } else {
        result += "$"
        rest = behind
      }
    }
    return result + rest
  }

  /// Whether the name of a variable goes on here.
  private static func goesOn(_ rest: Substring) -> Bool {
    guard let next = rest.first else { return false }
    return next == "_" || next.isASCII && (next.isLetter || next.isNumber)
  }
}
