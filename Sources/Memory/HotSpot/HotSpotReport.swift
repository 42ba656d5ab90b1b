/// What stands in a JVM's answers about addresses; the words are those of JDK 17 to 25.
struct HotSpotReport: Hashable, Sendable {
  /// The feature version; nil if the answer is not that of a HotSpot JVM on x86-64.
  private(set) var version: Int?
  /// Such as `g1 gc`.
  private(set) var collector: String?
  /// A line that tells of huge pages or NUMA.
  private(set) var objectionable: String?
  /// What was named, as it was named.
  private(set) var ranges: [KnownRange] = []

  /// Reads the answer to `VM.info`.
  ///
  /// Only its part about the process is read, which holds no text of the program's own, and only if
  /// there is one such part.
  init(_ info: String) {
    let lines = info.split(separator: "\n", omittingEmptySubsequences: false)
    readHeader(lines.prefix(12))
    let starts = lines.indices.filter { lines[$0].hasPrefix("---------------  P R O C E S S") }
    guard starts.count == 1 else {
      version = nil
      return
    }
    let process = lines[starts[0]...].prefix { !$0.hasPrefix("Compilation events") }
    for line in process { read(line) }
    readHeap(process)
    readCode(process)
  }

  /// `# Java VM: OpenJDK 64-Bit Server VM (17.0.15+6-Debian-1, mixed mode, …, g1 gc, linux-amd64)`.
  private mutating func readHeader(_ lines: some Sequence<Substring>) {
    guard let line = lines.first(where: { $0.hasPrefix("# Java VM: ") }),
      line.contains("OpenJDK 64-Bit ") || line.contains("HotSpot(TM) 64-Bit "),
      let open = line.lastIndex(of: "("), line.hasSuffix(", linux-amd64)")
    else { return }
    let words = line[line.index(after: open)...].split(separator: ", ")
    version = words.first.flatMap { Int($0.prefix { $0.isASCII && $0.isNumber }) }
    collector = words.first { $0.hasSuffix(" gc") }.map(String.init)
  }

  /// Lines that stand for themselves.
  private mutating func read(_ line: Substring) {
    let bounds = Addresses.bracketed(line)
    if line.hasPrefix("CDS archive(s) mapped at: ["), bounds.count == 3 {
      // The static archive, then the dynamic one.
      add(.archive, bounds)
    } else if line.hasPrefix("Compressed class space mapped at: ") {
      let space = Addresses.all(line)
      if space.count == 2 { add(.metaspace, space) }
    } else if line.hasPrefix("Card table byte_map: ["), bounds.count == 2 {
      add(.collector, bounds)
    } else if Self.bits.contains(where: { line.hasPrefix($0) }), bounds.count == 2 {
      add(.collector, bounds)
    } else if line.hasPrefix(" Large Page Support: ") || line.hasPrefix(" NUMA Support: ") {
      if !line.hasSuffix(": Disabled") { objectionable = String(line.dropFirst()) }
    }
  }

  /// Marking bits: G1 of 17, of 21 and 25, Parallel.
  private static let bits = [
    " Prev Bits: [", " Next Bits: [", " Bits: [", " Begin Bits: [", " End Bits:   [",
  ]

  /// The Java heap, as each collector describes what it has reserved.
  private mutating func readHeap(_ lines: ArraySlice<Substring>) {
    guard let start = lines.firstIndex(of: "Heap:") else { return }
    let heap = lines[start...].dropFirst()
    switch collector {
    case "g1 gc":
      add(.javaHeap, spaces(heap, [" garbage-first heap "], addresses: 2))
    case "serial gc":
      let old = [" def new generation ", " tenured generation "]
      let new = [" DefNew ", " Tenured "]
      add(.javaHeap, spaces(heap, old, addresses: 3) ?? spaces(heap, new, addresses: 3))
    case "parallel gc":
      add(.javaHeap, spaces(heap, [" PSYoungGen ", " ParOldGen "], addresses: 3))
    case "shenandoah gc":
      let named = heap.firstIndex { $0.drop { $0 == " " } == "Reserved region:" }
      if let line = named.flatMap({ heap[$0...].dropFirst().first }) {
        let bounds = Addresses.bracketed(line)
        if bounds.count == 2 { add(.javaHeap, bounds) }
      }
    default:
      // ZGC's is shared memory; others are not known.
      break
    }
  }

