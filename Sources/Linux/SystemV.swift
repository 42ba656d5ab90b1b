import CLinux

/// Shared memory and semaphores of System V, in the calling thread's IPC namespace.
public enum SystemV {
  /// A segment of shared memory.
  public struct Segment: Hashable, Sendable {
    /// Its number in the namespace.
    public var id: Int32
    /// By which programs find it; 0: none.
    public var key: Int32
    /// Bytes.
    public var size: UInt64
    /// Who may read and write it.
    public var mode: UInt32
    /// Whose it is.
    public var owner: UInt32
    /// How many times it is attached.
    public var attachments: Int
    /// Whether it goes when nobody has it attached any more.
    public var isRemoved: Bool
  }

  /// A set of semaphores.
  public struct SemaphoreSet: Hashable, Sendable {
    /// Its number in the namespace.
    public var id: Int32
    /// By which programs find it; 0: none.
    public var key: Int32
    /// How many semaphores.
    public var count: Int
    /// Who may use it.
    public var mode: UInt32
    /// Whose it is.
    public var owner: UInt32
  }

  /// The segments that there are; none where the kernel has no System V.
  public static func segments() throws(Errno) -> [Segment] {
    try rows("shm", columns: 8).map { row in
      let mode = UInt32(row[2], radix: 8) ?? 0
      return Segment(
        id: Int32(row[1]) ?? 0, key: Int32(row[0]) ?? 0, size: UInt64(row[3]) ?? 0,
        mode: mode & 0o777, owner: UInt32(row[7]) ?? 0, attachments: Int(row[6]) ?? 0,
        isRemoved: mode & 0o1000 != 0)
    }
  }

  /// The sets of semaphores that there are.
  public static func semaphoreSets() throws(Errno) -> [SemaphoreSet] {
    try rows("sem", columns: 5).map { row in
      SemaphoreSet(
        id: Int32(row[1]) ?? 0, key: Int32(row[0]) ?? 0, count: Int(row[3]) ?? 0,
        mode: (UInt32(row[2], radix: 8) ?? 0) & 0o777, owner: UInt32(row[4]) ?? 0)
    }
  }

  /// The ids of the message queues that there are.
  public static func messageQueues() throws(Errno) -> [Int32] {
    try rows("msg", columns: 2).map { Int32($0[1]) ?? 0 }
  }

  private static func rows(_ kind: String, columns: Int) throws(Errno) -> [[Substring]] {
    let text: String
    do throws(Errno) {
      text = try FileSystem.readText(Path("/proc/sysvipc") / kind)
    } catch {
      guard error == .noEntry else { throw error }
      return []
    }
    return text.split(separator: "\n").dropFirst()
      .map { $0.split(whereSeparator: \.isWhitespace) }
      .filter { $0.count >= columns }
  }
}

extension SystemV {
  /// Writes a segment's bytes to a file.
  public static func save(_ segment: Segment, to file: borrowing Descriptor) throws(Errno) {
    try checked(clinux_segment_save(segment.id, file.rawValue, Int(segment.size)))
  }

  /// Fills a segment from a file, whose first byte comes next.
  public static func load(
    _ id: Int32, size: UInt64, from file: borrowing Descriptor
  ) throws(Errno) {
    try checked(clinux_segment_load(id, file.rawValue, Int(size)))
  }

  /// Makes a segment with that very id.
  ///
  /// - Throws: `.exists` if the key or the id is taken, or cannot be had any more.
  public static func makeSegment(
    id: Int32, key: Int32, size: UInt64, mode: UInt32
  ) throws(Errno) {
    try make(
      id, { clinux_segment_make(key, Int(size), CInt(mode)) }, remove: removeSegment)
  }

  /// Removes a segment, at once or when nobody has it attached any more.
  public static func removeSegment(_ id: Int32) throws(Errno) {
    try checked(clinux_segment_remove(id))
  }

  /// The values of a set of semaphores.
  public static func values(of set: SemaphoreSet) throws(Errno) -> [UInt16] {
    var values = [UInt16](repeating: 0, count: set.count)
    try checked(clinux_semaphores_read(set.id, &values))
    return values
  }

  /// Makes a set of semaphores with that very id and these values.
  ///
  /// - Throws: as ``makeSegment(id:key:size:mode:)``.
  public static func makeSemaphores(
    id: Int32, key: Int32, mode: UInt32, values: [UInt16]
  ) throws(Errno) {
    try make(
      id, { clinux_semaphores_make(key, CInt(values.count), CInt(mode)) }, remove: removeSemaphores)
    try checked(clinux_semaphores_write(id, values))
  }

  /// Removes a set of semaphores.
  public static func removeSemaphores(_ id: Int32) throws(Errno) {
    try checked(clinux_semaphores_remove(id))
  }

  /// The kernel gives ids in turn, and takes one that is free again only after all others: so objects are made and
  /// removed until the wanted one comes.
  ///
  /// `shm_next_id` would do that at once, but a container may not write it.
  private static func make(
    _ wanted: Int32, _ attempt: () -> CInt, remove: (Int32) throws(Errno) -> Void
  ) throws(Errno) {
    for _ in 0..<attempts {
      let id = try checked(attempt())
      if id == wanted { return }
      try remove(id)
    }
    throw .exists
  }

  /// About 0.2 s.
  private static let attempts = 100_000
}
