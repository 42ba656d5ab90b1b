package import Linux

/// What a HotSpot JVM says about its own memory: which of it bears being mapped from a file.
///
/// Nothing is guessed: a range is here because the JVM named both of its ends in its answers to
/// `VM.info` and `VM.metaspace`, and because `/proc/PID/maps` does not speak against it. What it
/// does not name (block offset tables, Shenandoah's marking bits, the collectors' own queues) is
/// not known, and is copied.
///
/// Why each kind bears it. A private file mapping differs from anonymous memory in that MADV_DONTNEED
/// and MADV_FREE bring old content back, and `mremap` grows into the file. HotSpot (`os_linux.cpp`)
/// gives memory back by mapping PROT_NONE anew over it (`pd_uncommit_memory`: MAP_FIXED, anonymous)
/// and takes it by mapping anew as well (`pd_commit_memory`), so what it commits is zero whatever
/// lay there before. libjvm of JDK 17, 21 and 25 has no `mremap`, and its calls of `madvise` are
/// (read from the binaries):
///
/// - MADV_HUGEPAGE, in `pd_realign_memory` and at commits, with transparent huge pages: on a file
///   without effect; a JVM with large pages of any kind is not listed all the same.
/// - MADV_POPULATE_WRITE, in `pd_pretouch_memory` (21, 25): changes no content.
/// - MADV_DONTNEED, in 25, in `pd_disclaim_memory`, which only Parallel GC's spaces for NUMA call:
///   a JVM with `-XX:+UseNUMA` is not listed.
///
/// And by kind:
///
/// - Java heap: Serial, Parallel, G1 and Shenandoah grow, shrink and uncommit regions in the two
///   ways above. A discarded region is not read before it was committed or filled again. ZGC's heap
///   is shared memory and not listed; nor is one on another device (`AllocateHeapAt`).
/// - Metaspace: granules of 64 KiB are committed and uncommitted in the same ways.
/// - Code cache: only grows; freed code stays committed.
/// - Collector's tables: committed with their part of the heap; cleared by writing.
/// - Class-data archive: mapped once, and only changed by writing.
///
/// Known by source and by trial for JDK 17 to 25 on x86-64, so others are not listed.
package struct HotSpotMemory: Sendable, Hashable {
  /// The versions whose memory is known.
  package static let knownVersions = 17...25

  /// What bears being mapped, in ascending order, without overlaps.
  package var ranges: [KnownRange]
  /// The feature version, such as 21; nil if the JVM did not tell one.
  package var version: Int?
  /// The collector as the JVM calls it: `serial gc`, `g1 gc`.
  package var collector: String?
  /// Why nothing is listed.
  package var reason: String?

  /// Asks a process; nil if it is no HotSpot JVM.
  ///
  /// Blocks for some milliseconds: the JVM is attached to if it was not before, and stops its Java
  /// threads for a moment to describe its metaspace. It must be asked by its own user or by root.
  ///
  /// What it tells is true until it unloads classes or ends: ask, then dump.
  package static func of(
    _ pid: Int32, deadline: Deadline
  ) throws(HotSpotError) -> HotSpotMemory? {
    guard let jvm = HotSpot(pid: pid) else { return nil }
    let flags = try jvm.ask("VM.flags", deadline: deadline)
    let info = try jvm.ask("VM.info", deadline: deadline)
    let metaspace = try jvm.ask("VM.metaspace vslist", deadline: deadline)
    do throws(Errno) {
      return HotSpotMemory(
        info: info, metaspace: metaspace, flags: flags, maps: try LiveMapping.all(of: pid))
    } catch {
      throw HotSpotError(error, pid: pid, trying: "reading its mappings")
    }
  }

  /// The known ranges of a process; none for one that is no HotSpot JVM, or a JVM that is not
  /// listed.
  ///
  /// See ``of(_:deadline:)``.
  package static func ranges(
    of pid: Int32, deadline: Deadline
  ) throws(HotSpotError) -> [KnownRange] {
    try of(pid, deadline: deadline)?.ranges ?? []
  }

  /// Judges the JVM's answers.
  init(info: String, metaspace: String, flags: String, maps: [LiveMapping]) {
    let report = HotSpotReport(info)
    version = report.version
    collector = report.collector
    ranges = []
    reason = Self.objection(report, flags: HotSpotFlags(flags))
    guard reason == nil else { return }
    let named = report.ranges + HotSpotReport.metaspaceNodes(metaspace)
    ranges = Self.apart(named.compactMap(Self.wholePages)).filter { Self.agree(maps, with: $0) }
  }

  /// Why a JVM is not listed; nil if it is.
  private static func objection(_ report: HotSpotReport, flags: HotSpotFlags) -> String? {
    guard let version = report.version else {
      return "it is no HotSpot JVM for x86-64 that is known"
    }
    guard knownVersions.contains(version) else {
      return "JDK \(version) is not among the versions whose memory is known, "
        + "\(knownVersions.lowerBound) to \(knownVersions.upperBound)"
    }
    if let flag = flags.objectionable { return "\(flag): its memory is managed in another way" }
    if let line = report.objectionable { return "\(line): its memory is managed in another way" }
    return nil
  }

  /// A range without the parts of pages at its ends; nil if nothing is left, or if it is no memory
  /// of a program.
  private static func wholePages(_ range: KnownRange) -> KnownRange? {
    let page: UInt64 = 4096
    guard range.start > 0, range.end < 1 << 56 else { return nil }
    let start = (range.start + page - 1) & ~(page - 1)
    let end = range.end & ~(page - 1)
    return start < end ? KnownRange(range.kind, from: start, to: end) : nil
  }

  /// The ranges in order, each once; those that overlap others contradict each other and go.
  private static func apart(_ ranges: [KnownRange]) -> [KnownRange] {
    let sorted = Set(ranges).sorted { ($0.start, $0.end) < ($1.start, $1.end) }
    return sorted.filter { one in
      !sorted.contains { $0 != one && $0.start < one.end && one.start < $0.end }
    }
  }

  /// Whether a range is what its kind may be: private memory without a file; for objects and
  /// archives also private mappings of an archive.
  private static func agree(_ maps: [LiveMapping], with range: KnownRange) -> Bool {
    let parts = maps.filter { $0.overlaps(range) }
    let mayHaveFile = range.kind == .archive || range.kind == .javaHeap
    return !parts.isEmpty
      && parts.allSatisfy {
        $0.isPrivate
          && ($0.isAnonymous || $0.isMemoryFile || mayHaveFile && $0.name.hasPrefix("/"))
      }
  }
}
