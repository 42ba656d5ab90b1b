import Checkpoint
import Linux
import Server

/// Starts a server from its program, with as few rights as it can be given.
package struct ColdStart {
  let plan: InitPlan
  /// What is started instead of the server itself; nil: the server.
  var launcher: [String]?

  /// The lowest pid that a server gets: those below are left to PID 1, CRIU and the engine's helpers at a thaw.
  package static let lowestPID: Int32 = 1000

  /// How long the engine may take to see to it, where this process may not.
  private static let patience = Duration.milliseconds(250)

  /// Starts the server in a session of its own, with empty capability sets and `no_new_privs`.
  func start(_ pipes: borrowing ServerPipes) throws(InitFailure) -> Child {
    leaveLowPIDs()
    let words = launcher ?? plan.program.words
    var spawn = Spawn(Path(words.first ?? ""), Array(words.dropFirst()))
    spawn.environment = plan.coldEnvironment ?? plan.program.environment
    // Its exercise may ask for them; the server's main never sees them.
    if launcher != nil { spawn.environment.merge(plan.recipe.portVariables) { $1 } }
    spawn.workingDirectory = plan.program.workingDirectory
    spawn.descriptors = [1: pipes.output.writer.rawValue, 2: pipes.errors.writer.rawValue]
    spawn.newSession = true
    spawn.noNewPrivileges = true
    spawn.ambientCapabilities = []
    if Self.capabilities.contains(.setPCAP) { spawn.boundingCapabilities = [] }
    Self.become(plan, &spawn)
    do throws(SpawnError) {
      return try spawn.start()
    } catch {
      throw InitFailure(
        .notStarted, "\(error)",
        fix: "look at the recipe's command, working-directory and user; they are the image's")
    }
  }

  /// Makes a program run as the server's user, if this process is another one.
  static func become(_ plan: InitPlan, _ spawn: inout Spawn) {
    guard Host.user != plan.program.user || Host.group != plan.program.group else { return }
    spawn.user = plan.program.user
    spawn.group = plan.program.group
    spawn.supplementaryGroups = plan.program.supplementaryGroups
  }

  /// How the recipe's commands run: beside the server, as its user, without rights.
  static func commands(_ plan: InitPlan, server: Int32?) -> CommandContext {
    var context = CommandContext()
    context.serverPID = server
    context.environment = plan.program.environment
    context.workingDirectory = plan.program.workingDirectory
    context.prepare = { spawn in
      spawn.ambientCapabilities = []
      spawn.noNewPrivileges = true
      become(plan, &spawn)
    }
    return context
  }

  static var capabilities: Set<Capability> {
    CapabilitySets.current().effective
  }

  private func leaveLowPIDs() {
    let path: Path = "/proc/sys/kernel/ns_last_pid"
    if let file = try? Descriptor.open(path, .writeOnly) {
      _ = try? file.write(Array("\(Self.lowestPID)".utf8))
      return
    }
    // Where it may not be written, the engine writes it when it is told of a cold start. If none does, the server gets
    // low pids; what is frozen of it then may not be thawed, and a cold start says so.
    if plan.isInImage, plan.hibernatesOnStop {
      // Without it a later thaw may find a pid taken, and the server is started cold.
      try? Processes.usePIDs(upTo: Self.lowestPID)
      return
    }
    guard plan.task == .start, plan.engineSetsPIDs else { return }
    let deadline = Deadline.after(Self.patience)
    while !deadline.hasPassed {
      let last = (try? FileSystem.readText(path)).flatMap { Int32($0.prefix(while: \.isNumber)) }
      if let last, last >= Self.lowestPID { return }
      deadline.or(after: .milliseconds(1)).pass()
    }
  }
}