  /// The first and last address of spaces, one line for each, that lie one behind the other; nil
  /// if it is otherwise.
  private func spaces(
    _ lines: some Sequence<Substring>, _ names: [String], addresses: Int
  ) -> [UInt64]? {
    var found: [[UInt64]] = []
    for name in names {
      guard let line = lines.first(where: { $0.hasPrefix(name) }) else { return nil }
      let bounds = Addresses.bracketed(line)
      guard bounds.count == addresses, bounds == bounds.sorted() else { return nil }
      found.append(bounds)
    }
    found.sort { $0[0] < $1[0] }
    for (low, high) in zip(found, found.dropFirst()) where low[addresses - 1] != high[0] {
      return nil
    }
    guard let low = found.first?.first, let high = found.last?.last else { return nil }
    return [low, high]
  }

  /// Parts of the code cache: `CodeHeap '…': …` or `CodeCache: …`, then their bounds.
  private mutating func readCode(_ lines: ArraySlice<Substring>) {
    for (line, next) in zip(lines, lines.dropFirst())
    where line.hasPrefix("CodeHeap '") || line.hasPrefix("CodeCache: ") {
      // The lowest address, the end of what is committed, the end of what is reserved.
      let bounds = Addresses.bracketed(next)
      if next.hasPrefix(" bounds ["), bounds.count == 3 { add(.codeCache, bounds) }
    }
  }

  /// The nodes of the answer to `VM.metaspace vslist`:
  /// `- node #0: base 0x00007fc33f000000: reserved=65536.00 KB, …`.
  static func metaspaceNodes(_ text: String) -> [KnownRange] {
    text.split(separator: "\n").compactMap { line in
      guard line.hasPrefix("- node #"), let base = Addresses.all(line).first,
        let equals = line.firstRange(of: ": reserved=")?.upperBound
      else { return nil }
      let words = line[equals...].split(separator: " ", maxSplits: 2)
      guard words.count == 3, words[1].hasPrefix("KB"), words[0].hasSuffix(".00"),
        let size = UInt64(words[0].dropLast(3)), size < 1 << 40
      else { return nil }
      return KnownRange(.metaspace, from: base, to: base &+ size << 10)
    }
  }

  private mutating func add(_ kind: KnownRange.Kind, _ bounds: [UInt64]?) {
    guard let bounds, let first = bounds.first, let last = bounds.last, bounds == bounds.sorted(),
      first < last
    else { return }
    ranges.append(KnownRange(kind, from: first, to: last))
  }
}

/// Addresses in a text: `0x` and up to 16 digits.
enum Addresses {
  /// All of them, in the order that they stand in.
  static func all(_ text: some StringProtocol) -> [UInt64] {
    var found: [UInt64] = []
    let bytes = Array(text.utf8)
    var place = 0
    while place + 2 < bytes.count {
      guard bytes[place] == UInt8(ascii: "0"), bytes[place + 1] == UInt8(ascii: "x") else {
        place += 1
        continue
      }
      let digits = bytes[(place + 2)...].prefix { Self.value($0) != nil }
      if (1...16).contains(digits.count) {
        found.append(digits.reduce(0) { $0 << 4 | UInt64(value($1) ?? 0) })
      }
      place += 2 + digits.count
    }
    return found
  }

  /// Those in the first square brackets; also where the last bracket is round.
  static func bracketed(_ text: some StringProtocol) -> [UInt64] {
    guard let open = text.firstIndex(of: "["),
      let close = text[open...].firstIndex(where: { $0 == "]" || $0 == ")" })
    else { return [] }
    return all(text[open..<close])
  }

  private static func value(_ digit: UInt8) -> UInt8? {
    switch digit {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
    default: nil
    }
  }
}
