import CRIU
import Linux
import Memory
import TestBed
import Testing

/// A dump of one process, made by hand: a heap that is known, memory that is not, a page of zeros.
private struct Dump: ~Copyable {
  static let page: UInt64 = 4096
  static let heap: Range<UInt64> = 0x10_0000..<0x10_8000
  static let other: Range<UInt64> = 0x20_0000..<0x20_2000
  let folder: TemporaryDirectory

  init() throws {
    let folder = try TemporaryDirectory()
    let path = folder.path / "dump"
    try FileSystem.makeDirectory(path, mode: 0o700)
    let images = try ImageDirectory(path)
    var tree = Message(.pstreeEntry)
    for (field, number) in [("pid", 1001), ("ppid", 0), ("pgid", 1001), ("sid", 1001)] {
      tree.set(field, number: number)
    }
    tree.set("threads", numbers: [1001])
    try images.write(ImageFile(.pstree, messages: [tree]), named: "pstree.img")
    try images.write(ImageFile(.files), named: "files.img")
    var entry = Message(.mmEntry)
    for field in [
      "mm_start_code", "mm_end_code", "mm_start_data", "mm_end_data", "mm_start_stack",
      "mm_start_brk", "mm_brk", "mm_arg_start", "mm_arg_end", "mm_env_start", "mm_env_end",
      "exe_file_id",
    ] { entry.set(field, number: 0) }
    var map = MemoryMap(entry)
    map.mappings = [Self.heap, Self.other].map { range in
      var mapping = Mapping(Message(.vmaEntry))
      (mapping.start, mapping.end) = (range.lowerBound, range.upperBound)
      mapping.fileOffset = 0
      mapping.file = 0
      mapping.protection = [.read, .write]
      mapping.flags = [.private, .anonymous]
      mapping.status = [.regular, .anonymousPrivate]
      mapping.descriptor = -1
      return mapping
    }
    try images.write(ImageFile(.mm, messages: [map.message]), named: "mm-1001.img")
    // The heap's pages 0, 1 (zeros), 2 and 5, and the first of the other memory.
    let runs = [
      Pagemap.Run(address: 0x10_0000, pageCount: 3, flags: [.present, .lazy]),
      Pagemap.Run(address: 0x10_5000, pageCount: 1, flags: [.present, .lazy]),
      Pagemap.Run(address: 0x20_0000, pageCount: 1, flags: [.present, .lazy]),
    ]
    try images.write(Pagemap(pagesID: 1, runs: runs).image, named: "pagemap-1001.img")
    try FileSystem.writeFile(
      path / "pages-1.img", [1, 0, 2, 5, 9].flatMap { [UInt8](repeating: $0, count: 4096) })
    self.folder = folder
  }

  var snapshot: Snapshot { get throws { try Snapshot(path: folder.path / "dump") } }

  static let classifier = Classifier(
    known: [1001: [KnownRange(.javaHeap, from: 0x10_0000, to: 0x40_0000 - 0x20_0000)]])

  /// All memory of a snapshot, page by page.
  static func bytes(_ snapshot: Snapshot) throws -> [[UInt8]?] {
    try [heap, other].flatMap { range in
      try stride(from: range.lowerBound, to: range.upperBound, by: Int(page)).map {
        try snapshot.read(pid: 1001, address: $0, count: Int(page))
      }
    }
  }
}

@Suite struct `Rewriting memory` {
  private func rewritten(
    _ dump: borrowing Dump, _ name: String, copied: [Int32: Pages] = [:], exactly: Bool = false
  ) throws -> (snapshot: Snapshot, result: Rewriting.Result) {
    let images = dump.folder.path / name
    try FileSystem.makeDirectory(images, mode: 0o700)
    var rewriting = Rewriting(try dump.snapshot, Dump.classifier, copied: copied)
    rewriting.readsExactly = exactly
    let memory = dump.folder.path / "\(name).memory"
    let result = try rewriting.write(images: images, memory: memory)
    return (try Snapshot(path: images, memory: memory), result)
  }

