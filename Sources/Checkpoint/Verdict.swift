package import Linux

/// Whether a checkpoint may be thawed here and now, and if not, why: a pure function of facts.
package struct Verdict: Sendable, Hashable, Codable {
  /// What a condition is about: what must change for it to hold.
  package enum Subject: String, Sendable, Hashable, Codable {
    /// What the user asked for: arguments, environment, user, folder.
    case request
    /// What the container may do.
    case rights
    /// Kernel, processor and clock.
    case machine
    /// The server's data and files.
    case files
    /// The checkpoint itself, which is missing or damaged: before any condition is looked at.
    case checkpoint
  }

  /// One thing that had to hold.
  package struct Condition: Sendable, Hashable, Codable {
    /// What was looked at, such as `kernel`.
    package var name: String
    /// What it is about.
    package var subject = Subject.request
    /// What the checkpoint needs.
    package var expected: String
    /// What there is.
    package var found: String
    /// Whether that will do.
    package var holds: Bool
    /// What to do if it does not.
    package var fix: String

    /// Why the checkpoint may not be thawed, in a sentence.
    fileprivate var reason: String { "\(name): \(found), the checkpoint needs \(expected); \(fix)" }
  }

  /// All conditions, in the order in which they were looked at.
  package var conditions: [Condition]

  /// Whether the checkpoint may be thawed.
  package var mayThaw: Bool { conditions.allSatisfy(\.holds) }

  /// The first condition that does not hold, in a sentence; nil if all hold.
  package var reason: String? { conditions.first { !$0.holds }?.reason }

  /// What the first condition that does not hold is about; nil if all hold.
  package var obstacle: Subject? { conditions.first { !$0.holds }?.subject }

  /// What there is where a checkpoint is to be thawed.
  package struct Situation: Sendable, Hashable {
    package var host: HostFacts
    /// What the server is asked to run.
    package var program: Manifest.Program
    /// The time of day.
    package var now: Timestamp
    /// CLOCK_MONOTONIC, as the thawed server would see it, in seconds.
    package var monotonic: Double
    /// The capabilities of the process that thaws.
    package var capabilities: [String]
    /// Whether the `clone3` system call may be used.
    package var clone3: Bool
    /// The CRIU at hand; nil if there is none.
    package var criu: String?
    /// The first file of the server that is not what it was.
    package var changedFile: FileTable.Change?
    /// Volumes on the server's data folders whose content is not that of the checkpoint.
    package var foreignVolumes: [Path]
    /// Why that is so, where it is known.
    package var foreignBecause: String?

    package init(
      host: HostFacts, program: Manifest.Program, now: Timestamp, monotonic: Double,
      capabilities: [String],
      clone3: Bool, criu: String?, changedFile: FileTable.Change?, foreignVolumes: [Path],
      foreignBecause: String? = nil
    ) {
      self.host = host
      self.program = program
      self.now = now
      self.monotonic = monotonic
      self.capabilities = capabilities
      self.clone3 = clone3
      self.criu = criu
      self.changedFile = changedFile
      self.foreignVolumes = foreignVolumes
      self.foreignBecause = foreignBecause
    }
  }

  /// Judges a checkpoint.
  package static func judge(_ manifest: Manifest, in situation: Situation) -> Verdict {
    let groups: [(Subject, [Condition])] = [
      (.request, askedFor(manifest.program, manifest.warm, situation.program)),
      (.rights, rights(manifest, situation)),
      (.machine, machine(manifest, situation)), (.files, files(manifest, situation)),
    ]
    return Verdict(
      conditions: groups.flatMap { subject, conditions in
        conditions.map { condition in
          var condition = condition
          condition.subject = subject
          return condition
        }
      })
  }
}

extension Verdict {
  /// Why a running server that was frozen as `then` is not what is asked for; nil if it is, as far as that is known without
  /// its manifest: further groups are not looked at.
  package static func misfit(
    of then: Manifest.Program, asked now: Manifest.Program
  ) -> String? {
    var now = now
    now.supplementaryGroups = then.supplementaryGroups
    return askedFor(then, nil, now).first { !$0.holds }?.reason
  }

