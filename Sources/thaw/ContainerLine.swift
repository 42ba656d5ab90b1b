import Images
import Linux
import Terminal

/// A container as `--json` prints it, and the parts of its row for people.
struct ContainerLine: Encodable {
  var id: String
  var name: String
  var checkpoint: String?
  var checkpointID: String?
  var image: String
  var arguments: [String]
  var tier: String?
  var reason: String?
  var state: String
  var exitCode: Int32?
  /// The checkpoint that its server was hibernated into, or the volume.
  var hibernated: String?
  /// Why it was not.
  var notHibernated: String?
  /// What came of it when it was last frozen again for a better checkpoint.
  var refresh: ContainerRecord.Refresh?
  var created: Int64?
  var started: Int64?
  var finished: Int64?
  var upSeconds: Double?
  var firstAnswerMilliseconds: Double?
  var ports: [PublishedPort]
  var volumes: [ContainerSpec.Bind]
  var address: String?
  var pid: Int32?
  var monitor: Int32?
  var isTransient: Bool
  /// In bytes; nil: as much as there is.
  var memoryLimit: ByteCount?
  /// Whether the kernel killed a process of it at that limit.
  var outOfMemory: Bool?
  var memory: Memory?

  /// What a container's processes have in memory, in bytes.
  struct Memory: Encodable, Hashable {
    /// What would be free if it ended.
    var own: ByteCount
    /// What others have in memory as well: files, above all.
    var shared: ByteCount
    /// Both.
    var resident: ByteCount
  }

  init(
    _ record: ContainerRecord, checkpoint: String?, now: Timestamp, memory: ProcessMemory? = nil
  ) {
    id = record.id
    name = record.name
    self.checkpoint = checkpoint
    checkpointID = record.checkpointID
    image = record.image
    arguments = record.arguments
    tier = record.tier
    reason = record.tierReason
    state = record.state.rawValue
    exitCode = record.exitCode
    // Where it was, if it has no name.
    hibernated =
      record.hibernated
      ?? (record.isHibernatedOnVolume == true ? record.volumes.first?.source.string : nil)
    notHibernated = record.notHibernated?.reason
    refresh = record.refresh
    // A damaged record tells no time.
    created = record.created.seconds > 0 ? record.created.seconds : nil
    started = record.started?.seconds
    finished = record.finished?.seconds
    ports = record.ports
    volumes = record.volumes
    address = record.address
    pid = record.pid
    monitor = record.monitor
    isTransient = record.isTransient
    memoryLimit = record.memoryLimit
    outOfMemory = record.outOfMemory
    firstAnswerMilliseconds = record.firstReady
    if record.state == .running, let started = record.started {
      upSeconds = max(0, now.since(started).seconds)
    }
    self.memory = memory.map {
      Memory(own: $0.own, shared: $0.sharedClean + $0.sharedDirty, resident: $0.resident)
    }
  }

  /// A container as it is now; its memory is asked for if it runs.
  static func current(_ record: ContainerRecord, in stock: Stock) -> ContainerLine {
    // A process that ends just now has no memory.
    let memory = record.pid.flatMap { try? Processes.memory(ofTree: $0) }
    return ContainerLine(
      record, checkpoint: stock.checkpointName(of: record), now: Clock.wall(), memory: memory)
  }
}

extension ContainerLine {
  /// The header of the table.
  static func table(wide: Bool) -> Table {
    var columns: [Table.Column] = [
      .init("NAME"), .init("CHECKPOINT"), .init("TIER"), .init("STATUS"),
      .init("FIRST ANSWER", .right), .init("OWN", .right), .init("SHARED", .right),
      .init(flexible: "PORTS", minimum: 21),
    ]
    if wide {
      columns.insert(.init("ID"), at: 1)
      columns += [.init("PID", .right), .init("WHY NOT HOT")]
    }
    return Table(columns)
  }

  /// Its row below that header.
  func row(wide: Bool, now: Timestamp) -> [Table.Cell] {
    var cells: [Table.Cell] = [
      .init(name), .init(checkpoint ?? "-"), tierCell, statusCell(now: now),
      .init(firstAnswerMilliseconds.map { Human.text(milliseconds: $0) } ?? "-"),
      .init(memory.map { "\($0.own)" } ?? "-"), .init(memory.map { "\($0.shared)" } ?? "-"),
      // What has ended publishes nothing.
      .init(state == "exited" ? "" : portsText),
    ]
    if wide {
      cells.insert(.init(id), at: 1)
      cells += [.init(pid.map { "\($0)" } ?? "-"), .init(reason ?? "")]
    }
    return cells
  }

  /// `127.0.0.1:5432->5432`; only TCP ports are published.
  var portsText: String {
    ports.map { "\($0.hostAddress):\($0.hostPort)->\($0.containerPort)" }.joined(separator: ", ")
  }

  private var tierCell: Table.Cell {
    switch tier {
    case "hot"?: .init("hot", .green)
    case let tier?: .init(tier, .yellow)
    case nil: .init("-")
    }
  }

  private func statusCell(now: Timestamp) -> Table.Cell {
    let text = status(now: now)
    return switch state {
    case "running": .init(text, .green)
    case "damaged": .init(text, .red)
    default: .init(text)
    }
  }

  /// What it is doing, and for how long.
  func status(now: Timestamp) -> String {
    switch state {
    case "created": return "starting"
    case "running":
      return upSeconds.map { "up \(Human.text(.milliseconds(Int64($0 * 1000))))" } ?? "up"
    case "exited":
      let ago = finished.map { " " + Human.text(ago: now.since(Timestamp(seconds: $0))) }
      if hibernated != nil { return "hibernated\(ago ?? "")" }
      let why = outOfMemory == true ? ", out of memory" : ""
      return "exited (\(exitCode.map { "\($0)" } ?? "?")\(why))\(ago ?? "")"
    default: return state
    }
  }
}
