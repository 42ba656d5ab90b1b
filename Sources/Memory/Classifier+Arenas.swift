extension Classifier {
  /// Adds glibc's arenas to what is known of each process: they are recognised in the dump itself.
  package mutating func findArenas(in snapshot: Snapshot) {
    let reader = SnapshotReader(snapshot)
    for process in snapshot.processes {
      let found = MallocArenas.ranges(in: process.map, memoryFile: snapshot.memoryID) {
        // What cannot be read is not known.
        (try? reader.read(process, address: $0, count: $1)) ?? nil
      }
      known[process.pid, default: []] += found
    }
  }
}
