import CRIU
import Linux

/// What becomes of a mapping at a thaw, and why.
package enum Placement: Sendable, Hashable {
  /// It is mapped from the memory file: its owner is known and bears that.
  case mapped(KnownRange.Kind)
  /// CRIU copies its pages, because of this.
  case copied(String)
  /// It holds no pages: there is nothing to bring back.
  case empty
  /// It is no private memory: CRIU restores it in a way of its own.
  case other(String)

  /// Whether it is mapped from the memory file.
  package var isMapped: Bool {
    if case .mapped = self { true } else { false }
  }

  /// One word.
  package var word: String {
    switch self {
    case .mapped: "mapped"
    case .copied: "copied"
    case .empty: "empty"
    case .other: "other"
    }
  }

  /// Why.
  package var reason: String {
    switch self {
    case .mapped(let kind): kind.rawValue
    case .copied(let reason), .other(let reason): reason
    case .empty: "no pages"
    }
  }
}

/// A call that a thawed server made in its trial and that a mapping of a file answers otherwise than memory would.
package struct Finding: Sendable, Hashable, Codable {
  /// The process.
  package var pid: Int32
  /// The lowest address that it touched.
  package var start: UInt64
  /// The address behind the last.
  package var end: UInt64
  /// The call, as `madvise(MADV_DONTNEED)`.
  package var call: String

  package init(pid: Int32, start: UInt64, end: UInt64, call: String) {
    self.pid = pid
    self.start = start
    self.end = max(start, end)
    self.call = call
  }
}

/// Decides for each mapping of a dump whether it may be mapped from a file.
///
/// A private mapping of a file differs from memory without one in what a program sees after MADV_DONTNEED or
/// MADV_FREE, in what lies behind its end after `mremap`, and in what `brk` may grow. So a mapping is mapped only when
/// its owner is known and known not to rely on any of that; all else is copied, as CRIU does.
package struct Classifier: Sendable {
  /// What is known of each process.
  package var known: [Int32: [KnownRange]]
  /// What trials found.
  package var findings: [Finding]
  /// Why nothing is mapped; nil: what may be is.
  package var copiesAll: String?

  package init(
    known: [Int32: [KnownRange]] = [:], findings: [Finding] = [], copiesAll: String? = nil
  ) {
    self.known = known
    self.findings = findings
    self.copiesAll = copiesAll
  }

  /// One decision for each mapping of a process, in their order.
  package func placements(of process: Snapshot.Process, in snapshot: Snapshot) -> [Placement] {
    let known = known[process.pid] ?? []
    let findings = findings.filter { $0.pid == process.pid }
    let id = snapshot.memoryID
    let stored = Pages(process.pieces.map(\.range))
    return process.map.mappings.map { mapping in
      if let special = Self.special(mapping, heap: process.map.heap) { return special }
      guard stored.overlaps(mapping.range) else {
        return mapping.status.contains(.filePrivate) && !mapping.isOf(id)
          ? .other("unchanged pages of a file") : .empty
      }
      if let copiesAll { return .copied(copiesAll) }
      if let reason = Self.obstacle(mapping, memoryID: id) { return .copied(reason) }
      if let finding = findings.first(where: { $0.start < mapping.end && mapping.start < $0.end }) {
        return .copied("\(finding.call) in the trial")
      }
      guard
        let owner = known.first(where: { $0.contains(from: mapping.start, to: mapping.end) })
      else {
        return .copied(
          mapping.status.contains(.filePrivate) ? "changed pages of a file" : "owner not known")
      }
      guard mapping.status.contains(.anonymousPrivate) || mapping.isOf(id) || owner.kind == .archive
      else { return .copied("changed pages of a file") }
      return .mapped(owner.kind)
    }
  }

  /// Mappings that are never a matter of pages, and those that `brk` or a thread's calls grow.
  private static func special(_ mapping: Mapping, heap: Range<UInt64>) -> Placement? {
    let status = mapping.status
    if !status.isDisjoint(with: [.vdso, .vvar, .vsyscall]) { return .other("the kernel's") }
    if status.contains(.uprobes) { return .other("the kernel's") }
    if !status.isDisjoint(with: [.fileShared, .anonymousShared, .systemV, .memfd]) {
      return .other("shared")
    }
    if !status.isDisjoint(with: [.aioRing, .socket]) { return .other("a ring of the kernel's") }
    if status.contains(.stack) || mapping.flags.contains(.growsDown) { return .copied("stack") }
    if status.contains(.heap) || mapping.range.overlaps(heap) {
      return .copied("the heap that brk grows")
    }
    return nil
  }

  /// Why a mapping with private pages may not be one of a file, whoever owns it.
  private static func obstacle(_ mapping: Mapping, memoryID: UInt64?) -> String? {
    let advice = mapping.isOf(memoryID) ? mapping.advice & ~Mapping.random : mapping.advice
    if advice != 0 { return "carries advice (\(adviceNames(advice)))" }
    if mapping.status.contains(.shadowStack) { return "shadow stack" }
    let allowed: Mapping.Flags = [.private, .anonymous, .noReserve]
    if mapping.flags.contains(.locked) { return "locked" }
    if mapping.flags.contains(.hugePages) { return "huge pages" }
    if mapping.flags.contains(.droppable) { return "droppable" }
    return mapping.flags.isSubset(of: allowed) ? nil : "flags \(mapping.flags.rawValue)"
  }

  /// The names of advice that is in force, one bit for each value of `madvise`.
  static func adviceNames(_ bits: UInt64) -> String {
    let names = [
      1: "MADV_RANDOM", 2: "MADV_SEQUENTIAL", 10: "MADV_DONTFORK", 12: "MADV_MERGEABLE",
      14: "MADV_HUGEPAGE", 15: "MADV_NOHUGEPAGE", 16: "MADV_DONTDUMP", 18: "MADV_WIPEONFORK",
    ]
    return (0..<64).filter { bits >> $0 & 1 == 1 }.map { names[$0] ?? "\($0)" }.joined(
      separator: ", ")
  }
}

extension Snapshot {
  /// Where the images have the memory file; nil where they map none.
  var memoryPath: Path? {
    memoryID.flatMap { files[$0] }.map { Path($0.path) }
  }

  /// The id of the memory file in the images; nil where they map none.
  var memoryID: UInt64? {
    files.first { MemoryFile.isPath($0.value.path) }?.key
  }
}
