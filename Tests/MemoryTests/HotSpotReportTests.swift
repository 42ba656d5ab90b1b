import Testing

@testable import Memory

/// What a JVM answered, shortened to the lines that tell of memory.
struct HotSpotAnswer: Sendable {
  var flags: String
  var info: String
  var metaspace: String

  /// Mappings that agree with all that is named.
  var maps: [LiveMapping] {
    (HotSpotReport(info).ranges + HotSpotReport.metaspaceNodes(metaspace)).compactMap {
      LiveMapping(parsing: "\(hex($0.start))-\(hex($0.end)) rw-p 00000000 00:00 0")
    }
  }

  /// What is made of it.
  func judged(maps: [LiveMapping]? = nil) -> HotSpotMemory {
    HotSpotMemory(info: info, metaspace: metaspace, flags: flags, maps: maps ?? self.maps)
  }
}

func hex(_ number: UInt64) -> String { String(number, radix: 16) }

/// The answers of JVMs, recorded, and what is made of them.
@Suite struct `What HotSpot JVMs answer` {
  /// Whose memory it is, and where: `Java heap f0000000-100000000`.
  private func named(_ memory: HotSpotMemory, _ kinds: KnownRange.Kind...) -> [String] {
    memory.ranges.filter { kinds.contains($0.kind) }.map { "\(hex($0.start))-\(hex($0.end))" }
  }

