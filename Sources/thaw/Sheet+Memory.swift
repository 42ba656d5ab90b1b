import Linux
import Memory
import Terminal

extension Sheet {
  /// What became of each mapping, and why.
  mutating func addMemory(_ report: MemoryReport) {
    for process in report.processes {
      add("Memory of pid \(process.pid)") { group in
        for line in Self.sums(process).lines(on: Surface(hasUnicode: true)) {
          group.add(line: line)
        }
        group.add(line: "")
        var table = Table([
          .init("ADDRESSES"), .init("PROT"), .init("SIZE", .right), .init("IS"),
          .init("MAPPED", .right), .init("COPIED", .right), .init("WHY"), .init("FILE"),
        ])
        for row in process.mappings where row.placement != "other" && row.placement != "empty" {
          table.add(
            "\(String(row.start, radix: 16))-\(String(row.end, radix: 16))", row.protection,
            "\(ByteCount(row.end - row.start))", row.placement, Self.text(row.mapped),
            Self.text(row.copied), row.reason, row.name)
        }
        for line in table.lines(on: Surface(hasUnicode: true)) { group.add(line: line) }
      }
    }
    if !report.findings.isEmpty {
      add("Found in the trial") { group in
        for finding in report.findings {
          let range = "\(String(finding.start, radix: 16))-\(String(finding.end, radix: 16))"
          group.add(line: "pid \(finding.pid): \(finding.call) at \(range): copied since")
        }
      }
    }
  }

  /// One line for each owner or reason.
  private static func sums(_ process: MemoryReport.Process) -> Table {
    var order: [String] = []
    var sums: [String: (placement: String, count: Int, mapped: ByteCount, copied: ByteCount)] = [:]
    for row in process.mappings {
      let key = "\(row.placement) \(row.reason)"
      if sums[key] == nil { order.append(key) }
      let old = sums[key] ?? (row.placement, 0, .zero, .zero)
      sums[key] = (old.placement, old.count + 1, old.mapped + row.mapped, old.copied + row.copied)
    }
    var table = Table([
      .init("MAPPINGS", .right), .init("IS"), .init("MAPPED", .right), .init("COPIED", .right),
      .init("WHY"),
    ])
    let sorted = order.sorted { left, right in
      let (a, b) = (sums[left], sums[right])
      return (a?.mapped ?? .zero, a?.copied ?? .zero) > (b?.mapped ?? .zero, b?.copied ?? .zero)
    }
    for key in sorted {
      guard let sum = sums[key] else { continue }
      table.add(
        "\(sum.count)", sum.placement, text(sum.mapped), text(sum.copied),
        String(key.dropFirst(sum.placement.count + 1)))
    }
    return table
  }

  private static func text(_ bytes: ByteCount) -> String { bytes == .zero ? "" : "\(bytes)" }
}
