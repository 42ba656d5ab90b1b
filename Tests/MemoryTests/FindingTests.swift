import FoundationEssentials
import Linux
import Memory
import Testing

@Suite struct `Findings` {
  private static func report() throws -> MemoryReport {
    let json = """
      {"findings":[],"processes":[{"pid":1001,"known":[],"written":[],"mappings":[{"start":1048576,\
      "end":2097152,"protection":"rw-p","name":"","placement":"mapped","reason":"Java heap",\
      "mapped":4096,"copied":0}]}]}
      """
    return try JSONDecoder().decode(MemoryReport.self, from: Data(json.utf8))
  }

  @Test(
    arguments: [
      (.madvise(address: 0x10_0000, length: 4096, advice: 4), "madvise(MADV_DONTNEED)"),
      (.madvise(address: 0x0f_f000, length: 8192, advice: 8), "madvise(MADV_FREE)"),
      (
        .mremap(address: 0x1f_f000, length: 4096, newLength: 8192, flags: 1, newAddress: 0),
        "mremap"
      ),
      (
        .mremap(
          address: 0x90_0000, length: 4096, newLength: 4096, flags: 3, newAddress: 0x10_0000),
        "mremap"
      ),
    ] as [(WatchedCall.Kind, String)])
  func `a call that a file answers otherwise is one`(
    call: WatchedCall.Kind, name: String
  ) throws {
    let found = Finding.all(
      in: [WatchedCall(process: 1001, thread: 1002, kind: call)], of: try Self.report())
    #expect(found.map(\.call) == [name])
    #expect(found.map(\.pid) == [1001])
  }

  @Test(
    arguments: [
      .madvise(address: 0x20_0000, length: 4096, advice: 4),
      .madvise(address: 0x10_0000, length: 4096, advice: 14),
      .madvise(address: 0x10_0000, length: 4096, advice: 23),
      .mremap(address: 0x20_0000, length: 4096, newLength: 8192, flags: 1, newAddress: 0),
      .brk(address: 0),
    ] as [WatchedCall.Kind])
  func `a call elsewhere, or one that changes nothing, is none`(call: WatchedCall.Kind) throws {
    let calls = [WatchedCall(process: 1001, thread: 1001, kind: call)]
    #expect(Finding.all(in: calls, of: try Self.report()).isEmpty)
  }

  @Test func `the call of an unknown process counts for all, and each is told once`() throws {
    let call = WatchedCall(
      process: 4711, thread: 4711, kind: .madvise(address: 0x10_0000, length: 1, advice: 4))
    #expect(Finding.all(in: [call, call], of: try Self.report()).count == 1)
  }
}
