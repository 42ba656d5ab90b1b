package import Linux
package import Server

/// What is known about a container: `containers/<id>/container.json`.
package struct ContainerRecord: Sendable, Hashable, Codable {
  /// What a container is doing.
  package enum State: String, Sendable, Hashable, Codable {
    /// It is being made.
    case created
    /// Its first process runs.
    case running
    /// Its first process has ended.
    case exited
    /// Its record cannot be read.
    case damaged
  }

  /// Twelve hexadecimal digits.
  package var id: String
  /// The name that people use; each is given once.
  package var name: String
  /// The name of the checkpoint that it was started from; nil: none.
  package var checkpoint: String?
  /// The id of that checkpoint.
  package var checkpointID: String?
  /// The base image as people know it, or `host`.
  package var image: String
  /// What runs in it.
  package var arguments: [String]
  /// When it was made.
  package var created: Timestamp
  /// When its first process was started.
  package var started: Timestamp?
  /// When its first process ended.
  package var finished: Timestamp?
  /// What it is doing.
  package var state: State
  /// How its first process ended, as a shell tells it; 137 if its monitor was killed.
  package var exitCode: Int32?
  /// How much memory it may have; nil: as much as there is.
  package var memoryLimit: ByteCount?
  /// Whether the kernel killed a process of it because it had reached that.
  package var outOfMemory: Bool?
  /// How warm its start was.
  package var tier: String?
  /// Why not warmer.
  package var tierReason: String?
  /// Milliseconds from the command to the first answer.
  package var firstReady: Double?
  /// Its published ports.
  package var ports: [PublishedPort]
  /// What of the host it sees.
  package var volumes: [ContainerSpec.Bind]
  /// The checkpoint that its server was hibernated into; nil: it was not.
  package var hibernated: String?
  /// Whether its server was hibernated onto its volume.
  package var isHibernatedOnVolume: Bool?
  /// How long a hibernation may take when it is told to end; nil: it is stopped.
  package var hibernatesWithin: TimeSpan?
  /// Why its server could not be hibernated onto its volume the last time that this was asked for.
  package var notHibernated: NotHibernated?
  /// What came of it when it was last frozen again for a better checkpoint; nil: it was not.
  package var refresh: Refresh?
  /// The server that was started, in the container's numbers; nil: it was thawed, and has the number that it was
  /// frozen with.
  package var server: Int32?
  /// Its first process, in the host's numbers, while it runs.
  package var pid: Int32?
  /// The process that owns it, while it runs.
  package var monitor: Int32?
  /// Its address on its link to this machine.
  package var address: String?
  /// Whether it is removed when it ends: `--rm`.
  package var isTransient: Bool

  /// A hibernation that did not come about.
  package struct NotHibernated: Sendable, Hashable, Codable {
    package var reason: String
    package var when: Timestamp
  }

  package init(
    id: String = ContainerRecord.newID(), name: String, image: String, arguments: [String],
    ports: [PublishedPort] = [], volumes: [ContainerSpec.Bind] = [], isTransient: Bool = false
  ) {
    self.id = id
    self.name = name
    self.image = image
    self.arguments = arguments
    self.ports = ports
    self.volumes = volumes
    self.isTransient = isTransient
    created = Clock.wall()
    state = .created
  }

  /// A new id: twelve random hexadecimal digits.
  package static func newID() -> String {
    let digits = String(UInt64.random(in: 0..<(1 << 48)), radix: 16)
    return String(repeating: "0", count: 12 - digits.count) + digits
  }

  /// Whether a text may be a container's name: letters, digits, `_ . -`, at most 64, a letter or
  /// digit first.
  package static func isValidName(_ name: String) -> Bool {
    let bytes = Array(name.utf8)
    guard let first = bytes.first, bytes.count <= 64, isLetterOrDigit(first) else { return false }
    return bytes.allSatisfy { isLetterOrDigit($0) || "_.-".utf8.contains($0) }
  }

  private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
      UInt8(ascii: "A")...UInt8(ascii: "Z"):
      true
    default: false
    }
  }

  /// What is left to be said about a container whose record cannot be read.
  static func damaged(id: String, isRunning: Bool) -> ContainerRecord {
    var record = ContainerRecord(id: id, name: id, image: "", arguments: [])
    record.created = Timestamp(seconds: 0)
    record.state = isRunning ? .running : .damaged
    return record
  }
}
