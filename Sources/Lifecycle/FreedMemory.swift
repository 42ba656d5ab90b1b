import Linux
import Memory

/// Memory that a server has freed, but whose pages its allocator keeps: they would be written into a checkpoint.
enum FreedMemory {
  /// Has JVMs give it back to the kernel: 2 ms for the 16 to 22 MB that compilers leave behind when a thousand requests were
  /// answered.
  ///
  /// A JVM that cannot (JDK 17 before 17.0.9, musl), or that may not be asked, keeps it.
  static func giveBack(_ tree: [Int32], deadline: Deadline) {
    for pid in tree {
      guard let jvm = HotSpot(pid: pid) else { continue }
      _ = try? jvm.ask("System.trim_native_heap", deadline: deadline.or(after: .seconds(1)))
    }
  }
}
