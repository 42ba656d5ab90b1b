import Checkpoint
import Linux
import Server

/// PID 1 of a container that was started from a checkpointed image: no engine of Thaw's is there, all that it knows lies
/// in the image.
package enum ImageStart {
  /// What the words behind the image's entry point ask for.
  package struct Request: Sendable, Hashable {
    /// What is to be done.
    package enum Mode: Sendable, Hashable {
      /// Thaw, else start cold.
      case start
      /// Thaw, else end with a status that says why not.
      case restoreOnly
      /// Say which start the server would get, and start nothing.
      case explain
      /// What the original's build asked of its image: refused, with what to do instead.
      case createCheckpoint
    }

    package var mode = Mode.start
    /// What to do when the container is told to end; nil: not said.
    package var onStop: OnStop?
    /// A word of Thaw's that cannot be understood.
    package var mistake: String?
    /// The server's arguments.
    package var arguments: [String]

    /// Takes Thaw's own words from the front; all others are the server's.
    package init(_ words: [String]) {
      var words = words[...]
      loop: while let word = words.first {
        switch word {
        case "--restore-only": mode = .restoreOnly
        case "--explain": mode = .explain
        case "--create-checkpoint": mode = .createCheckpoint
        case _ where word.hasPrefix("--on-stop="):
          onStop = OnStop(rawValue: String(word.dropFirst("--on-stop=".count)))
          if onStop == nil { mistake = word }
        default: break loop
        }
        words = words.dropFirst()
      }
      arguments = Array(words)
    }
  }

  /// Does what the words say, and returns the status to end with; all signals must be blocked.
  package static func run(_ words: [String]) -> Int32 {
    // Volumes and folders are part of a start.
    _ = Init.sinceStart()
    do throws(InitFailure) {
      let record = try ImageRecord.read()
      let request = Request(words)
      guard request.mode != .createCheckpoint else {
        throw InitFailure(
          .notStarted, "a checkpoint is not made in a container of its own image",
          fix: "`thaw build`, or ./build-with-criu.sh, makes an image with a new one")
      }
      if let mistake = request.mistake {
        throw InitFailure(
          .notStarted, "\(mistake) is neither hibernate nor stop", fix: "write --on-stop=stop")
      }
      let rights = Rights(record.program)
      let choice = choice(record, request, rights)
      var plan = plan(record, choice, request, rights)
      let folders = ImageFolders(record, choice.options[0].variant)
      if let folder = folders.taken {
        throw InitFailure(
          .notStarted, "another server runs on \(folder)",
          fix: "two servers on one volume would destroy its data: stop the other one first")
      }
      plan.foreignVolumes = folders.foreign
      let status = Init.run(plan, events: nil, leash: nil)
      // Its locks are held until here.
      _ = consume folders
      return status
    } catch {
      Init.log("\(error)")
      return Init.Status.notStarted
    }
  }

  /// Says which start the words would lead to; nothing is started, and nothing changed on a volume.
  package static func explain(_ words: [String]) throws -> Explanation {
    let record = try ImageRecord.read()
    let request = Request(words)
    let rights = Rights(record.program)
    let choice = choice(record, request, rights)
    var plan = plan(record, choice, request, rights)
    let folders = ImageFolders(record, choice.options[0].variant, fills: false)
    if let folder = folders.taken {
      throw InitFailure(
        .notStarted, "another server runs on \(folder)", fix: "it is what has to be stopped first")
    }
    plan.foreignVolumes = folders.foreign
    plan.unfilled = folders.unfilled
    let control = try Control(leash: nil)
    let explanation = Explanation.of(plan, cancel: control.cancel)
    _ = consume folders
    return explanation
  }

  /// The probe of the image's health check: 0 if the server answers, 1 if not.
  package static func health() -> Int32 {
    guard let record = try? ImageRecord.read() else { return 1 }
    // Which of them runs is not known here: with another configuration it may listen on other ports.
    var probes: [Probe] = []
    for variant in record.all {
      guard let probe = (variant.recipe ?? record.recipe).firstAnswer, !probes.contains(probe)
      else { continue }
      probes.append(probe)
    }
    let deadline = Deadline.after(.seconds(3))
    while !probes.isEmpty {
      for probe in probes {
        let patience: Duration = probes.count > 1 ? .milliseconds(300) : .seconds(3)
        let outcome = Readiness(probes: [probe]).wait(deadline: deadline.or(after: patience))
        if case .ready = outcome { return 0 }
      }
      if deadline.hasPassed { break }
    }
    return 1
  }

  private static func choice(
    _ record: ImageRecord, _ request: Request, _ rights: Rights
  ) -> VariantChoice {
    let becomes = rights.canBecomeServer
    return VariantChoice(
      record,
      .init(
        arguments: request.arguments, environment: Spawn.ownEnvironment(),
        workingDirectory: try? FileSystem.resolve("."),
        user: becomes ? record.program.user : Host.user,
        group: becomes ? record.program.group : Host.group))
  }

  private static func plan(
    _ record: ImageRecord, _ choice: VariantChoice, _ request: Request, _ rights: Rights
  ) -> InitPlan {
    let own = Spawn.ownEnvironment()
    let recipe = choice.options[0].variant.recipe ?? record.recipe
    var plan = InitPlan(task: .start, recipe: recipe, program: choice.program)
    plan.coldEnvironment = own
    plan.candidates = choice.candidates(record).filter { FileSystem.exists($0.path) }
    plan.main = ImageHome.checkpoint
    plan.bundle = ImageHome.bundle
    plan.isInImage = true
    plan.mayStartCold = request.mode != .restoreOnly
    plan.asksFirstAnswer = false
    plan.coldBecause = rights.obstacle
    plan.criuLog = own["THAW_CRIU_LOG"].flatMap { Int32($0) }
    plan.criuPatience = own["THAW_CRIU_TIMEOUT"].flatMap { TimeSpan($0) }
    plan.stop = stopPlan(record, request, own)
    return plan
  }

  /// Which data folders are on volumes, and what is done when the container is told to end.
  private static func stopPlan(
    _ record: ImageRecord, _ request: Request, _ own: [String: String]
  ) -> StopPlan {
    // Where mounts cannot be told there is no volume.
    let mounts = (try? Mount.table()) ?? []
    let folders = record.recipe.data
    var stop = StopPlan(volumes: folders.filter { DataVolume.holds($0, in: mounts) })
    stop.obstacle =
      folders.isEmpty
      ? "the recipe names no data folder"
      : folders.first { !stop.volumes.contains($0) }.map { "\($0) is not on a volume" }
    if !stop.take(request.onStop, own) {
      Init.log(
        "THAW_ON_STOP is neither hibernate nor stop, or THAW_STOP_TIMEOUT is no time: "
          + (stop.wish == .stop ? "the server will be stopped" : "it is \(stop.patience)"))
    }
    return stop
  }
}

