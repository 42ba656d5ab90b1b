import Lifecycle
import Linux
import TestBed
import Testing

@Suite("A server's output", .timeLimit(.minutes(1)))
struct ServerPipesTests {
  @Test
  func `what is written before the end is copied, to the stream where it belongs`() async throws {
    let result = await #expect(
      processExitsWith: .success, observing: [\.standardOutputContent, \.standardErrorContent]
    ) {
      let pipes = try ServerPipes()
      let pump = try LogPump(pipes)
      try pipes.output.writer.writeAll(Array("to the output\n".utf8))
      try pipes.errors.writer.writeAll(Array("to the errors\n".utf8))
      pump.finish()
    }
    let output = String(decoding: result?.standardOutputContent ?? [], as: UTF8.self)
    let errors = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(output.contains("to the output\n") && !output.contains("to the errors"))
    #expect(errors.contains("to the errors\n") && !errors.contains("to the output"))
  }

  @Test
  func `more than a pipe holds is copied while it is written`() async throws {
    let result = await #expect(processExitsWith: .success, observing: [\.standardOutputContent]) {
      let pipes = try ServerPipes()
      let pump = try LogPump(pipes)
      let line = Array((String(repeating: "x", count: 999) + "\n").utf8)
      for _ in 0..<1000 { try pipes.output.writer.writeAll(line) }
      pump.finish()
    }
    #expect((result?.standardOutputContent.count ?? 0) >= 1_000_000)
  }
}
