import Checkpoint
import Lifecycle
import Linux
import Server

/// One container's life under this process as its monitor, from its record to its end.
struct Session {
  let engine: Engine
  let name: String
  let image: String
  let arguments: [String]
  var ports: [PublishedPort] = []
  var volumes: [ContainerSpec.Bind] = []
  var checkpoint: Checkpoint?
  /// What the user called the checkpoint.
  var checkpointName: String?
  /// How much memory it may have; nil: as much as there is.
  var memoryLimit: ByteCount?
  /// Whether nothing of it is kept when it has ended.
  var isTransient = true
  /// How long it may take in all.
  var deadline = Deadline.never
  /// How long it gets to end once it was told to.
  var patience: Duration = .seconds(30)
  /// How long of that a hibernation may take; nil: it is not hibernated then.
  var hibernatesWithin: TimeSpan?
  /// When it is frozen again for a better checkpoint while it runs; nil: never.
  var refresh: RefreshRule?
  /// Called when a part of the start is over.
  var passed: (Running.Part) -> Void = { _ in }
  /// Called with the record each time it changes.
  var changed: (ContainerRecord) -> Void = { _ in }

  /// Runs a container; the result is how its PID 1 ended.
  ///
  /// `prepare` says what to start in the container's folder, `finish` is called when all has ended and before a transient
  /// container's folder is removed.
  func run(
    prepare: (ContainerFolder) throws(EngineError) -> ServerContainer,
    log: @escaping (LogLine.Stream, [UInt8]) -> Void, event: @escaping (InitEvent) -> Signal?,
    finish: (ContainerFolder) throws(EngineError) -> Void = { _ in }
  ) throws(EngineFailure) -> ExitStatus {
    var record = ContainerRecord(
      name: name, image: image, arguments: arguments, ports: ports, volumes: volumes,
      isTransient: isTransient)
    record.checkpoint = checkpointName
    record.checkpointID = checkpoint?.id
    record.memoryLimit = memoryLimit
    record.hibernatesWithin = hibernatesWithin
    let owned = try Images.engine { () throws(EngineError) in
      LiveContainer(try engine.containers.create(record), changed)
    }
    do throws(EngineFailure) {
      let status = try run(owned, prepare: prepare, log: log, event: event)
      let hibernated = owned.folder.currentHibernation()
      try Images.engine { () throws(EngineError) in
        // The kernel's count goes with the control group.
        if ControlGroups.isOutOfMemory(owned.id) { try owned.update { $0.outOfMemory = true } }
        try engine.runc.delete(owned.id)
        try finish(owned.folder)
        try owned.end(hibernated == nil ? status : .exited(0), hibernated: hibernated)
      }
      // The server's end was wanted, and nothing of it is lost.
      return hibernated == nil ? status : .exited(0)
    } catch {
      // The first error is the one to tell; what is left is swept by the next command.
      try? engine.runc.delete(owned.id)
      try? owned.remove()
      throw error
    }
  }

  private func run(
    _ owned: LiveContainer, prepare: (ContainerFolder) throws(EngineError) -> ServerContainer,
    log: @escaping (LogLine.Stream, [UInt8]) -> Void, event: @escaping (InitEvent) -> Signal?
  ) throws(EngineFailure) -> ExitStatus {
    let signals = try Images.engine { () throws(EngineError) in
      try attempt("listening to signals", on: name) { () throws(Errno) in
        try SignalDescriptor([.terminate, .interrupt, .quit, .hangup, .user1, .user2])
      }
    }
    let pipes = try Images.engine { () throws(EngineError) in try Monitor.Pipes() }
    let network = try Images.engine { () throws(EngineError) in
      try Network.open(id: owned.id, published: ports)
    }
    passed(.network)
    let container = try Images.engine { () throws(EngineError) in try prepare(owned.folder) }
    let first = try container.start(
      network: network, output: pipes.output.writer.rawValue, errors: pipes.errors.writer.rawValue,
      events: pipes.events.writer.rawValue, leash: pipes.leash.reader.rawValue)
    passed(.container)
    try Images.engine { () throws(EngineError) in
      try owned.update {
        $0.state = .running
        $0.started = Clock.wall()
        $0.pid = first.pid
        $0.ports = network.published
        $0.address = "\(network.address)"
      }
    }
    let status = try watch(
      owned, Monitor(first, pipes, signals: signals, patience: patience), log: log, event: event)
    network.close()
    return status
  }