  @Test func `known memory goes into one file, the rest stays with CRIU, no byte differs`() throws {
    let dump = try Dump()
    let (snapshot, result) = try rewritten(dump, "mapped")
    #expect(result.mapped == ByteCount(UInt64(3 * 4096)))
    #expect(result.copied == ByteCount(UInt64(4096)))
    let mapping = try #require(snapshot.processes.first?.map.mappings.first)
    #expect(mapping.status == [.regular, .filePrivate])
    #expect(mapping.flags == [.private])
    #expect(mapping.advice == 0)
    #expect(try Dump.bytes(snapshot) == Dump.bytes(dump.snapshot))
    let file = dump.folder.path / "mapped.memory"
    #expect(try FileSystem.status(file).mode == 0o400)
    #expect(try FileSystem.status(file).size == Int64(result.length))
  }

  @Test func `pages that are written at once are copied, and holes of the file`() throws {
    let dump = try Dump()
    let written = [Int32(1001): Pages([0x10_1000..<0x10_3000])]
    let (snapshot, result) = try rewritten(dump, "trained", copied: written)
    #expect(result.mapped == ByteCount(UInt64(2 * 4096)))
    #expect(result.copied == ByteCount(UInt64(3 * 4096)))
    #expect(try Dump.bytes(snapshot) == Dump.bytes(dump.snapshot))
  }

  @Test func `rewritten again with nothing mapped it is what CRIU dumped`() throws {
    let dump = try Dump()
    let (snapshot, _) = try rewritten(dump, "mapped", exactly: true)
    let images = dump.folder.path / "plain"
    try FileSystem.makeDirectory(images, mode: 0o700)
    let result = try Rewriting(snapshot, Classifier(copiesAll: "exported")).write(
      images: images, memory: dump.folder.path / "none")
    #expect(result.length == 0)
    #expect(!FileSystem.exists(dump.folder.path / "none"))
    let plain = try Snapshot(path: images)
    #expect(plain.processes.first?.map == (try dump.snapshot.processes.first?.map))
    #expect(try ImageDirectory(images).files().isEmpty)
    #expect(try Dump.bytes(plain) == Dump.bytes(dump.snapshot))
  }

  @Test func `for a trial that must be exact the kernel is told to read single pages`() throws {
    let dump = try Dump()
    let (snapshot, _) = try rewritten(dump, "exact", exactly: true)
    let mapping = try #require(snapshot.processes.first?.map.mappings.first)
    #expect(mapping.advice == 1 << 1)
    // Our own advice is no obstacle to mapping it again.
    #expect(
      Dump.classifier.placements(of: try #require(snapshot.processes.first), in: snapshot)
        == [.mapped(.javaHeap), .copied("owner not known")])
  }

  @Test func `a finding, advice, a lock or a growing heap keeps memory from being mapped`() throws {
    let dump = try Dump()
    let snapshot = try dump.snapshot
    var process = try #require(snapshot.processes.first)
    var classifier = Dump.classifier
    classifier.findings = [
      Finding(pid: 1001, start: 0x10_7000, end: 0x10_9000, call: "madvise(MADV_DONTNEED)")
    ]
    #expect(
      classifier.placements(of: process, in: snapshot).first
        == .copied("madvise(MADV_DONTNEED) in the trial"))
    var mappings = process.map.mappings
    mappings[0].advice = 1 << 18
    process.map.mappings = mappings
    #expect(
      Dump.classifier.placements(of: process, in: snapshot).first
        == .copied("carries advice (MADV_WIPEONFORK)"))
    mappings[0].advice = 0
    mappings[0].flags = [.private, .anonymous, .locked]
    process.map.mappings = mappings
    #expect(Dump.classifier.placements(of: process, in: snapshot).first == .copied("locked"))
  }

  @Test func `a pages file that is cut short is told, and nothing is made of it`() throws {
    let dump = try Dump()
    let pages = try Descriptor.open(dump.folder.path / "dump/pages-1.img", .readWrite)
    try pages.truncate(to: 4 * 4096)
    let error = #expect(throws: MemoryError.self) { try rewritten(dump, "short") }
    #expect(try #require(error).code == .damaged)
    #expect("\(try #require(error))".contains("it ends before byte"))
  }
}
