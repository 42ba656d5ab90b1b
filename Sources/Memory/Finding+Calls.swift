package import Linux

extension Finding {
  /// What of the calls of a thawed server speaks against mapping: those that touch a mapped range and would be answered
  /// otherwise by memory without a file.
  ///
  /// Each range and call is told once. `brk` cannot touch a mapped range: the heap that it grows is never one.
  package static func all(
    in calls: some Sequence<WatchedCall>, of report: MemoryReport
  ) -> [Finding] {
    var mapped: [Int32: Pages] = [:]
    for process in report.processes {
      mapped[process.pid] = Pages(
        process.mappings.filter { $0.placement == "mapped" }.map { $0.start..<$0.end })
    }
    var found: [Finding] = []
    for call in calls {
      for (range, name) in Self.touched(by: call.kind) {
        // A process of whom nothing is known may be a child with its parent's memory.
        let candidates = mapped[call.process].map { [call.process: $0] } ?? mapped
        for (pid, pages) in candidates where pages.overlaps(range) {
          let finding = Finding(
            pid: pid, start: range.lowerBound, end: range.upperBound, call: name)
          if !found.contains(finding) { found.append(finding) }
        }
      }
    }
    return found
  }

  /// The addresses that a call touches, with its name; none if it means the same for a file's memory.
  private static func touched(by call: WatchedCall.Kind) -> [(Range<UInt64>, String)] {
    switch call {
    case .madvise(let address, let length, let advice):
      guard !harmless.contains(advice) else { return [] }
      return [(range(address, length), "madvise(\(adviceName(advice)))")]
    case .mremap(let address, let length, let newLength, let flags, let newAddress):
      var touched = [(range(address, max(length, newLength)), "mremap")]
      if flags & 2 != 0 { touched.append((range(newAddress, newLength), "mremap")) }
      return touched
    case .processMadvise(_, _, _, let advice):
      // Its addresses lie in the caller's memory, which may have changed since: all is meant.
      return harmless.contains(advice)
        ? [] : [(0..<UInt64.max, "process_madvise(\(adviceName(advice)))")]
    case .brk(let address): return address == 0 ? [] : [(range(address - 1, 1), "brk")]
    }
  }

  private static func range(_ address: UInt64, _ length: UInt64) -> Range<UInt64> {
    let (end, isTooHigh) = address.addingReportingOverflow(length)
    return address..<(isTooHigh ? .max : end)
  }

  /// Advice that changes no byte, and is taken for memory of a file as for any other: NORMAL, RANDOM, SEQUENTIAL, WILLNEED,
  /// HUGEPAGE, NOHUGEPAGE, DONTDUMP, DODUMP, COLD, POPULATE_READ, POPULATE_WRITE, COLLAPSE.
  private static let harmless: Set<Int32> = [0, 1, 2, 3, 14, 15, 16, 17, 20, 22, 23, 25]

  private static func adviceName(_ advice: Int32) -> String {
    let names: [Int32: String] = [
      4: "MADV_DONTNEED", 8: "MADV_FREE", 9: "MADV_REMOVE", 10: "MADV_DONTFORK",
      11: "MADV_DOFORK", 12: "MADV_MERGEABLE", 13: "MADV_UNMERGEABLE", 18: "MADV_WIPEONFORK",
      19: "MADV_KEEPONFORK", 21: "MADV_PAGEOUT", 24: "MADV_DONTNEED_LOCKED",
      102: "MADV_GUARD_INSTALL", 103: "MADV_GUARD_REMOVE",
    ]
    return names[advice] ?? "\(advice)"
  }
}