/// Makes the most of what the container may do.
struct Rights {
  /// Whether the server runs as the user that it was frozen as.
  let canBecomeServer: Bool
  /// Why nothing can be thawed with these; nil if something may.
  let obstacle: String?

  /// Gives this process what it is permitted.
  ///
  /// A user other than root has capabilities from the file of this program or from the engine; CRIU, which has none from its
  /// file, gets them as ambient ones. Root that is to become another user looks at files as that user from now on: root
  /// without CAP_DAC_OVERRIDE could not read what is the server's.
  init(_ program: Manifest.Program) {
    let permitted = CapabilitySets.current().permitted
    guard Host.user == 0 else {
      // Without it the verdict says what is missing.
      try? CapabilitySets.keep(permitted.intersection([.checkpointRestore, .sysAdmin]))
      canBecomeServer = Host.user == program.user && Host.group == program.group
      obstacle = nil
      return
    }
    guard program.user != 0 || program.group != 0 else {
      canBecomeServer = true
      obstacle = nil
      return
    }
    canBecomeServer = permitted.isSuperset(of: [.setUID, .setGID])
    guard canBecomeServer else {
      obstacle =
        "user: the server was frozen as \(program.user):\(program.group), which root may not become here; "
        + "add --cap-add SETUID --cap-add SETGID, or --user \(program.user):\(program.group)"
      return
    }
    obstacle = nil
    // With CAP_SETUID and CAP_SETGID it cannot fail.
    try? Processes.lookAtFiles(asUser: program.user, group: program.group)
  }
}
