public import Linux

/// All memory of some processes that stand still, to be compared with that of the same ones restored in another way.
public struct RestoredMemory: Sendable {
  /// Addresses that follow each other and have the same protection, whatever lies behind them.
  public struct Stretch: Hashable, Sendable, CustomStringConvertible {
    /// The addresses.
    public var range: Range<UInt64>
    /// Four letters, as `/proc/PID/maps` has them: `rw-p`.
    public var protection: String

    /// As a line of `/proc/PID/maps` begins.
    public var description: String {
      let bounds = [range.lowerBound, range.upperBound].map { String($0, radix: 16) }
      return "\(bounds[0])-\(bounds[1]) \(protection)"
    }
  }

  /// One process.
  struct Process: Sendable {
    var stretches: [Stretch] = []
    /// What each page holds, in a number; pages of zeros are left out.
    var pages: [UInt64: Int] = [:]
    /// Pages that cannot be read: behind the end of their file.
    var unreadable: Set<UInt64> = []
  }

  private static let page: UInt64 = 4096
  private static let chunk: UInt64 = 1 << 20

  var processes: [Int32: Process] = [:]

  /// How many pages are not zero, over all processes.
  public var pageCount: Int { processes.values.reduce(0) { $0 + $1.pages.count } }

  /// Reads all that the processes have mapped, through `/proc/PID/mem`: also what they may not read themselves.
  ///
  /// - Parameters:
  ///   - pids: the processes, stopped.
  ///   - proc: where the `/proc` is in which they have these numbers.
  ///   - masked: for each process what is taken for zero: bytes that the kernel writes by itself.
  /// - Throws: `Errno` if one of them is gone or not to be looked into.
  public init(
    of pids: [Int32], proc: Path = "/proc", masking masked: [Int32: [Range<UInt64>]] = [:]
  ) throws {
    for pid in pids {
      processes[pid] = try Self.read(proc / "\(pid)", masked[pid] ?? [])
    }
  }

  private static func read(_ folder: Path, _ masked: [Range<UInt64>]) throws -> Process {
    var process = Process()
    let memory = try Descriptor.open(folder / "mem", .readOnly)
    for line in try FileSystem.readText(folder / "maps").split(separator: "\n") {
      let fields = line.split(separator: " ", omittingEmptySubsequences: true)
      let bounds = fields.first?.split(separator: "-").compactMap { UInt64($0, radix: 16) } ?? []
      guard fields.count >= 5, bounds.count == 2 else { continue }
      // The kernel's clocks and calls: another page at each look.
      if fields.count > 5, fields[5].hasPrefix("[v") && fields[5] != "[vdso]" { continue }
      let range = bounds[0]..<bounds[1]
      // A child whose parent had the same memory unreadable comes back from CRIU with what it may only write: by x86 and
      // ARM the same as what it may read, too.
      let protection = fields[1].hasPrefix("-w") ? "r" + fields[1].dropFirst() : String(fields[1])
      if let last = process.stretches.last, last.range.upperBound == range.lowerBound,
        last.protection == protection
      {
        process.stretches[process.stretches.count - 1].range =
          last.range.lowerBound..<range.upperBound
      } else {
        process.stretches.append(Stretch(range: range, protection: protection))
      }
      for start in stride(from: range.lowerBound, to: range.upperBound, by: Int(chunk)) {
        process.take(memory, start..<min(start + chunk, range.upperBound), masked)
      }
    }
    return process
  }

  /// What differs, a line each; empty when all is the same.
  public func differences(from other: RestoredMemory) -> [String] {
    var found: [String] = []
    for pid in Set(processes.keys).union(other.processes.keys).sorted() {
      guard let ours = processes[pid], let theirs = other.processes[pid] else {
        found.append("process \(pid) is missing")
        continue
      }
      let stretches = Set(ours.stretches).symmetricDifference(theirs.stretches)
      found += stretches.sorted { $0.range.lowerBound < $1.range.lowerBound }.map {
        "\(pid): \($0) is only in \(ours.stretches.contains($0) ? "this one" : "the other")"
      }
      let pages = Set(ours.pages.keys).union(theirs.pages.keys).union(ours.unreadable)
        .union(theirs.unreadable)
      for page in pages.sorted()
      where ours.pages[page] != theirs.pages[page]
        || ours.unreadable.contains(page) != theirs.unreadable.contains(page)
      {
        let place = ours.stretches.first { $0.range.contains(page) }
        found.append(
          "\(pid): page \(String(page, radix: 16)) in \(place.map { "\($0)" } ?? "nothing"), "
            + "\(ours.holds(page)) here, \(theirs.holds(page)) there")
      }
    }
    return found
  }
}

extension RestoredMemory.Process {
  /// What a page holds, in a word.
  fileprivate func holds(_ page: UInt64) -> String {
    if unreadable.contains(page) { return "not readable" }
    return pages[page].map { String(UInt(bitPattern: $0), radix: 16) } ?? "zero"
  }

  /// Notes what a range holds.
  fileprivate mutating func take(
    _ memory: borrowing Descriptor, _ range: Range<UInt64>, _ masked: [Range<UInt64>]
  ) {
    // Not to be read in one go: perhaps page by page.
    let read = try? memory.read(upTo: range.count, at: Int64(bitPattern: range.lowerBound))
    guard var bytes = read, bytes.count == range.count else {
      guard range.count > 4096 else {
        unreadable.insert(range.lowerBound)
        return
      }
      for page in stride(from: range.lowerBound, to: range.upperBound, by: 4096) {
        take(memory, page..<page + 4096, masked)
      }
      return
    }
    for part in masked where part.overlaps(range) {
      let inside = part.clamped(to: range)
      for address in inside { bytes[Int(address - range.lowerBound)] = 0 }
    }
    bytes.withUnsafeBytes { buffer in
      for run in buffer.runs(ofBlocks: 4096) {
        for offset in stride(from: run.lowerBound, to: run.upperBound, by: 4096) {
          var hasher = Hasher()
          hasher.combine(bytes: UnsafeRawBufferPointer(rebasing: buffer[offset..<offset + 4096]))
          pages[range.lowerBound + UInt64(offset)] = hasher.finalize()
        }
      }
    }
  }
}
