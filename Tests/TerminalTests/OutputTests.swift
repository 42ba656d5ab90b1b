import Linux
import Terminal
import Testing

@Suite(.timeLimit(.minutes(1))) struct OutputTests {
  struct Result: Encodable {
    let path = "/var/lib/thaw"
    let name = "é"
    let count = 3
    var missing: String?
  }

  @Test func `results go to stdout, everything else to stderr`() throws {
    let recorder = try Recorder()
    let output = recorder.output()
    output.line("result")
    try output.result(Result(), "for people")
    output.note("a note")
    output.warning("careful")
    output.error("cannot thaw 'shop': no such checkpoint\nmake it with 'thaw freeze'")
    #expect(try recorder.resultText == "result\nfor people\n")
    #expect(
      try recorder.noteText == """
        a note
        warning: careful
        error: cannot thaw 'shop': no such checkpoint
        make it with 'thaw freeze'

        """)
    #expect(output.failure == nil)
  }

  @Test func `JSON lines have sorted keys and slashes as they are`() throws {
    let recorder = try Recorder()
    let output = recorder.output(json: true)
    output.line("result")
    output.table(Table([.init("A")]))
    try output.result(Result(), "for people")
    output.note("a note")
    output.error("it failed", code: "no-checkpoint")
    #expect(try recorder.resultText == #"{"count":3,"name":"é","path":"/var/lib/thaw"}"# + "\n")
    #expect(
      try recorder.noteText == """
        {"event":"note","message":"a note"}
        {"code":"no-checkpoint","event":"error","message":"it failed"}

        """)
  }

  @Test func `a number that JSON has not is an error`() throws {
    let output = try Recorder().output(json: true)
    #expect(throws: EncodingError.self) { try output.json(Double.infinity) }
  }

  @Test func `quiet leaves out notes and progress only`() throws {
    let recorder = try Recorder()
    let output = recorder.output(quiet: true)
    output.phase("Warm up") { _ in output.note("a note") }
    output.warning("careful")
    output.line("shop")
    #expect(try recorder.noteText == "warning: careful\n")
    #expect(try recorder.resultText == "shop\n")
  }

  @Test func `what could move the cursor is not passed on`() throws {
    let recorder = try Recorder()
    let output = recorder.output()
    output.error("CRIU says: \u{1B}[2Jboo\nsecond\tline")
    #expect(try recorder.noteText == "error: CRIU says: ?[2Jboo\nsecond\tline\n")
  }

  @Test func `the first error of writing a result is kept`() throws {
    let full = try Descriptor.open("/dev/full", .writeOnly)
    let pipe = try Pipe()
    let output = Output(
      environment: [:], results: BorrowedDescriptor(full.rawValue),
      notes: BorrowedDescriptor(pipe.writer.rawValue))
    output.line("result")
    output.line("more")
    #expect(output.failure == .noSpace)
  }

  @Test func `plain progress is a line at the start and one at the end`() throws {
    let recorder = try Recorder()
    let output = recorder.output()
    output.phase("Warm up", .count(of: 120, "queries")) { phase in
      for _ in 0..<120 { phase.advance(by: 1) }
      recorder.pass(.milliseconds(6_800))
    }
    let freeze = output.begin("Freeze")
    recorder.pass(.milliseconds(63))
    freeze.detail("pages-1.img")
    freeze.finish("144 MB")
    freeze.fail("has no effect any more")
    #expect(
      try recorder.noteText == """
        Warm up…
        Warm up: done in 6.8 s (120 queries)
        Freeze…
        Freeze: done in 63 ms (144 MB)

        """)
  }

  struct Failed: Error {}

  @Test func `a phase fails when its work throws, is dropped, or an error is told`() throws {
    let recorder = try Recorder()
    let output = recorder.output(environment: [:])
    #expect(throws: Failed.self) {
      try output.phase("One") { (phase) throws(Failed) in
        recorder.pass(.seconds(2))
        throw Failed()
      }
    }
    _ = output.begin("Two")
    let three = output.begin("Three")
    output.error("it broke")
    three.finish()
    #expect(
      try recorder.noteText == """
        One...
        One: failed after 2.0 s
        Two...
        Two: failed after 0.0 ms (not finished)
        Three...
        Three: failed after 0.0 ms
        error: it broke

        """)
  }

  @Test func `progress in JSON is one line an event, two a second at most`() throws {
    let recorder = try Recorder()
    let output = recorder.output(json: true)
    let phase = output.begin("Copy", .bytes(of: ByteCount(1000)))
    for step in 1...10 {
      recorder.pass(.milliseconds(125))
      phase.advance(to: step * 100)
    }
    phase.finish("all")
    #expect(
      try recorder.noteText == """
        {"done":0,"event":"phase started","fraction":0,\
        "phase":"Copy","seconds":0,"total":1000,"unit":"bytes"}
        {"done":400,"event":"phase progress","fraction":0.4,\
        "phase":"Copy","seconds":0.5,"total":1000,"unit":"bytes"}
        {"done":800,"event":"phase progress","fraction":0.8,\
        "phase":"Copy","seconds":1,"total":1000,"unit":"bytes"}
        {"done":1000,"event":"phase finished","fraction":1,\
        "phase":"Copy","result":"all","seconds":1.25,"total":1000,"unit":"bytes"}

        """)
  }

  @Test func `lines of many threads never mix`() async throws {
    let recorder = try Recorder()
    let output = recorder.output()
    await withTaskGroup { group in
      for number in 0..<8 {
        group.addTask {
          for index in 0..<50 {
            output.phase("Phase \(number).\(index)") { phase in
              phase.advance(by: 1)
              output.line("line \(number).\(index)")
            }
          }
        }
      }
    }
    let lines = try recorder.resultText.split(separator: "\n")
    #expect(Set(lines).count == 400 && lines.count == 400)
    #expect(lines.allSatisfy { $0.hasPrefix("line ") })
    let notes = try recorder.noteText.split(separator: "\n")
    #expect(notes.count == 800 && notes.allSatisfy { $0.hasPrefix("Phase ") })
  }
}
