import Images
import Linux
import Terminal

extension Sheet {
  /// All that is known about a container.
  init(_ line: ContainerLine, _ folder: ContainerFolder, now: Timestamp) {
    add("Container") {
      $0.add("name", line.name)
      $0.add("id", line.id)
      $0.add("status", line.status(now: now))
      $0.add("checkpoint", line.checkpoint)
      $0.add("checkpoint id", line.checkpointID)
      $0.add("hibernated as", line.hibernated)
      $0.add("not hibernated", line.notHibernated)
      $0.add(
        "refresh",
        line.refresh.map {
          "\(Self.moment($0.when, now: now)): \($0.text)"
        })
      $0.add("tier", line.tier)
      $0.add("why not hot", line.reason)
      $0.add("first answer", line.firstAnswerMilliseconds.map { Human.text(milliseconds: $0) })
      $0.add("kept", line.isTransient ? "until it ends" : "until it is removed")
    }
    add("Server") {
      $0.add("command", CommandText.joined(line.arguments))
      $0.add("image", line.image)
      $0.add("ports", line.ports.map(\.description))
      $0.add(
        "volumes",
        line.volumes.map {
          "\($0.source) at \($0.destination)" + ($0.readOnly ? ", read only" : "")
        })
      $0.add("address", line.address)
    }
    add("Processes") {
      $0.add("first pid", line.pid.map { "\($0)" })
      $0.add("run by", line.monitor.map { "pid \($0)" })
      if let memory = line.memory {
        $0.add("memory", "\(memory.own) of its own, \(memory.shared) shared")
      }
      $0.add("memory limit", line.memoryLimit.map { "\($0)" })
      $0.add("made", line.created.map { Self.moment(Timestamp(seconds: $0), now: now) })
      $0.add("started", line.started.map { Self.moment(Timestamp(seconds: $0), now: now) })
      $0.add("ended", line.finished.map { Self.moment(Timestamp(seconds: $0), now: now) })
    }
    add("Files") {
      $0.add("folder", folder.path.string)
      $0.add("log", folder.log.string)
      $0.add("written", folder.upper.string)
    }
  }
}
