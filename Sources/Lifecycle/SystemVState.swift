import CRIU
import Checkpoint
import Linux

/// Shared memory and semaphores of System V that a server uses: `kept/system-v.json`, and a file for each segment's
/// bytes.
///
/// CRIU keeps them only together with an IPC namespace of the server's own, which takes CAP_SYS_ADMIN at a thaw, and
/// without one it forgets semaphores silently. So PID 1 keeps them: at a freeze it saves them, at a thaw it makes them
/// anew under their old ids, in the IPC namespace that the container has anyway, and has the thawed processes attach
/// them. PostgreSQL needs that: its lock against a second server on the same data is such a segment.
struct SystemVState: Codable {
  struct Segment: Codable {
    var id: Int32
    var key: Int32
    var size: UInt64
    var mode: UInt32
    /// Whether it goes when nobody has it attached any more.
    var isRemoved: Bool
    var attachments: [Attachment] = []

    var fileName: String { "system-v-\(id)" }
  }

  /// Where a process has a segment.
  struct Attachment: Codable {
    var pid: Int32
    var address: UInt64
    var readOnly: Bool
  }

  struct SemaphoreSet: Codable {
    var id: Int32
    var key: Int32
    var mode: UInt32
    var values: [UInt16]
  }

  var segments: [Segment] = []
  var semaphoreSets: [SemaphoreSet] = []

  /// Where it lies in a checkpoint.
  static func folder(_ checkpoint: Path) -> Path { checkpoint / "kept" }

  /// Whether any process that this one can see has a segment attached: then CRIU dumps only from another IPC namespace.
  static func isAttached() throws(Errno) -> Bool {
    try SystemV.segments().contains { $0.attachments > 0 }
  }

  /// Reads what a checkpoint has; nil if there is nothing.
  static func read(_ checkpoint: Path) throws(InitFailure) -> SystemVState? {
    let file = folder(checkpoint) / "system-v.json"
    guard FileSystem.exists(file) else { return nil }
    do {
      return try JSONText.decode(SystemVState.self, from: try FileSystem.readFile(file))
    } catch {
      throw InitFailure(
        .system, "reading \(file): \(JSONText.explain(error))", fix: "freeze the server again")
    }
  }

  func write(_ checkpoint: Path) throws {
    let file = Self.folder(checkpoint) / "system-v.json"
    try FileSystem.writeFile(file, try JSONText.encode(self), mode: 0o600)
  }

  // MARK: Freezing

  /// Saves all that there is, while the server stands still; nil if it uses nothing of the kind.
  static func take(
    to checkpoint: Path, user: UInt32 = Host.user
  ) throws(InitFailure) -> SystemVState? {
    var state = SystemVState()
    let fix = "freeze it in an image or with settings that do without it"
    let (segments, sets) = try system("looking for System V objects") { () throws(Errno) in
      (try SystemV.segments(), try SystemV.semaphoreSets())
    }
    let queues = try system("looking for System V message queues") { () throws(Errno) in
      try SystemV.messageQueues()
    }
    guard queues.isEmpty else {
      throw InitFailure(
        .dumpFailed, "the server has a System V message queue (id \(queues[0])), which is not kept",
        fix: fix)
    }
    if let other = (segments.map(\.owner) + sets.map(\.owner)).first(where: { $0 != user }) {
      throw InitFailure(
        .dumpFailed, "a System V object belongs to user \(other), the server is \(user)",
        fix: "run the server as that user (--user \(other))")
    }
    guard !segments.isEmpty || !sets.isEmpty else { return nil }
    try system("saving System V objects") { () throws(Errno) in
      try FileSystem.makeDirectory(folder(checkpoint), mode: 0o700, parents: true)
      for segment in segments {
        let kept = Segment(
          id: segment.id, key: segment.key, size: segment.size, mode: segment.mode,
          isRemoved: segment.isRemoved)
        let file = try Descriptor.open(
          Self.folder(checkpoint) / kept.fileName, .writeOnly, [.create, .truncate],
          mode: FileMode(rawValue: 0o600))
        try SystemV.save(segment, to: file)
        state.segments.append(kept)
      }
      for set in sets {
        state.semaphoreSets.append(
          SemaphoreSet(
            id: set.id, key: set.key, mode: set.mode, values: try SystemV.values(of: set)))
      }
    }
    return state
  }

  // MARK: Thawing

  /// Makes all objects anew; if one cannot be had, those made so far are removed again.
  func make(from checkpoint: Path) throws(Errno) {
    do throws(Errno) {
      // By ascending id, in the order in which the kernel gives them.
      for segment in segments.sorted(by: { $0.id < $1.id }) {
        try SystemV.makeSegment(
          id: segment.id, key: segment.key, size: segment.size, mode: segment.mode)
        let file = try Descriptor.open(Self.folder(checkpoint) / segment.fileName, .readOnly)
        try SystemV.load(segment.id, size: segment.size, from: file)
      }
      for set in semaphoreSets.sorted(by: { $0.id < $1.id }) {
        try SystemV.makeSemaphores(id: set.id, key: set.key, mode: set.mode, values: set.values)
      }
    } catch {
      remove()
      throw error
    }
  }

  /// Whether processes must attach segments before they may run.
  var hasAttachments: Bool { segments.contains { !$0.attachments.isEmpty } }

  /// Has the restored processes, which must be stopped, attach their segments.
  func attach() throws(Errno) {
    for segment in segments {
      for attachment in segment.attachments {
        try Processes.attachSegment(
          segment.id, at: attachment.address, readOnly: attachment.readOnly, in: attachment.pid)
      }
      if segment.isRemoved { try SystemV.removeSegment(segment.id) }
    }
  }

  /// Removes what was made: a cold start finds none of it.
  func remove() {
    // What was not made yet, or is gone, need not be removed.
    for segment in segments { try? SystemV.removeSegment(segment.id) }
    for set in semaphoreSets { try? SystemV.removeSemaphores(set.id) }
  }
}
