import CRIU
package import Linux

/// What became of each mapping of a checkpoint, and why: `memory.json`, which `thaw inspect --memory` prints.
///
/// It also keeps what was known when it was decided, so that the memory can be laid out anew.
package struct MemoryReport: Sendable, Hashable, Codable {
  /// What the file is called in a checkpoint's folder.
  package static let name = "memory.json"

  /// One mapping.
  package struct Row: Sendable, Hashable, Codable {
    package var start: UInt64
    package var end: UInt64
    /// As in `/proc/PID/maps`: `rw-p`.
    package var protection: String
    /// The file that the server mapped there, `[heap]`, `[stack]`; empty for memory without a name.
    package var name: String
    /// `mapped`, `copied`, `empty` or `other`.
    package var placement: String
    /// Whose memory it is, or why it is copied.
    package var reason: String
    /// Where it begins in the memory file; nil: it is not there.
    package var offset: UInt64?
    /// Bytes in the memory file, zeros included.
    package var mapped: ByteCount
    /// Bytes that CRIU copies.
    package var copied: ByteCount
  }

  /// One process.
  package struct Process: Sendable, Hashable, Codable {
    package var pid: Int32
    /// The memory whose owner was known.
    package var known: [KnownRange]
    /// Pages that CRIU copies although their mapping is mapped: written before the first answers.
    package var written: Pages
    package var mappings: [Row]
  }

  package var processes: [Process]
  /// What trials found.
  package var findings: [Finding]
  /// Why nothing was mapped; nil: what could be was.
  package var copiesAll: String?

  /// Describes what a rewriting decided.
  package init(_ rewriting: Rewriting, _ classifier: Classifier) {
    let snapshot = rewriting.snapshot
    let maps = Layout(rewriting).maps
    findings = classifier.findings
    copiesAll = classifier.copiesAll
    processes = zip(snapshot.processes, maps).map { process, map in
      let placements = rewriting.placements[process.pid] ?? []
      let written = rewriting.copied[process.pid] ?? Pages()
      return Process(
        pid: process.pid, known: classifier.known[process.pid] ?? [], written: written,
        mappings: zip(zip(process.map.mappings, map.mappings), placements).map { pair, placement in
          var row = Row(pair.0, placement, process, snapshot, written)
          row.offset = placement.isMapped ? pair.1.fileOffset : nil
          return row
        })
    }
  }

  /// For each process the pages that CRIU copies although their mapping is mapped.
  package var written: [Int32: Pages] {
    Dictionary(processes.map { ($0.pid, $0.written) }) { first, _ in first }
  }

  /// The ranges of the memory file that are holes because CRIU copies those pages.
  package var holes: [Range<Int64>] {
    processes.flatMap { process in
      process.mappings.flatMap { row -> [Range<Int64>] in
        guard let offset = row.offset else { return [] }
        return process.written.split(row.start..<row.end).filter(\.isMember).map {
          let begin = Int64(offset + ($0.range.lowerBound - row.start))
          return begin..<begin + Int64($0.range.count)
        }
      }
    }
  }

  /// Forgets all that was known but of memory that a snapshot still maps from its memory file.
  package mutating func narrow(to snapshot: Snapshot) {
    let id = snapshot.memoryID
    for index in processes.indices {
      let pid = processes[index].pid
      let mapped = (snapshot.processes.first { $0.pid == pid }?.map.mappings ?? [])
        .filter { id != nil && $0.isOf(id) }
      let known = processes[index].known
      processes[index].known = mapped.compactMap { mapping in
        known.first { $0.contains(from: mapping.start, to: mapping.end) }
          .map { KnownRange($0.kind, from: mapping.start, to: mapping.end) }
      }
    }
  }

  /// What decided, to decide again.
  package var classifier: Classifier {
    Classifier(
      known: Dictionary(processes.map { ($0.pid, $0.known) }) { first, _ in first },
      findings: findings, copiesAll: copiesAll)
  }
}

extension MemoryReport.Row {
  init(
    _ mapping: Mapping, _ placement: Placement, _ process: Snapshot.Process, _ snapshot: Snapshot,
    _ written: Pages
  ) {
    start = mapping.start
    end = mapping.end
    protection = mapping.protection.text + (mapping.flags.contains(.shared) ? "s" : "p")
    name = Self.name(of: mapping, snapshot)
    self.placement = placement.word
    reason = placement.reason
    let pieces = process.pieces(in: mapping.range)
    let all = pieces.reduce(0) { $0 + UInt64($1.range.count) }
    let apart = pieces.reduce(0) { sum, piece in
      written.split(piece.range).reduce(sum) {
        $0 + ($1.isMember ? UInt64($1.range.count) : 0)
      }
    }
    mapped = ByteCount(placement.isMapped ? all - apart : 0)
    copied = ByteCount(placement.isMapped ? apart : all)
  }

  private static func name(of mapping: Mapping, _ snapshot: Snapshot) -> String {
    let status = mapping.status
    if status.contains(.heap) { return "[heap]" }
    if status.contains(.stack) { return "[stack]" }
    if status.contains(.vdso) { return "[vdso]" }
    if status.contains(.vvar) { return "[vvar]" }
    if status.contains(.vsyscall) { return "[vsyscall]" }
    guard status.contains(.filePrivate) || status.contains(.fileShared) else { return "" }
    let path = snapshot.files[mapping.file]?.path ?? ""
    return MemoryFile.isPath(path) ? "" : path
  }
}

extension Mapping.Protection {
  /// As in `/proc/PID/maps`: `rwx`.
  var text: String {
    (contains(.read) ? "r" : "-") + (contains(.write) ? "w" : "-")
      + (contains(.execute) ? "x" : "-")
  }
}
