import CRIU
import Linux
import TestBed
import Testing

@testable import Memory

/// Real JVMs of all versions and collectors that are at hand, and how much of them is known.
@Suite(
  .serialized, .timeLimit(.minutes(10)), .compiledProgram,
  .enabled(if: LiveJVM.isPossible, "needs root and a JDK (java, javac)"))
struct HotSpotMemoryTests {
  private static let collectors = ["Serial", "Parallel", "G1", "Shenandoah"]

  /// Further options, one set for each JVM.
  private static let special: [[String]] = [
    ["-XX:+UseG1GC", "-XX:-UseCompressedOops"],
    ["-XX:+UseSerialGC", "-XX:-UseCompressedClassPointers"],
    ["-XX:+UseParallelGC", "-Xshare:off", "-XX:TieredStopAtLevel=1"],
    ["-XX:+UseShenandoahGC", "-Xmx40g"],
    ["-XX:+UseSerialGC", "-Xms1g", "-XX:+AlwaysPreTouch"],
  ]

  @Test(arguments: LiveJVM.Kit.all, collectors)
  func `most of a JVM is known`(kit: LiveJVM.Kit, collector: String) throws {
    try check(kit, ["-XX:+Use\(collector)GC", "-Xmx256m"], collector)
  }

  @Test(arguments: LiveJVM.Kit.all)
  func `most of a JVM with other options is known`(kit: LiveJVM.Kit) throws {
    let generational = [
      "-XX:+UseShenandoahGC", "-XX:ShenandoahGCMode=generational", "-XX:+UseCompactObjectHeaders",
    ]
    for options in Self.special {
      try check(kit, options, options.joined(separator: " "))
    }
    // It has larger tables beside its heap, whose addresses it does not tell: they are copied.
    if kit.version >= 25 {
      try check(kit, generational, generational.joined(separator: " "), knowing: 60)
    }
  }

  /// Starts a JVM, asks it, holds every range against its mappings, and prints the share.
  private func check(
    _ kit: LiveJVM.Kit, _ options: [String], _ name: String, knowing least: UInt64 = 80
  ) throws {
    let jvm = try LiveJVM(kit, options)
    defer { try? jvm.end() }
    let began = Clock.monotonic()
    let memory = try #require(try HotSpotMemory.of(jvm.pid, deadline: .after(.seconds(20))))
    let asked = Clock.monotonic() - began
    #expect(memory.reason == nil)
    #expect(memory.version == kit.version)
    let maps = try LiveMapping.all(of: jvm.pid)
    for range in memory.ranges {
      let parts = maps.filter { $0.overlaps(range) }
      #expect(!parts.isEmpty, "\(range): nothing is mapped")
      #expect(parts.allSatisfy { $0.isPrivate }, "\(range)")
      if range.kind != .javaHeap && range.kind != .archive {
        #expect(parts.allSatisfy { $0.isAnonymous }, "\(range): \(parts)")
      }
    }
    #expect(memory.ranges.count { $0.kind == .javaHeap } == 1)
    let live = try LiveMemory(of: jvm.pid)
    let arenas = MallocArenas.ranges(in: live.map) { live.read($0, $1) }
    let own = try live.covered(by: memory.ranges)
    let all = try live.covered(by: memory.ranges + arenas)
    let percent = all.covered * 100 / max(all.all, 1)
    print(
      "JDK \(kit.version) \(name): \(own.covered * 100 / max(own.all, 1)) % known by the JVM,",
      "\(percent) % (\(all.whole * 100 / max(all.all, 1)) % in whole mappings) with \(arenas.count) heaps of malloc, of \(all.all >> 20) MiB;",
      "asked in \(asked)")
    #expect(percent > least)
    #expect(!arenas.isEmpty)
  }

  @Test(arguments: LiveJVM.Kit.all)
  func `the heap of ZGC is not listed`(kit: LiveJVM.Kit) throws {
    let jvm = try LiveJVM(kit, ["-XX:+UseZGC", "-Xmx256m"])
    defer { try? jvm.end() }
    let ranges = try HotSpotMemory.ranges(of: jvm.pid, deadline: .after(.seconds(20)))
    #expect(!ranges.contains { $0.kind == .javaHeap })
    #expect(ranges.contains { $0.kind == .codeCache })
    let shared = try LiveMapping.all(of: jvm.pid).filter { !$0.isPrivate }
    for range in ranges { #expect(!shared.contains { $0.overlaps(range) }) }
  }

  @Test(
    .enabled(
      if: FileSystem.exists("/sys/kernel/mm/transparent_hugepage/enabled"),
      "needs a kernel with transparent huge pages"), arguments: LiveJVM.Kit.all)
  func `a JVM with huge pages is not listed`(kit: LiveJVM.Kit) throws {
    let jvm = try LiveJVM(kit, ["-XX:+UseTransparentHugePages", "-Xmx256m"])
    defer { try? jvm.end() }
    let memory = try #require(try HotSpotMemory.of(jvm.pid, deadline: .after(.seconds(20))))
    #expect(memory.ranges.isEmpty)
    #expect(memory.reason?.contains("HugePages") == true)
  }
}
