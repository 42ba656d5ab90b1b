import CLinux

/// Which pages of a process are in its page table, and of what kind they are: `/proc/PID/pagemap`.
///
/// It sees what the process had touched at the moment of the call, and a process that runs goes on
/// touching. It needs the right to look into the process (PTRACE_MODE_READ), which the same user
/// with no fewer capabilities has, and no capability of its own. It asks by the `ioctl`
/// PAGEMAP_SCAN where the kernel has it (Linux 6.7), and otherwise reads eight bytes for each page.
public struct PageTable: ~Copyable, Sendable {
  /// What pages are looked for.
  public enum Pages: Sendable, CaseIterable {
    /// All that can be read without a fault.
    case present
    /// The process's own, be they in memory or on the swap device: of anonymous memory, and
    /// the copies that it made of pages of a private file mapping by writing them.
    ///
    /// The kernel's page of zeros, which stands for anonymous memory that was only read, is none;
    /// before Linux 6.7 it cannot be told apart and counts.
    case anonymous
    /// Pages of files that are in memory, and of shared memory.
    case file
  }

  private let descriptor: Descriptor

  /// Opens the page table of a process.
  ///
  /// - Throws: `.noEntry` if there is no such process, `.access` if it is not to be looked into.
  public init(of process: Int32) throws(Errno) {
    descriptor = try Descriptor.open(Path("/proc/\(process)/pagemap"), .readOnly)
  }

  /// Finds pages.
  ///
  /// - Parameters:
  ///   - pages: of what kind.
  ///   - range: among which addresses; pages that it has only in part are looked at as well, and
  ///     what lies above the addresses of processes, such as `[vsyscall]`, is left out.
  /// - Returns: ranges of whole pages in ascending order, none next to another; empty also when the
  ///   process has ended.
  /// - Throws: what the kernel tells.
  public borrowing func ranges(
    of pages: Pages, in range: Range<UInt64>
  ) throws(Errno) -> [Range<UInt64>] {
    let range = PageTable.rounded(range)
    if range.isEmpty { return [] }
    do throws(Errno) {
      return try scan(for: pages, in: range)
    } catch {
      // ENOTTY: an older kernel.
      guard error == .notTerminal else { throw error }
    }
    return try read(for: pages, in: range)
  }

  private static func rounded(_ range: Range<UInt64>) -> Range<UInt64> {
    let page = UInt64(Host.pageSize)
    #if arch(x86_64)
      // The last page below the kernel's half is never a process's.
      let highest = (1 << 47) - page
    #else
      let highest: UInt64 = 1 << 48
    #endif
    let start = min(range.lowerBound, highest) / page * page
    let end = (min(range.upperBound, highest) + page - 1) / page * page
    return start..<(range.isEmpty ? start : end)
  }

  private func scan(for pages: Pages, in range: Range<UInt64>) throws(Errno) -> [Range<UInt64>] {
    let (file, present) = (UInt64(CLINUX_PAGE_FILE), UInt64(CLINUX_PAGE_PRESENT))
    let zero = UInt64(CLINUX_PAGE_ZERO)
    var scan = clinux_page_scan()
    switch pages {
    case .present: scan.needed = present
    case .anonymous:
      scan.inverted = file | zero
      scan.needed = file | zero
      scan.any = present | UInt64(CLINUX_PAGE_SWAPPED)
    case .file: scan.needed = file | present
    }
    var found = Ranges()
    var buffer = [clinux_page_range](repeating: clinux_page_range(), count: 4096)
    scan.start = range.lowerBound
    scan.end = range.upperBound
    while scan.start < scan.end {
      let count = try checked(
        clinux_scan_pages(descriptor.rawValue, &scan, &buffer, CInt(buffer.count)))
      for one in buffer[..<Int(count)] { found.append(one.start..<one.end) }
      guard scan.stopped_at > scan.start else { break }
      scan.start = scan.stopped_at
    }
    return found.all
  }

  /// Reads the entries of all pages: what is done where the kernel cannot look for them.
  package borrowing func read(
    for pages: Pages, in range: Range<UInt64>
  ) throws(Errno) -> [Range<UInt64>] {
    let (file, swapped, present) = (1 << 61 as UInt64, 1 << 62 as UInt64, 1 << 63 as UInt64)
    let (mask, wanted): (UInt64, [UInt64]) =
      switch pages {
      case .present: (present, [present])
      case .anonymous: (file | swapped | present, [present, swapped])
      case .file: (file | present, [file | present])
      }
    let page = UInt64(Host.pageSize)
    var found = Ranges()
    var entries = [UInt64](repeating: 0, count: 32_768)
    var address = PageTable.rounded(range).lowerBound
    let end = PageTable.rounded(range).upperBound
    while address < end {
      let most = min(Int(clamping: (end - address) / page), entries.count)
      let offset = Int64(clamping: address / page * 8)
      var span = entries.mutableSpan
      let count = try descriptor.read(into: &span, upTo: most * 8, at: offset) / 8
      // The process has ended, or there are no such addresses.
      if count == 0 { break }
      for index in 0..<count where wanted.contains(entries[index] & mask) {
        let start = address + UInt64(index) * page
        found.append(start..<start + page)
      }
      address += UInt64(count) * page
    }
    return found.all
  }
}

/// Ranges that come in ascending order, those that touch joined.
private struct Ranges {
  var all: [Range<UInt64>] = []

  mutating func append(_ range: Range<UInt64>) {
    if let last = all.last, last.upperBound == range.lowerBound {
      all[all.count - 1] = last.lowerBound..<range.upperBound
    } else {
      all.append(range)
    }
  }
}