  /// Whether a machine offers what code uses that was frozen on another.
  package static func offers(_ now: HostFacts, asFrozenOn then: HostFacts) -> Bool {
    offered(then, now).allSatisfy(\.holds)
  }

  /// Whether the same program is asked for.
  private static func askedFor(
    _ then: Manifest.Program, _ warm: Manifest.WarmFacts?, _ now: Manifest.Program
  ) -> [Condition] {
    let variables = Set(then.environment.keys).union(now.environment.keys).sorted().filter {
      then.environment[$0] != now.environment[$0] && warm?.counts($0) != false
    }
    let freeze = "freeze a checkpoint with it to have it hot"
    return [
      command(then, warm, now, fix: freeze),
      Condition(
        name: "environment",
        expected: warm == nil
          ? "the one it was frozen with" : "what was read while it was loaded",
        found: variables.isEmpty
          ? "the same" : "another value of \(variables.joined(separator: ", "))",
        holds: variables.isEmpty,
        fix: warm == nil ? freeze : "freeze a checkpoint with it to have it warm"),
      Condition(
        name: "user", expected: "\(then.user):\(then.group)",
        found: "\(now.user):\(now.group)",
        holds: then.user == now.user && then.group == now.group, fix: freeze),
      Condition(
        name: "groups", expected: list(then.supplementaryGroups),
        found: list(now.supplementaryGroups),
        // CRIU leaves a process that had none in those of whoever thaws it.
        holds: then.supplementaryGroups.isEmpty
          || Set(then.supplementaryGroups) == Set(now.supplementaryGroups),
        fix: "run the container with the groups that it had, or as root with SETUID and SETGID"),
      // Also before `main`: a JVM takes it when it starts, keeps it in places that compiled code has read, and opened a
      // relative class path there; what the exercise made absolute is the old one as well.
      Condition(
        name: "working directory", expected: then.workingDirectory.string,
        found: now.workingDirectory.string,
        holds: then.workingDirectory == now.workingDirectory, fix: freeze),
    ]
  }

  private static func list(_ groups: [UInt32]) -> String {
    groups.isEmpty ? "none" : groups.map { "\($0)" }.joined(separator: ", ")
  }

  /// All words, or of a server that was frozen before its `main` those in front of the arguments.
  private static func command(
    _ then: Manifest.Program, _ warm: Manifest.WarmFacts?, _ now: Manifest.Program, fix: String
  ) -> Condition {
    let found = now.words
    guard let command = warm?.command else {
      let then = then.words
      return Condition(
        name: "arguments", expected: text(then, besides: found),
        found: then == found ? "the same" : text(found, besides: then), holds: then == found,
        fix: fix)
    }
    let isSame = found.starts(with: command)
    return Condition(
      name: "command", expected: text(command, besides: found),
      found: isSame ? "the same" : text(found, besides: command), holds: isSame,
      fix: "freeze a checkpoint with it to have it warm")
  }

  /// A command line from the first word on that another has differently.
  private static func text(_ words: [String], besides other: [String]) -> String {
    let same = zip(words, other).prefix { $0 == $1 }.count
    guard same > 0, same < words.count else { return words.joined(separator: " ") }
    return (["…"] + words.dropFirst(same)).joined(separator: " ")
  }

  /// Whether this process may thaw at all.
  private static func rights(_ manifest: Manifest, _ now: Situation) -> [Condition] {
    let able = ["CAP_CHECKPOINT_RESTORE", "CAP_SYS_ADMIN"].contains {
      now.capabilities.contains($0)
    }
    let needsBounding =
      !manifest.processes.noNewPrivileges && !now.capabilities.contains("CAP_SETPCAP")
    return [
      Condition(
        name: "capability", expected: "CAP_CHECKPOINT_RESTORE",
        found: able ? "there" : "missing", holds: able, fix: "add --cap-add CHECKPOINT_RESTORE"),
      Condition(
        name: "capability to drop others",
        expected: manifest.processes.noNewPrivileges ? "none" : "CAP_SETPCAP",
        found: needsBounding ? "missing" : "as needed", holds: !needsBounding,
        fix: "add --cap-add SETPCAP"),
      Condition(
        name: "seccomp", expected: "the system call clone3", found: now.clone3 ? "there" : "hidden",
        holds: now.clone3, fix: "add --security-opt seccomp=Images/seccomp.json"),
      Condition(
        name: "CRIU", expected: "\(manifest.criu.version) or later",
        found: now.criu ?? "none", holds: isAtLeast(manifest.criu.version, now.criu),
        fix: "make the bundle with Setup/bundle.sh, or set THAW_BUNDLE to its folder"),
    ]
  }

