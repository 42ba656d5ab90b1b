/// The flags of a JVM that are not at their default: the answer to `VM.flags`.
struct HotSpotFlags: Hashable, Sendable {
  /// Values by name; `true` and `false` for switches.
  private(set) var values: [String: String] = [:]

  /// Reads an answer: `-XX:+UseG1GC -XX:MaxHeapSize=1073741824 …`.
  init(_ text: String) {
    for word in text.split(whereSeparator: \.isWhitespace) where word.hasPrefix("-XX:") {
      let flag = word.dropFirst(4)
      if flag.hasPrefix("+") || flag.hasPrefix("-") {
        values[String(flag.dropFirst())] = flag.hasPrefix("+") ? "true" : "false"
      } else if let equals = flag.firstIndex(of: "=") {
        let name = flag[..<equals].trimmingSuffix(while: { $0 == ":" })
        values[String(name)] = String(flag[flag.index(after: equals)...])
      }
    }
  }

  /// The first flag with which a JVM treats its memory otherwise: huge pages, NUMA, a heap in a
  /// file.
  var objectionable: String? {
    let switches = [
      "UseTransparentHugePages", "UseLargePages", "UseHugeTLBFS", "UseSHM",
      "LargePagesIndividualAllocation", "UseNUMA", "UseNUMAInterleaving",
    ]
    if let found = switches.first(where: { values[$0] == "true" }) { return "-XX:+\(found)" }
    return ["AllocateHeapAt", "AllocateOldGenAt"].first { !(values[$0] ?? "").isEmpty }
      .map { "-XX:\($0)" }
  }
}

extension Substring {
  /// Without the letters at its end that a condition holds for.
  fileprivate func trimmingSuffix(while condition: (Character) -> Bool) -> Substring {
    var text = self
    while let last = text.last, condition(last) { text.removeLast() }
    return text
  }
}
