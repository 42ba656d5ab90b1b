package import Linux
package enum HotSpot {
  package static func ranges(of pid: Int32, deadline: Deadline) throws -> [KnownRange] { [KnownRange(.javaHeap, from: 0x1000, to: 0x7fff_ffff_0000)] }
}
extension Classifier {
  /// Adds glibc's arenas, which are recognised in the dump itself.
  package mutating func findArenas(in snapshot: Snapshot) {}
}