  @Test(arguments: [
    (HotSpotAnswers17.serial, 17, "serial gc"), (HotSpotAnswers17.parallel, 17, "parallel gc"),
    (HotSpotAnswers17.g1, 17, "g1 gc"), (HotSpotAnswers17.shenandoah, 17, "shenandoah gc"),
    (HotSpotAnswers21.serial, 21, "serial gc"), (HotSpotAnswers21.parallel, 21, "parallel gc"),
    (HotSpotAnswers21.g1, 21, "g1 gc"), (HotSpotAnswers21.shenandoah, 21, "shenandoah gc"),
    (HotSpotAnswers25.serial, 25, "serial gc"), (HotSpotAnswers25.parallel, 25, "parallel gc"),
    (HotSpotAnswers25.g1, 25, "g1 gc"), (HotSpotAnswers25.shenandoah, 25, "shenandoah gc"),
  ])
  func `the heap, the code cache, the metaspace and the archive are known for every collector`(
    answer: HotSpotAnswer, version: Int, collector: String
  ) {
    let memory = answer.judged()
    #expect(memory.version == version)
    #expect(memory.collector == collector)
    #expect(memory.reason == nil)
    #expect(named(memory, .javaHeap) == ["f0000000-100000000"])
    #expect(named(memory, .codeCache).count == 3)
    #expect(named(memory, .metaspace).count == 2)
    #expect(named(memory, .archive).count == 1)
    #expect(memory.ranges.count >= 7)
    let tables = ["serial gc": 1, "g1 gc": version == 17 ? 3 : 2, "shenandoah gc": 0]
    #expect(
      named(memory, .collector).count == tables[collector] ?? (version == 25 ? 2 : 3))
  }

  @Test func `addresses are those that the JVM told`() {
    let memory = HotSpotAnswers17.g1.judged()
    let info = HotSpotAnswers17.g1.info
    for range in memory.ranges where range.kind != .metaspace {
      // Both ends stand in the answer, with sixteen digits.
      for end in [range.start, range.end] {
        let digits = String(repeating: "0", count: 16 - hex(end).count) + hex(end)
        #expect(info.contains("0x\(digits)"), "\(range)")
      }
    }
  }

  @Test func `the heap of ZGC is not listed, all else is`() {
    for answer in [HotSpotAnswers17.zgc, HotSpotAnswers21.zgc, HotSpotAnswers25.zgc] {
      let memory = answer.judged()
      #expect(memory.collector == "z gc")
      #expect(named(memory, .javaHeap).isEmpty)
      #expect(named(memory, .codeCache).count == 3)
      #expect(named(memory, .metaspace).count == 2)
    }
  }

  @Test func `a collector that is not known keeps its heap to itself`() {
    #expect(named(HotSpotAnswers25.epsilon.judged(), .javaHeap).isEmpty)
    #expect(named(HotSpotAnswers25.epsilon.judged(), .codeCache).count == 3)
  }

  @Test func `a heap without compressed references is told by its collector`() {
    #expect(named(HotSpotAnswers25.wide.judged(), .javaHeap) == ["7fc31c600000-7fc32c600000"])
    #expect(named(HotSpotAnswers25.wide.judged(), .codeCache).count == 1)
    #expect(named(HotSpotAnswers17.unshared.judged(), .javaHeap).count == 1)
    #expect(named(HotSpotAnswers17.unshared.judged(), .archive).isEmpty)
    #expect(named(HotSpotAnswers21.wideClassPointers.judged(), .metaspace).count == 1)
  }

  @Test func `huge pages, NUMA and heaps in files are not listed`() {
    let memory = HotSpotAnswers17.hugePages.judged()
    #expect(memory.ranges.isEmpty)
    #expect(memory.reason?.contains("UseTransparentHugePages") == true)
    for flag in ["-XX:+UseNUMA", "-XX:+UseLargePages", "-XX:AllocateHeapAt=/mnt/pmem"] {
      var answer = HotSpotAnswers25.parallel
      answer.flags += " " + flag
      #expect(answer.judged().ranges.isEmpty, "\(flag)")
    }
    var switchedOff = HotSpotAnswers25.parallel
    switchedOff.flags += " -XX:-UseNUMA -XX:-UseTransparentHugePages"
    #expect(switchedOff.judged() == HotSpotAnswers25.parallel.judged())
    var told = HotSpotAnswers25.parallel
    told.info = told.info.replacing("NUMA Support: Disabled", with: "NUMA Support: Enabled")
    #expect(told.judged().ranges.isEmpty)
  }

  @Test(arguments: [
    "# Java VM: OpenJDK 64-Bit Server VM (11.0.20+8, mixed mode, g1 gc, linux-amd64)",
    "# Java VM: OpenJDK 64-Bit Server VM (26+1, mixed mode, g1 gc, linux-amd64)",
    "# Java VM: OpenJDK 64-Bit Server VM (21.0.1+1, mixed mode, g1 gc, linux-aarch64)",
    "# Java VM: Zing 64-Bit Tiered VM (21.0.1+1, mixed mode, g1 gc, linux-amd64)",
    "# Java VM: OpenJDK 64-Bit Server VM", "",
  ])
  func `versions and machines that were not looked into are not listed`(header: String) {
    var answer = HotSpotAnswers21.g1
    let old = answer.info.prefix { $0 != "\n" }
    answer.info = header + answer.info.dropFirst(old.count)
    let memory = answer.judged()
    #expect(memory.ranges.isEmpty)
    #expect(memory.reason != nil)
  }

  @Test func `vendors' names in the header do not matter`() {
    var answer = HotSpotAnswers17.g1
    let old = answer.info.prefix { $0 != "\n" }
    answer.info =
      "# Java VM: OpenJDK 64-Bit Server VM (Red_Hat-17.0.8.0.7-1) (17.0.8+7-LTS, mixed mode, g1 gc, "
      + "linux-amd64)" + answer.info.dropFirst(old.count)
    #expect(answer.judged().ranges == HotSpotAnswers17.g1.judged().ranges)
  }

  @Test func `text that a program slipped in is not believed`() {
    let line = "Card table byte_map: [0x0000000010000000,0x0000000020000000] _byte_map_base: 0x0"
    var behind = HotSpotAnswers17.g1
    behind.info += "\n\(line)\n"
    #expect(behind.judged() == HotSpotAnswers17.g1.judged())
    var twice = HotSpotAnswers17.g1
    twice.info += "\n---------------  P R O C E S S  ---------------\n\(line)\n"
    #expect(twice.judged().ranges.isEmpty)
  }

  @Test func `ranges that contradict each other or the mappings are dropped`() {
    let answer = HotSpotAnswers17.serial
    let whole = answer.judged()
    var overlapping = answer
    overlapping.metaspace +=
      "\n- node #1: base 0x00000000ff000000: reserved=65536.00 KB, committed=4.00 KB"
    let rest = overlapping.judged(maps: answer.maps)
    #expect(rest.ranges == whole.ranges.filter { $0.kind != .javaHeap })

    for line in [
      "f0000000-f0001000 rw-s 00000000 00:00 0", "f0000000-f0001000 rw-p 00000000 00:00 0  [heap]",
    ] {
      let other =
        answer.maps.filter { $0.start != 0xf000_0000 }
        + [LiveMapping(parsing: line)]
        .compactMap(\.self)
      #expect(named(answer.judged(maps: other), .javaHeap).isEmpty, "\(line)")
    }
    let file = LiveMapping(parsing: "\(hex(whole.ranges[2].start))-7fffffffffff rw-p 0 fe:00 7 /x")
    #expect(
      answer.judged(maps: [file].compactMap(\.self)).ranges.allSatisfy { $0.kind == .archive })
    #expect(answer.judged(maps: []).ranges.isEmpty)
  }

  @Test func `nothing that a JVM answers brings it down`() {
    var dice = SystemRandomNumberGenerator()
    for answer in [HotSpotAnswers17.g1, HotSpotAnswers21.parallel, HotSpotAnswers25.shenandoah] {
      let maps = answer.maps
      for _ in 0..<200 {
        var damaged = answer
        var bytes = Array(damaged.info.utf8)
        for _ in 0..<8 {
          let place = Int.random(in: 0..<bytes.count, using: &dice)
          switch Int.random(in: 0..<3, using: &dice) {
          case 0: bytes[place] = UInt8.random(in: 0...255, using: &dice)
          case 1: bytes.remove(at: place)
          default: bytes.insert(contentsOf: Array("0x[,)-\n".utf8), at: place)
          }
        }
        damaged.info = String(decoding: bytes, as: UTF8.self)
        for range in damaged.judged(maps: maps).ranges {
          #expect(range.start < range.end && range.start % 4096 == 0 && range.end % 4096 == 0)
        }
      }
    }
  }

  @Test func `an answer has a status before its text`() throws {
    func text(_ answer: String) throws -> String {
      try HotSpot.text(of: Array(answer.utf8), command: "VM.version", pid: 7)
    }
    #expect(try text("0\nJDK 21\n") == "JDK 21\n")
    #expect(try text("0\n").isEmpty)
    #expect(throws: HotSpotError.self) { try text("100\nno such command\n") }
    for strange in ["", "0", "x\n", "HTTP/1.1 200 OK\r\n"] {
      #expect(throws: HotSpotError.self) { try text(strange) }
    }
  }

  @Test func `options that forbid to attach are found, the last word counts`() {
    #expect(HotSpot.forbidding(["java", "-Xmx1g", "Main"]) == nil)
    #expect(HotSpot.forbidding(["-XX:+DisableAttachMechanism"]) != nil)
    #expect(HotSpot.forbidding(["-Xmx1g -Xrs"]) == "-Xrs")
    let takenBack = ["-XX:+DisableAttachMechanism", "-XX:-DisableAttachMechanism"]
    #expect(HotSpot.forbidding(takenBack) == nil)
    #expect(HotSpot.forbidding(takenBack.reversed()) != nil)
  }
}
