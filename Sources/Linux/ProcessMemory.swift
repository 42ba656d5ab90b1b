/// The memory of a process, as `/proc/PID/smaps_rollup` sums it up.
public struct ProcessMemory: Hashable, Sendable {
  /// In memory now, shared parts counted in full.
  public var resident = ByteCount.zero
  /// In memory now, each shared page divided by its sharers.
  public var proportional = ByteCount.zero
  /// Shared with others, unchanged.
  public var sharedClean = ByteCount.zero
  /// Shared with others, changed.
  public var sharedDirty = ByteCount.zero
  /// Its own and unchanged: pages of files that nobody else has mapped now.
  public var privateClean = ByteCount.zero
  /// Its own and changed.
  public var privateDirty = ByteCount.zero
  /// In no file: heap, stacks, copied pages.
  public var anonymous = ByteCount.zero
  /// On the swap device.
  public var swapped = ByteCount.zero

  /// No memory.
  public init() {}

  /// Its own: what would be free if it ended.
  public var own: ByteCount { privateClean + privateDirty }

  /// Reads the lines of `smaps_rollup`; unknown ones are passed over.
  public init(parsing text: String) {
    for line in text.split(separator: "\n") {
      let fields = line.split(whereSeparator: \.isWhitespace)
      guard fields.count >= 3, fields[2] == "kB", let value = UInt64(fields[1]), value < 1 << 50
      else { continue }
      let count = ByteCount.kibibytes(value)
      switch fields[0] {
      case "Rss:": resident = count
      case "Pss:": proportional = count
      case "Shared_Clean:": sharedClean = count
      case "Shared_Dirty:": sharedDirty = count
      case "Private_Clean:": privateClean = count
      case "Private_Dirty:": privateDirty = count
      case "Anonymous:": anonymous = count
      case "Swap:": swapped = count
      default: break
      }
    }
  }

  /// The sums of two processes.
  public static func + (left: ProcessMemory, right: ProcessMemory) -> ProcessMemory {
    var sum = left
    sum.resident += right.resident
    sum.proportional += right.proportional
    sum.sharedClean += right.sharedClean
    sum.sharedDirty += right.sharedDirty
    sum.privateClean += right.privateClean
    sum.privateDirty += right.privateDirty
    sum.anonymous += right.anonymous
    sum.swapped += right.swapped
    return sum
  }
}

extension Processes {
  /// The memory of a process.
  ///
  /// - Throws: `.noEntry` or `.noSuchProcess` if it is gone, `.access` if it is not to be looked
  ///   into.
  public static func memory(of pid: Int32) throws(Errno) -> ProcessMemory {
    ProcessMemory(parsing: try FileSystem.readText(Path("/proc/\(pid)/smaps_rollup")))
  }

  /// What a process has in memory, shared parts counted in full: a number that the kernel has at
  /// hand, where ``memory(of:)`` makes it look at every page.
  ///
  /// - Throws: `.noEntry` or `.noSuchProcess` if it is gone.
  public static func resident(of pid: Int32) throws(Errno) -> ByteCount {
    let fields = try FileSystem.readText(Path("/proc/\(pid)/statm")).split(separator: " ")
    guard fields.count > 1, let pages = UInt64(fields[1]) else { throw .badMessage }
    return ByteCount(pages * UInt64(Host.pageSize))
  }

  /// The memory of a process and its descendants together; those that end meanwhile are left out.
  public static func memory(ofTree pid: Int32) throws(Errno) -> ProcessMemory {
    var sum = try memory(of: pid)
    for one in descendants(of: pid) {
      // Ended meanwhile, or a zombie: it has none.
      if let more = try? memory(of: one) { sum = sum + more }
    }
    return sum
  }
}