  private func watch(
    _ owned: LiveContainer, _ monitor: consuming Monitor,
    log: @escaping (LogLine.Stream, [UInt8]) -> Void, event: @escaping (InitEvent) -> Signal?
  ) throws(EngineFailure) -> ExitStatus {
    let pid = owned.pid
    do {
      var writer = try LogWriter(owned.folder.log)
      let write = { (stream: LogLine.Stream, bytes: [UInt8]) in
        // A full disk costs lines of the log, not the server.
        try? writer.append(bytes, from: stream)
        log(stream, bytes)
      }
      var watch: RefreshWatch?
      if let refresh, let pid, let checkpointName {
        watch = RefreshWatch(
          refresh, of: checkpointName, container: owned.id, pid: pid, engine: engine)
      }
      let status = try monitor.run(
        deadline: deadline, log: write,
        event: { told in
          // A record that cannot be written costs a line of `thaw ps`, not the server.
          try? owned.update { Self.note(told, in: &$0) }
          if case .cold = told, let pid { Self.leaveLowPIDs(in: pid) }
          return event(told)
        },
        refresh: &watch,
        news: { news in
          switch news {
          case .line(let text): write(.errors, Array("thaw: \(text)\n".utf8))
          // As with all of the record.
          case .ended(let outcome): try? owned.update { $0.refresh = outcome }
          }
        })
      watch?.end()
      try? writer.finish()
      return status
    } catch let error as EngineError {
      throw .engine(error)
    } catch {
      throw .engine(EngineError(.failed, name, "watching the container: \(error)"))
    }
  }

  /// Has a container's processes get high pids, which PID 1 waits for before it starts the server cold: a thaw of that
  /// server needs the low ones for itself.
  private static func leaveLowPIDs(in pid: Int32) {
    // A server with low pids runs as well; only a hibernation of it may have to be started cold.
    try? Processes.leaveOutPIDs(upTo: ColdStart.lowestPID, inNamespaceOf: pid)
  }

  private static func note(_ event: InitEvent, in record: inout ContainerRecord) {
    switch event {
    case .started(let pid): record.server = pid
    case .thawed(_, _, let tier, let reason):
      (record.tier, record.tierReason) = (tier.rawValue, reason)
    case .cold(let reason): (record.tier, record.tierReason) = ("cold", reason)
    case .answered(let milliseconds): record.firstReady = milliseconds
    case .hibernated: record.isHibernatedOnVolume = true
    case .notHibernated(let reason):
      record.notHibernated = .init(reason: reason, when: Clock.wall())
    default: break
    }
  }
}

/// A container that this process owns, changed from closures; everything happens on one thread.
private final class LiveContainer {
  let id: String
  let folder: ContainerFolder
  /// Its first process, once it runs.
  private(set) var pid: Int32?
  private let isTransient: Bool
  private var owned: OwnedContainer?
  private let changed: (ContainerRecord) -> Void

  init(_ owned: consuming OwnedContainer, _ changed: @escaping (ContainerRecord) -> Void) {
    id = owned.id
    folder = owned.folder
    isTransient = owned.record.isTransient
    self.owned = consume owned
    self.changed = changed
  }

  func update(_ change: (inout ContainerRecord) -> Void) throws(EngineError) {
    guard var container = owned.take() else { return }
    do throws(EngineError) {
      try container.update(change)
    } catch {
      owned = consume container
      throw error
    }
    let record = container.record
    pid = record.pid
    owned = consume container
    changed(record)
  }

  /// Notes how it ended, or removes it if nothing of it is to be kept.
  func end(_ status: ExitStatus, hibernated: HibernationNote?) throws(EngineError) {
    if isTransient {
      if let hibernated { try update { $0.hibernated = hibernated.name } }
      return try remove()
    }
    try update {
      $0.hibernated = hibernated?.name
      $0.state = .exited
      $0.finished = Clock.wall()
      $0.exitCode = status.shellCode
      $0.pid = nil
    }
  }

  func remove() throws(EngineError) {
    guard let container = owned.take() else { return }
    try container.remove()
  }
}