  /// Whether the machine offers what the frozen code uses.
  private static func machine(_ manifest: Manifest, _ now: Situation) -> [Condition] {
    offered(manifest.host, now.host) + [
      Condition(
        name: "clock", expected: "at \(seconds(manifest.clock.monotonic)) or later",
        found: "at \(seconds(now.monotonic))", holds: now.monotonic >= manifest.clock.monotonic,
        fix: "wait until the machine has been up that long, or thaw with the runc engine")
    ] + age(manifest, now)
  }

  private static func offered(_ then: HostFacts, _ now: HostFacts) -> [Condition] {
    let lacking = Set(then.processorFeatures).subtracting(now.processorFeatures).sorted()
    let again = "freeze the server again on a machine like this one"
    return [
      Condition(
        name: "architecture", expected: then.architecture, found: now.architecture,
        holds: then.architecture == now.architecture, fix: again),
      Condition(
        name: "kernel", expected: "\(then.kernel) or later", found: now.kernel,
        holds: isAtLeast(then.kernel, now.kernel), fix: again),
      Condition(
        name: "processor", expected: "all features of \(then.processor)",
        found: lacking.isEmpty ? now.processor : "no \(lacking.joined(separator: ", "))",
        holds: lacking.isEmpty, fix: again),
      Condition(
        name: "vector registers", expected: "\(then.vectorStateSize) bytes",
        found: "\(now.vectorStateSize) bytes",
        holds: then.vectorStateSize == now.vectorStateSize, fix: again),
    ]
  }

  /// Whether it is not too old, where its recipe has a limit; a clock that was set back makes nothing young again.
  private static func age(_ manifest: Manifest, _ now: Situation) -> [Condition] {
    guard let limit = manifest.maxAge else { return [] }
    let age = abs(now.now.since(manifest.created).seconds)
    return [
      Condition(
        name: "age", expected: "at most \(seconds(limit))", found: seconds(age),
        holds: age <= limit, fix: "freeze the server again, or give it another max-age")
    ]
  }

  /// Whether the files are those that the frozen memory speaks of; before `main` it speaks of no data.
  private static func files(_ manifest: Manifest, _ now: Situation) -> [Condition] {
    let isForeign = !now.foreignVolumes.isEmpty && manifest.warm == nil
    return [
      Condition(
        name: "data",
        expected: manifest.warm == nil ? "the data that it was frozen with" : "any data",
        found: now.foreignVolumes.isEmpty
          ? "the same"
          : "other data in \(now.foreignVolumes.map(\.string).joined(separator: ", "))"
            + (now.foreignBecause.map { " (\($0))" } ?? ""),
        holds: !isForeign,
        fix: "a start on it reads what is there; an empty volume would be thawed onto"),
      Condition(
        name: "files", expected: "\(manifest.openFiles.entries.count) files unchanged",
        found: now.changedFile?.description ?? "unchanged", holds: now.changedFile == nil,
        fix: "freeze the server again"),
    ]
  }

  private static func seconds(_ value: Double) -> String {
    "\(Double(Int64(value * 10)) / 10) s"
  }

  /// Whether a dotted version is not before another, number by number.
  static func isAtLeast(_ least: String, _ found: String?) -> Bool {
    guard let found else { return false }
    let numbers = { (text: String) in
      text.prefix { $0.isNumber || $0 == "." }.split(separator: ".").map { Int($0) ?? 0 }
    }
    let (left, right) = (numbers(least), numbers(found))
    return !right.lexicographicallyPrecedes(left)
  }
}
