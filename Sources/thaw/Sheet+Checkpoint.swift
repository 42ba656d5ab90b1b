import Checkpoint
import Images
import Linux
import Terminal

extension Sheet {
  /// All that is known about a checkpoint; `files` adds its lists of files.
  init(_ details: CheckpointDetails, files: Bool, now: Timestamp) {
    let manifest = details.manifest
    add("Checkpoint") {
      $0.add("name", details.names.joined(separator: ", "))
      $0.add("id", details.id)
      $0.add("state", details.damage.map { "damaged: \($0)" } ?? "whole")
      $0.add("here", details.hindrance.map { "not to be thawed: \($0)" } ?? "this machine suits it")
      $0.add("folder", details.path)
      $0.add("frozen", Self.moment(manifest.created, now: now))
      $0.add("tier", manifest.tier.rawValue)
      $0.add("falls back to", manifest.fallback)
      $0.add("size", "\(manifest.size) in \(manifest.contents.count) files")
      $0.add("format", "version \(manifest.version)")
    }
    addProgram(manifest)
    addHistory(manifest.history, memory: manifest.memory.file?.checkpoint)
    addMachine(manifest)
    if files { addFiles(manifest) }
    if let verification = details.verification {
      add("Verification") {
        $0.add("read", "\(verification.bytes) in \(verification.files) files")
        $0.add("result", verification.changes.isEmpty ? "all as at the freeze" : "damaged")
        for change in verification.changes { $0.add(line: change) }
      }
    }
  }

  private mutating func addProgram(_ manifest: Manifest) {
    let program = manifest.program
    add("Server") {
      $0.add("recipe", manifest.server)
      $0.add("command", CommandText.joined(program.words))
      $0.add("folder", program.workingDirectory.string)
      let groups = program.supplementaryGroups.map { "\($0)" }.joined(separator: ", ")
      $0.add(
        "user", "\(program.user):\(program.group)" + (groups.isEmpty ? "" : ", also in \(groups)"))
      $0.add("environment", CommandText.variables(program.environment))
      $0.add("ports", manifest.ports.map { "\($0)" }.joined(separator: ", "))
      $0.add("data", manifest.data.map(\.string))
      $0.add("image", manifest.base.reference ?? "none: this machine's own file system")
      $0.add("image digest", manifest.base.digest)
    }
    let processes = manifest.processes
    add("Processes") {
      $0.add("root", "pid \(processes.root)")
      $0.add("threads", "\(processes.ids.count): pids " + CommandText.ranges(processes.ids))
      $0.add("no_new_privs", processes.noNewPrivileges ? "set" : "not set")
      $0.add(
        "capabilities",
        processes.capabilities.isEmpty ? "none" : processes.capabilities.joined(separator: ", "))
      $0.add("output", processes.output)
      $0.add("errors", processes.errors)
      $0.add("resident", "\(manifest.memory.resident) when it was frozen")
      $0.add("mapped", manifest.memory.file.map { "\($0.pages) at a thaw, from one file" })
      $0.add("copied", "\(manifest.memory.copied) at a thaw")
      $0.add(
        "open files", "\(manifest.openFiles.entries.count), \(manifest.openFiles.size) in all")
    }
  }

  private mutating func addHistory(_ history: Manifest.History, memory: String?) {
    add("History") {
      $0.add("cold start", Human.text(milliseconds: history.coldStart))
      $0.add(
        "warm-up",
        history.warmUpSteps.isEmpty ? "none" : Human.text(milliseconds: history.warmUp))
      $0.add("steps", history.warmUpSteps)
      $0.add("dump", Human.text(milliseconds: history.dump))
      $0.add(
        "trial thaw", history.trialThaw.map { Human.text(milliseconds: $0) } ?? "none was made")
      $0.add(
        "refresh",
        history.refresh.map {
          "first answers within \(Human.text(milliseconds: $0.after.all)) instead of "
            + Human.text(milliseconds: $0.before.all)
            + ($0.container.map { ", frozen of \($0) while it ran" } ?? ", after a longer warm-up")
        })
      $0.add("container", history.container.map { "\($0), hibernated" })
      $0.add(
        "parent", history.parent.map { $0 + (memory == $0 ? ", whose memory file it maps" : "") })
      $0.add("memory of", memory.flatMap { $0 == history.parent ? nil : $0 })
    }
  }

  private mutating func addMachine(_ manifest: Manifest) {
    let (host, clock) = (manifest.host, manifest.clock)
    add("Frozen on") {
      $0.add("kernel", "\(host.kernel), \(host.architecture)")
      $0.add("boot", host.boot)
      $0.add("processor", host.processor)
      $0.add("features", CommandText.wrapped(host.processorFeatures))
      $0.add("vector state", "\(host.vectorStateSize) bytes")
      $0.add("CRIU", "\(manifest.criu.version), \(manifest.criu.build)")
      $0.add(
        "clocks",
        "monotonic \(Human.text(milliseconds: clock.monotonic * 1000)), boot "
          + "\(Human.text(milliseconds: clock.bootTime * 1000))"
          + (clock.young ? ", of a namespace of its own" : ", the machine's"))
    }
  }

  private mutating func addFiles(_ manifest: Manifest) {
    add("Open files") { group in
      var table = Table([.init("SIZE", .right), .init("DIGEST"), .init("CHANGED"), .init("PATH")])
      for file in manifest.openFiles.entries {
        table.add(
          "\(ByteCount(file.size))", file.digest?.short ?? "-",
          CommandText.moment(file.modified), file.path.string)
      }
      for line in table.lines(on: Surface(hasUnicode: true)) { group.add(line: line) }
    }
    add("Contents") { group in
      var table = Table([.init("BYTES", .right), .init("SHA-256"), .init("PATH")])
      for file in manifest.contents {
        table.add("\(file.size)", file.digest.hexadecimal, file.path.string)
      }
      for line in table.lines(on: Surface(hasUnicode: true)) { group.add(line: line) }
    }
  }

  static func moment(_ time: Timestamp, now: Timestamp) -> String {
    "\(CommandText.moment(time)), \(Human.text(ago: now.since(time)))"
  }
}
